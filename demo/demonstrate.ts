import { join } from 'node:path';
import { askAws } from './aws-answers';
import { DEMO_STACK, type Deployment, deploymentFrom } from './deployment';
import { type SettledBucket, settleBucketEncryption } from './engine/bucket-encryption';
import { assemblyFolder, bootstrap, type CdkOptions, deploy } from './engine/cdk';
import { runCommand } from './engine/command';
import { deployedResources } from './engine/deployed-stack';
import type { Engine } from './engine/engine';
import { clientEnvironment, ENGINE_REGION, useEnvironment } from './engine/environment';
import { requireServices } from './engine/given-engine';
import { type ProbedEngine, probeEngine } from './engine/limits';
import type { ChosenFiles } from './files';
import { keepUntilInterrupted } from './keep';
import { tell } from './outcome';
import { Phases } from './phases';
import type { EnforcerWorld } from './policy/enforcer-rights';
import { renderedRole } from './policy/rendered';
import { describeSettled } from './print';
import { isSuccess, resultRows } from './result';
import type { Row } from './row';
import { projectFolder, type Run } from './run';
import { visible } from './table';
import { UPLOAD_MATRIX } from './upload-matrix';
import { planUploads, type Upload, upload } from './uploads/upload';
import { verify } from './verify';

/** What a person asked for. */
export interface DemoPlan {
  readonly chosen: ChosenFiles;
  readonly keep: boolean;
  /** Folder for result, report and log. */
  readonly output: string;
  /** Of an engine to use instead of starting one. */
  readonly endpoint?: string | undefined;
  /** Used with that engine only. */
  readonly region?: string | undefined;
}

/** Everything that the demo knows once it has deployed. */
interface Stage {
  readonly cdk: CdkOptions;
  readonly probed: ProbedEngine;
  readonly deployment: Deployment;
  readonly settled: readonly SettledBucket[];
}

export async function demonstrate(run: Run, plan: DemoPlan): Promise<number> {
  console.log('Declare, deploy, upload, verify, quarantine: on a local AWS engine. No AWS account is used.');
  const phases = new Phases();
  const engine = await startEngine(run, plan, phases);
  const stage = await deployAll(run, phases);
  const rows = await uploadAndVerify(run, plan, stage, phases);
  const { deployment, probed, settled } = stage;
  const workarounds = [...engine.workarounds, ...describeSettled(settled)];
  await tell(rows, { plan, phases, deployment, engine: { endpoint: engine.endpoint, workarounds, limits: probed.limits } });
  if (plan.keep) await keepUntilInterrupted(run, engine, deployment, plan.endpoint === undefined);
  return isSuccess(resultRows(rows)) ? 0 : 1;
}

async function startEngine(run: Run, { endpoint, region }: DemoPlan, phases: Phases): Promise<Engine> {
  const title = endpoint === undefined ? 'Starting the local AWS engine' : `Asking the engine at ${endpoint} for its services`;
  return phases.run('engine', title, async () => {
    const engine = endpoint === undefined ? await run.startEngine() : run.useEngine(endpoint);
    useEnvironment(clientEnvironment(engine.endpoint, process.env, endpoint === undefined ? ENGINE_REGION : region || ENGINE_REGION));
    if (endpoint !== undefined) await requireServices(endpoint);
    return engine;
  });
}

async function deployAll(run: Run, phases: Phases): Promise<Stage> {
  const probed = await phases.run('probe', 'Asking the engine in what it is not like AWS', () => probeEngine());
  const { env } = process;
  const cdk: CdkOptions = {
    folder: run.folder,
    env,
    signal: run.signal,
    account: probed.account,
    region: env['AWS_REGION'] ?? ENGINE_REGION,
  };
  await phases.run('bundle', 'Bundling the Lambda function', () => bundle(cdk));
  await phases.run('bootstrap', 'cdk bootstrap', () => bootstrap(cdk));
  const outputs = await phases.run('deploy', 'cdk deploy', () => deploy(join(__dirname, 'app.ts'), cdk));
  const deployment = deploymentFrom(outputs[DEMO_STACK]);
  const settled = await phases.run('settle', 'Asking the engine for the encryption of each bucket', () =>
    settleBucketEncryption(DEMO_STACK, assemblyFolder(cdk)),
  );
  return { cdk, probed, deployment, settled };
}

async function bundle(options: CdkOptions): Promise<void> {
  const { env, signal } = options;
  const script = join(projectFolder, 'lambda', 'bundle.mjs');
  await runCommand('node lambda/bundle.mjs', process.execPath, [script], { cwd: projectFolder, env, signal, timeoutMillis: 60_000 });
}

async function uploadAndVerify(run: Run, { chosen }: DemoPlan, { cdk, probed, deployment }: Stage, phases: Phases): Promise<Row[]> {
  const uploads = await phases.run('upload', `Uploading ${visible(chosen.description)}`, () => uploadAll(chosen, deployment, run.signal));
  const verified = await phases.run('verdicts', 'Waiting for verdicts', () => verify(uploads, deployment, run.signal));
  return phases.run('policies', 'Asking the deployed policies what AWS would have answered', async () => {
    const resources = await deployedResources(DEMO_STACK, assemblyFolder(cdk));
    const home = { account: probed.account, region: cdk.region ?? ENGINE_REGION };
    const { QuarantineBucket: quarantineBucket, QuarantineKey: quarantineKey } = deployment;
    const world: EnforcerWorld = { home, resources, role: renderedRole(resources, home), quarantineBucket, quarantineKey };
    return askAws(verified, probed.limits, world);
  });
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
