import { type Decision, type Policy, simulate as simulateRequest } from '../../demo/policy/simulate';
import { OWNER_ACCOUNT } from '../domain/sample-keys';
import { literalKey, literalPattern } from './agreement-literal-keys';
import { REQUESTERS, type Requester, roleArn } from './policy-principals';
import type { RequestContext } from './policy-requests';

export const BUCKET_ARN = 'arn:aws:s3:::guarded-bucket';
export const OBJECT_ARN = `${BUCKET_ARN}/some/object`;

export interface SimulatedRequest {
  readonly action: string;
  readonly context: RequestContext;
  /** @default - an object of the bucket */
  readonly resource?: string;
  /** Ignored where there is a requester. @default - the account that owns the bucket */
  readonly account?: string;
  /** @default - a role of the account, of which nothing else is known */
  readonly requester?: Requester;
}

/**
 * One request against a bucket policy, by a principal that may do everything on S3: what stops it is the bucket policy.
 *
 * @throws Error where the simulator would leave anything unevaluated, or ignore a condition key
 */
export async function simulate(statements: readonly object[], request: SimulatedRequest): Promise<Pick<Decision, 'result' | 'deniedBy'>> {
  const { principal, statement } = simulationOf(statements, request);
  const { result, deniedBy } = await simulateRequest({
    // Its type says string; the simulator knows anonymous requests, too.
    principal: principal as string,
    action: request.action,
    resource: literalKey(request.resource ?? OBJECT_ARN),
    account: OWNER_ACCOUNT,
    context: contextOfRequest(request),
    identityPolicies: identityPoliciesOf(principal),
    resourcePolicy: policyOf(statement),
  });
  return { result, deniedBy };
}

function simulationOf(statements: readonly object[], { account = OWNER_ACCOUNT, requester, resource = OBJECT_ARN }: SimulatedRequest) {
  const principal = requester?.principal ?? roleArn('writer', account);
  const denials = /[*?]/.test(resource) ? statements.map(literalPatterns) : statements;
  return { principal, statement: [...denials, ...INVITATION] };
}

function contextOfRequest({ context, requester }: SimulatedRequest): Record<string, string | string[]> {
  return { ...requester?.context, ...context };
}

/** Services and anonymous requests have no identity policies. */
function identityPoliciesOf(principal: Requester['principal']): Policy[] {
  const hasIdentity = typeof principal === 'string' && principal.startsWith('arn:');
  return hasIdentity ? [policyOf([{ Effect: 'Allow', Action: 's3:*', Resource: '*' }])] : [];
}

/** Whoever is not of the bucket's account needs its consent as well. */
const INVITATION = [
  {
    Sid: 'Guests',
    Effect: 'Allow',
    Principal: { AWS: '*', Service: REQUESTERS['AWS service']?.principal },
    Action: 's3:*',
    Resource: [BUCKET_ARN, `${BUCKET_ARN}/*`],
  },
];

function policyOf(statements: readonly object[]): Policy {
  return { Version: '2012-10-17', Statement: statements };
}

/** Only for keys that have such characters: for all others the simulator itself reads the policy. */
function literalPatterns(statement: object): object {
  const { Resource, NotResource } = statement as { readonly Resource?: string | string[]; readonly NotResource?: string | string[] };
  return {
    ...statement,
    ...(Resource && { Resource: [Resource].flat().map(literalPattern) }),
    ...(NotResource && { NotResource: [NotResource].flat().map(literalPattern) }),
  };
}
