import { join } from 'node:path';
import { DEMO_STACK, type Deployment, deploymentFrom } from './deployment';
import { settleBucketEncryption } from './engine/bucket-encryption';
import { CannotRun } from './engine/cannot-run';
import { assemblyFolder, bootstrap, type CdkOptions, deploy } from './engine/cdk';
import { runCommand } from './engine/command';
import { clientEnvironment, useEnvironment } from './engine/environment';
import { type ChosenFiles, chooseFiles } from './files';
import { Phases } from './phases';
import { describeSettled, printOutcome, printVerdict } from './print';
import { isRefused, judge, type Row } from './row';
import { projectFolder, Run } from './run';
import { planUploads, type Upload, upload } from './upload';
import { UPLOAD_MATRIX } from './upload-matrix';
import { awaitVerdicts, errorsIn, type Verdict } from './verdicts';
import { whereaboutsOf } from './whereabouts';

const VERDICT_WITHIN_MILLIS = 60_000;

/** The demo. Its exit code: 0 all as expected, 1 a mismatch, 2 could not run, 128 + n ended by signal n. */
export async function main(args: readonly string[]): Promise<number> {
  const chosen = chosenFiles(args);
  if (chosen === undefined) return 2;
  const run = new Run();
  try {
    return await demonstrate(run, chosen);
  } catch (error) {
    return await run.explain(error);
  } finally {
    await run.end();
  }
}

function chosenFiles(args: readonly string[]): ChosenFiles | undefined {
  try {
    return chooseFiles(args, projectFolder, UPLOAD_MATRIX.length);
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    console.error(error.report);
    return undefined;
  }
}

async function demonstrate(run: Run, chosen: ChosenFiles): Promise<number> {
  console.log('Declare, deploy, upload, verify, quarantine: on a local AWS engine. No AWS account is used.');
  const phases = new Phases();
  const engine = await phases.run('Starting the local AWS engine', () => run.startEngine());
  const env = clientEnvironment(engine.endpoint);
  useEnvironment(env);
  const cdk: CdkOptions = { folder: run.folder, env, signal: run.signal };
  await phases.run('Bundling the Lambda function', () => bundle(cdk));
  await phases.run('cdk bootstrap', () => bootstrap(cdk));
  const outputs = await phases.run('cdk deploy', () => deploy(join(__dirname, 'app.ts'), cdk));
  const deployment = deploymentFrom(outputs[DEMO_STACK]);
  const settled = await phases.run('Asking the engine for the encryption of each bucket', () =>
    settleBucketEncryption(DEMO_STACK, assemblyFolder(cdk)),
  );
  const uploads = await phases.run(`Uploading ${chosen.description}`, () => uploadAll(chosen, deployment, run.signal));
  const rows = await phases.run('Waiting for verdicts', () => verify(uploads, deployment, run.signal));
  await report(rows, [...engine.workarounds, ...describeSettled(settled)], deployment);
  console.log(`In all ${phases.elapsed}.`);
  return rows.some((row) => judge(row) === 'MISMATCH') ? 1 : 0;
}

async function bundle(options: CdkOptions): Promise<void> {
  const { env, signal } = options;
  const script = join(projectFolder, 'lambda', 'bundle.mjs');
  await runCommand('node lambda/bundle.mjs', process.execPath, [script], { cwd: projectFolder, env, signal, timeoutMillis: 60_000 });
}

/** One after another: the order of the table is that of the uploads. */
async function uploadAll(chosen: ChosenFiles, deployment: Deployment, signal: AbortSignal): Promise<Upload[]> {
  const uploads: Upload[] = [];
  for (const [uploadCase, file] of planUploads(UPLOAD_MATRIX, chosen.files)) {
    signal.throwIfAborted();
    uploads.push(await upload(uploadCase, file, deployment));
  }
  return uploads;
}

async function verify(uploads: readonly Upload[], deployment: Deployment, signal: AbortSignal): Promise<Row[]> {
  const stored = uploads.filter((each) => !isRefused(each));
  let count = 0;
  const onVerdict = (each: Upload, verdict: Verdict) => {
    count += 1;
    printVerdict(`${count}/${stored.length}`, each, verdict);
  };
  const verdicts = await awaitVerdicts(deployment.EnforcerLogs, stored, { timeoutMillis: VERDICT_WITHIN_MILLIS, signal, onVerdict });
  return Promise.all(uploads.map((each) => rowOf(each, verdicts.get(each), deployment)));
}

async function rowOf(each: Upload, verdict: Verdict | undefined, deployment: Deployment): Promise<Row> {
  if (isRefused(each)) return { upload: each };
  return { upload: each, verdict, whereabouts: await whereaboutsOf(each, verdict?.location, deployment) };
}

async function report(rows: readonly Row[], workarounds: readonly string[], deployment: Deployment): Promise<void> {
  printOutcome(rows, workarounds, deployment);
  if (rows.every((row) => judge(row) !== 'MISMATCH')) return;
  for (const line of await errorsIn(deployment.EnforcerLogs)) console.log(`the function's log: ${line}`);
}
