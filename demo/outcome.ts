import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoPlan } from './demonstrate';
import type { Deployment } from './deployment';
import { isOmitted } from './matrix/upload-case';
import type { Phases } from './phases';
import { printNotes, printOutcome, printSum } from './print';
import { printReleases, type ReleaseStep } from './releases';
import { writeReport } from './report/page';
import { countsOf, printNumbers } from './report-only/numbers';
import { type DemoResult, type EngineDescription, isSuccess, resultRows, skippedIn, writeResult } from './result';
import type { Row } from './row';
import { projectFolder } from './run';
import { visible } from './table';
import type { Accounts } from './two-accounts/accounts';
import { printAccounts } from './two-accounts/print';
import { errorsIn } from './verdicts';

export interface Told {
  readonly plan: DemoPlan;
  readonly phases: Phases;
  readonly deployment: Deployment;
  readonly engine: Pick<EngineDescription, 'endpoint' | 'workarounds' | 'limits'>;
  readonly accounts?: Accounts | undefined;
  readonly releases?: readonly ReleaseStep[] | undefined;
}

/** Prints what came of the uploads, and writes it down, also where it is not what was expected. */
export async function tell(rows: readonly Row[], told: Told): Promise<void> {
  const { plan, phases, deployment, engine, accounts, releases } = told;
  const skipped = skippedIn(
    rows,
    plan.cases.filter((each) => isOmitted(each, engine.limits)),
  );
  printOutcome(rows, deployment, plan.reportOnly ? 'is to require' : undefined);
  const counts = plan.reportOnly ? countsOf(rows) : undefined;
  if (counts !== undefined) printNumbers(counts);
  if (accounts !== undefined) printAccounts(accounts);
  if (releases !== undefined) printReleases(releases);
  printNotes(engine.workarounds, skipped);
  printSum(rows);
  const result: DemoResult = {
    engine: {
      name: plan.endpoint === undefined ? pinnedEngine() : 'given by AWS_ENDPOINT_URL',
      startedByDemo: plan.endpoint === undefined,
      ...engine,
    },
    startedAt: new Date(phases.started).toISOString(),
    timings: { ...phases.timings, total: Date.now() - phases.started },
    accounts,
    rows: resultRows(rows),
    counts,
    releases,
    skipped,
  };
  const files = [writeResult(plan.output, result), writeReport(plan.output, result, deployment)];
  console.log(`In all ${phases.elapsed}. Written: ${files.join(', ')}`);
  if (isSuccess([...result.rows, ...(releases ?? [])])) return;
  for (const line of await errorsIn(deployment.EnforcerLogs)) console.log(`the function's log: ${visible(line)}`);
}

/** Name and version of the engine that the demo installs. */
function pinnedEngine(): string {
  const lock = readFileSync(join(projectFolder, 'requirements', 'engine.txt'), 'utf8');
  return `MiniStack ${/^ministack==([\w.]+)/m.exec(lock)?.[1] ?? ''}`.trim();
}
