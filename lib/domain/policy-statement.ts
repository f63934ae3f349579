/** One statement of a bucket policy, as JSON. */
export interface PolicyStatementJson {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Principal: { readonly AWS: '*' };
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: PolicyCondition;
}

export type PolicyCondition = Readonly<Record<string, Readonly<Record<string, string | number | readonly string[]>>>>;

/** What a statement denies, apart from where. */
export interface Denial {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly condition?: PolicyCondition;
}

export type StatementResource = Pick<PolicyStatementJson, 'Resource'> | Pick<PolicyStatementJson, 'NotResource'>;

export function denyStatement({ sid, actions, condition }: Denial, resource: StatementResource): PolicyStatementJson {
  return { Sid: sid, Effect: 'Deny', Principal: { AWS: '*' }, Action: actions, ...resource, ...(condition && { Condition: condition }) };
}

/**
 * Everybody but these. Of a session, `aws:PrincipalArn` is the ARN of its role; AWS services have none, so they are never among
 * them. The account's root user is bound like any other, but can always delete the policy.
 */
export function exceptBy(principalArns: readonly string[]): PolicyCondition {
  return { ArnNotEquals: { 'aws:PrincipalArn': principalArns } };
}

/** Largest bucket policy, in bytes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html */
export const MAX_POLICY_BYTES = 20 * 1024;
