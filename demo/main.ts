import { join } from 'node:path';
import { type DemoPlan, demonstrate } from './demonstrate';
import { CannotRun } from './engine/cannot-run';
import { givenEndpoint } from './engine/given-engine';
import { chooseFiles, fromCaller } from './files';
import { EXCHANGE_BUCKET_CASES } from './matrix/exchange-bucket';
import { parseOptions, USAGE } from './options';
import { REPORT_ONLY_CASES } from './report-only/cases';
import { projectFolder, Run } from './run';
import { UPLOAD_MATRIX } from './upload-matrix';

/** The demo. Its exit code: 0 all as expected, 1 a mismatch, 2 could not run, 128 + n ended by signal n. */
export async function main(args: readonly string[]): Promise<number> {
  const plan = planOrExitCode(args);
  if (typeof plan === 'number') return plan;
  const run = orExitCode(() => new Run(plan.output));
  if (typeof run === 'number') return run;
  try {
    return await demonstrate(run, plan);
  } catch (error) {
    return await run.explain(error);
  } finally {
    await run.end();
  }
}

function planOrExitCode(args: readonly string[]): DemoPlan | number {
  return orExitCode(() => {
    const options = parseOptions(args);
    if (!options.help) return planOf(options);
    console.log(USAGE);
    return 0;
  });
}

function orExitCode<T>(make: () => T): T | number {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    console.error(error.report);
    return 2;
  }
}

function planOf({ accounts, reportOnly, keep, path, output }: ReturnType<typeof parseOptions>): DemoPlan {
  const ofOneAccount = reportOnly ? REPORT_ONLY_CASES : UPLOAD_MATRIX;
  const cases = accounts === 2 ? EXCHANGE_BUCKET_CASES : ofOneAccount;
  return {
    accounts,
    reportOnly,
    cases,
    keep,
    chosen: chooseFiles(path, projectFolder, cases.length),
    output: output === undefined ? join(projectFolder, '.demo') : fromCaller(output),
    endpoint: givenEndpoint(process.env['AWS_ENDPOINT_URL']),
    region: process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'],
  };
}
