import { runSimulation } from '@cloud-copilot/iam-simulate';
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

export interface Decision {
  readonly result: string;
  /** Sids of all statements that deny the request, sorted. */
  readonly deniedBy: readonly string[];
}

/**
 * One request against a bucket policy, by a principal that may do everything on S3: what stops it is the bucket policy.
 *
 * @throws Error where the simulator would leave anything unevaluated
 */
export async function simulate(statements: readonly PolicyStatementJson[], request: SimulatedRequest): Promise<Decision> {
  const account = request.account ?? OWNER_ACCOUNT;
  const simulation = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${account}:role/writer`,
        action: request.action,
        resource: { resource: request.resource ?? OBJECT_ARN, accountId: OWNER_ACCOUNT },
        contextVariables: { ...request.context },
      },
      identityPolicies: [{ name: 'everything', policy: policyOf([{ Effect: 'Allow', Action: 's3:*', Resource: '*' }]) }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: policyOf([...statements, ...invitation(account)]),
    },
    {},
  );
  if (simulation.resultType !== 'single') throw new Error(`not simulated: ${JSON.stringify(simulation)}`);
  const { analysis, ignoredContextKeys } = simulation.result;
  if (ignoredContextKeys?.length !== 0) throw new Error(`${request.action} has no condition keys ${ignoredContextKeys?.join(', ')}`);
  const deniers = analysis.resourceAnalysis?.denyStatements ?? [];
  const evaluated = [
    ...deniers,
    ...(analysis.resourceAnalysis?.allowStatements ?? []),
    ...(analysis.resourceAnalysis?.unmatchedStatements ?? []),
  ];
  const faults = evaluated.flatMap(({ explain }) => explain.conditions ?? []).filter(isUnevaluated);
  if (faults.length > 0) throw new Error(`conditions not evaluated: ${JSON.stringify(faults)}`);
  return { result: analysis.result, deniedBy: deniers.map(({ explain }) => explain.identifier).sort() };
}

/** A principal of another account needs the bucket's consent as well. */
function invitation(account: string): object[] {
  if (account === OWNER_ACCOUNT) return [];
  return [{ Sid: 'Guest', Effect: 'Allow', Principal: { AWS: account }, Action: 's3:*', Resource: [BUCKET_ARN, `${BUCKET_ARN}/*`] }];
}

function policyOf(statements: readonly object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

function isUnevaluated(condition: {
  missingOperator?: boolean;
  failedBecauseArray?: boolean;
  values: { errors?: string[] } | { errors?: string[] }[];
}) {
  const errors = [condition.values].flat().flatMap((value) => value?.errors ?? []);
  return condition.missingOperator === true || condition.failedBecauseArray === true || errors.length > 0;
}
