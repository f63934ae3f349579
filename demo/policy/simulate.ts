import { type RequestAnalysis, runSimulation } from '@cloud-copilot/iam-simulate';

type StatementAnalysis = NonNullable<RequestAnalysis['identityAnalysis']>['denyStatements'][number];

/** A policy document. */
export type Policy = Readonly<Record<string, unknown>>;

/** One request, as AWS would see it. */
export interface SimulatedRequest {
  /** ARN of the role. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Account that owns the resource. */
  readonly account: string;
  readonly context: Readonly<Record<string, string | string[]>>;
  readonly identityPolicies: readonly Policy[];
  readonly resourcePolicy?: Policy | undefined;
}

export interface Decision {
  readonly allowed: boolean;
  /** `Allowed`, `ExplicitlyDenied` or `ImplicitlyDenied`. */
  readonly result: string;
  /** Sids of all statements that deny, sorted. None on a refusal: no statement allows. */
  readonly deniedBy: readonly string[];
  /** Sids of the statements that allow, of the resource's policy and of those of the principal; by its place, where there is none. */
  readonly allowedBy: { readonly resource: readonly string[]; readonly identity: readonly string[] };
}

/**
 * What AWS would answer, evaluated offline by iam-simulate (AGPL: a tool of this demo and of tests, in no published file).
 *
 * @throws Error where the simulator would leave anything unevaluated
 */
export async function simulate(request: SimulatedRequest): Promise<Decision> {
  const { principal, action, resource, account, context, identityPolicies, resourcePolicy } = request;
  if (/[*?\n\r\u2028\u2029]/.test(resource)) throw new Error(`the simulator would not take ${JSON.stringify(resource)} literally`);
  const simulation = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: account },
        contextVariables: { 'aws:ResourceAccount': account, ...context },
      },
      identityPolicies: identityPolicies.map((policy, position) => ({ name: `policy ${position}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy,
    },
    {},
  );
  if (simulation.resultType !== 'single') throw new Error(`${action} was not simulated: ${JSON.stringify(simulation)}`);
  const { analysis, ignoredContextKeys } = simulation.result;
  if (ignoredContextKeys?.length !== 0) throw new Error(`${action} has no condition keys ${ignoredContextKeys?.join(', ')}`);
  const analyses = [analysis.resourceAnalysis, analysis.identityAnalysis].filter((each) => each !== undefined);
  const deniers = analyses.flatMap(({ denyStatements }) => denyStatements);
  requireEvaluated([...deniers, ...analyses.flatMap((each) => [...each.allowStatements, ...each.unmatchedStatements])]);
  return {
    allowed: analysis.result === 'Allowed',
    result: analysis.result,
    deniedBy: sidsOf(deniers),
    allowedBy: {
      resource: sidsOf(analysis.resourceAnalysis?.allowStatements),
      identity: sidsOf(analysis.identityAnalysis?.allowStatements),
    },
  };
}

function sidsOf(statements: readonly StatementAnalysis[] = []): string[] {
  return statements.map(({ explain }) => explain.identifier).sort();
}

/**
 * The object of an ARN under a name of harmless characters: the simulator takes `*` and `?` for patterns, and finds that no `*` of a
 * policy covers a line break. No policy of the demo tells objects apart by such characters, and `*` covers them all on AWS.
 */
export function literal(resource: string): string {
  const [, bucket, key] = /^(arn:[^:]+:s3:::[^/]+\/)(.*)$/s.exec(resource) ?? [];
  return bucket === undefined || key === undefined ? resource : bucket + key.replace(/[^\w/.=@,+-]/g, '-');
}

function requireEvaluated(statements: readonly StatementAnalysis[]): void {
  const faults = statements
    .flatMap(({ explain }) => explain.conditions ?? [])
    .filter((condition) => {
      const errors = [condition.values].flat().flatMap((value) => value?.errors ?? []);
      return condition.missingOperator === true || condition.failedBecauseArray === true || errors.length > 0;
    });
  if (faults.length > 0) throw new Error(`conditions not evaluated: ${JSON.stringify(faults)}`);
}
