import type { Resource } from '../engine/deployed-stack';
import type { KeyHalf } from '../matrix/upload-case';
import { inContext } from './encryption-context';
import { type Home, renderedResourcePolicy } from './rendered';
import { type Policy, simulate } from './simulate';

/** What decides who may use a key: the deployed stack, and the keys beside it. */
export interface KeyWorld {
  readonly home: Home;
  readonly resources: readonly Resource[];
  /** Of keys of other stacks, by their ARNs. */
  readonly keyPolicies?: Readonly<Record<string, Policy>>;
}

/** One request to KMS: through S3, in the name of whoever asks S3, or by hand. */
export interface KeyRequest {
  /** ARN of the role. */
  readonly principal: string;
  readonly identityPolicies: readonly Policy[];
  readonly action: string;
  readonly keyArn: string;
  /** ARN of the object; absent where KMS is asked by hand. */
  readonly object?: string | undefined;
}

/** What KMS answers on AWS, and the statements that decide it. */
export interface KeyAnswer {
  readonly answer: 'Allowed' | 'Denied';
  /** Sid of the statement of the key's policy that lets it, or its place; null: none does. */
  readonly keyStatement: string | null;
  /** Of the IAM policies of who asks. */
  readonly iamStatement: string | null;
}

/** Both halves of a permission, evaluated offline: the policy of the key, and the IAM policies of who asks. */
export async function askKey(request: KeyRequest, world: KeyWorld): Promise<KeyAnswer> {
  const { principal, action, keyArn, object, identityPolicies } = request;
  const throughS3 = object !== undefined && { 'kms:ViaService': `s3.${world.home.region}.amazonaws.com` };
  const ask = (encryptionContext: string | undefined) =>
    simulate({
      principal,
      action,
      resource: keyArn,
      account: accountIn(keyArn),
      context: { 'kms:CallerAccount': accountIn(principal), ...throughS3 },
      identityPolicies: identityPolicies.map((policy) => inContext(policy, encryptionContext)),
      resourcePolicy: inContext(keyPolicyOf(keyArn, world), encryptionContext),
    });
  const decisions = await Promise.all(contextsOf(object).map(ask));
  return {
    answer: decisions.every(({ allowed }) => allowed) ? 'Allowed' : 'Denied',
    keyStatement: alwaysIn(decisions.map(({ allowedBy }) => allowedBy.resource)),
    iamStatement: alwaysIn(decisions.map(({ allowedBy }) => allowedBy.identity)),
  };
}

/** The CDK's grants have no Sids: their statements are told by their place. */
function alwaysIn([first = [], ...others]: readonly (readonly string[])[]): string | null {
  const names = first
    .filter((sid) => others.every((sids) => sids.includes(sid)))
    .map((sid) => (/^\d+$/.test(sid) ? `statement ${sid}` : sid));
  return names.join(', ') || null;
}

/**
 * S3 states the object, or with an S3 Bucket Key the bucket (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html): both must
 * be let. By hand, nothing need be stated.
 */
function contextsOf(object: string | undefined): (string | undefined)[] {
  return object === undefined ? [undefined] : [object, object.replace(/\/.*$/s, '')];
}

/** The halves that are there. */
export function halvesOf({ keyStatement, iamStatement }: KeyAnswer): KeyHalf[] {
  return [...(keyStatement === null ? [] : ['key policy' as const]), ...(iamStatement === null ? [] : ['IAM policy' as const])];
}

/** In words: what KMS answers, and for want of which half. */
export function keyText(halves: readonly KeyHalf[], answer = halves.length === 2 ? 'Allowed' : 'Denied'): string {
  const [half] = halves;
  if (half === undefined) return `${answer}, by neither half`;
  return halves.length === 2 ? `${answer}, by both halves` : `${answer}, by the ${half} only`;
}

export function keyPolicyOf(keyArn: string, { home, resources, keyPolicies = {} }: KeyWorld): Policy {
  return keyPolicies[keyArn] ?? renderedResourcePolicy(keyArn, resources, home) ?? defaultKeyPolicy(accountIn(keyArn));
}

/** Of a key that nobody gave a policy: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function defaultKeyPolicy(account: string): Policy {
  const owner = { Sid: 'Owner', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' };
  return { Version: '2012-10-17', Statement: [owner] };
}

function accountIn(arn: string): string {
  return arn.split(':')[4] ?? '';
}
