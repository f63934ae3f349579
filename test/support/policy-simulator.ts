import { type Decision, type Policy, simulate as simulateRequest } from '../../demo/policy/simulate';
import type { PolicyStatementJson } from '../../lib/domain/bucket-policy';
import { OWNER_ACCOUNT } from '../domain/sample-keys';
import type { RequestContext } from './policy-requests';

export const BUCKET_ARN = 'arn:aws:s3:::guarded-bucket';
export const OBJECT_ARN = `${BUCKET_ARN}/some/object`;

export interface SimulatedRequest {
  readonly action: string;
  readonly context: RequestContext;
  /** @default - an object of the bucket */
  readonly resource?: string;
  /** @default - the account that owns the bucket */
  readonly account?: string;
}

/**
 * One request against a bucket policy, by a principal that may do everything on S3: what stops it is the bucket policy.
 *
 * @throws Error where the simulator would leave anything unevaluated
 */
export async function simulate(
  statements: readonly PolicyStatementJson[],
  request: SimulatedRequest,
): Promise<Pick<Decision, 'result' | 'deniedBy'>> {
  const account = request.account ?? OWNER_ACCOUNT;
  const { result, deniedBy } = await simulateRequest({
    principal: `arn:aws:iam::${account}:role/writer`,
    action: request.action,
    resource: request.resource ?? OBJECT_ARN,
    account: OWNER_ACCOUNT,
    context: request.context,
    identityPolicies: [policyOf([{ Effect: 'Allow', Action: 's3:*', Resource: '*' }])],
    resourcePolicy: policyOf([...statements, ...invitation(account)]),
  });
  return { result, deniedBy };
}

/** A principal of another account needs the bucket's consent as well. */
function invitation(account: string): object[] {
  if (account === OWNER_ACCOUNT) return [];
  return [{ Sid: 'Guest', Effect: 'Allow', Principal: { AWS: account }, Action: 's3:*', Resource: [BUCKET_ARN, `${BUCKET_ARN}/*`] }];
}

function policyOf(statements: readonly object[]): Policy {
  return { Version: '2012-10-17', Statement: statements };
}
