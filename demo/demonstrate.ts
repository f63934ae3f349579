import { askAws } from './aws-answers';
import type { Deployment } from './deployment';
import type { Engine } from './engine/engine';
import { clientEnvironment, ENGINE_REGION, useEnvironment } from './engine/environment';
import { requireServices } from './engine/given-engine';
import type { ChosenFiles } from './files';
import { keepUntilInterrupted } from './keep';
import { isOmitted, type UploadCase } from './matrix/upload-case';
import { deployOneAccount } from './one-account';
import { tell } from './outcome';
import { Phases } from './phases';
import { describeSettled } from './print';
import { releaseAndDiscard } from './releases';
import { isSuccess, resultRows } from './result';
import type { Row } from './row';
import type { Run } from './run';
import type { Stage } from './stage';
import { visible } from './table';
import { describeAccounts } from './two-accounts/accounts';
import { deployTwoAccounts } from './two-accounts/stage';
import { planUploads, type Upload, upload } from './uploads/upload';
import { verify } from './verify';

/** What a person asked for. */
export interface DemoPlan {
  /** 2: the key in one, the objects in the other. */
  readonly accounts: 1 | 2;
  /** Buckets that require nothing yet. */
  readonly reportOnly: boolean;
  /** What is uploaded, and what must come of it. */
  readonly cases: readonly UploadCase[];
  readonly chosen: ChosenFiles;
  readonly keep: boolean;
  /** Folder for result, report and log. */
  readonly output: string;
  /** Of an engine to use instead of starting one. */
  readonly endpoint?: string | undefined;
  /** Used with that engine only. */
  readonly region?: string | undefined;
}

export async function demonstrate(run: Run, plan: DemoPlan): Promise<number> {
  const steps = plan.reportOnly ? 'Deploy, upload, verify, report' : 'Declare, deploy, upload, verify, quarantine';
  console.log(`${steps}: on a local AWS engine. No AWS account is used.`);
  const phases = new Phases();
  const engine = await startEngine(run, plan, phases);
  const stage = await (plan.accounts === 2
    ? deployTwoAccounts(run, phases)
    : deployOneAccount(run, phases, plan.reportOnly ? 'report-only/app.ts' : 'app.ts'));
  const rows = await uploadAndVerify(run, plan, stage, phases);
  const releases = await outOfQuarantine(rows, stage, run.signal, phases);
  const accounts = plan.accounts === 2 ? await describeAccounts(stage) : undefined;
  const { deployment, limits, settled } = stage;
  const workarounds = [...engine.workarounds, ...describeSettled(settled)];
  await tell(rows, { plan, phases, deployment, engine: { endpoint: engine.endpoint, workarounds, limits }, accounts, releases });
  if (plan.keep) await keepUntilInterrupted(run, engine, stage, plan.endpoint === undefined);
  return isSuccess([...resultRows(rows), ...(accounts?.questions ?? []), ...(releases ?? [])]) ? 0 : 1;
}

async function outOfQuarantine(rows: readonly Row[], { deployment }: Stage, signal: AbortSignal, phases: Phases) {
  if (deployment.ReleaseFunction === undefined) return undefined;
  return phases.run('release', 'Putting one object back, and discarding another', () => releaseAndDiscard(rows, deployment, signal));
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

async function uploadAndVerify(run: Run, { cases, chosen }: DemoPlan, stage: Stage, phases: Phases): Promise<Row[]> {
  const { deployment, limits } = stage;
  const shown = cases.filter((each) => !isOmitted(each, limits));
  const uploads = await phases.run('upload', `Uploading ${visible(chosen.description)}`, () =>
    uploadAll(planUploads(shown, chosen.files), deployment, run.signal),
  );
  const verified = await phases.run('verdicts', 'Waiting for verdicts', () => verify(uploads, deployment, run.signal));
  return phases.run('policies', 'Asking the deployed policies what AWS would have answered', () => askAws(verified, stage));
}

/** One after another: the order of the table is that of the uploads. */
async function uploadAll(planned: ReturnType<typeof planUploads>, deployment: Deployment, signal: AbortSignal): Promise<Upload[]> {
  const uploads: Upload[] = [];
  for (const [uploadCase, file] of planned) {
    signal.throwIfAborted();
    uploads.push(await upload(uploadCase, file, deployment));
  }
  return uploads;
}
