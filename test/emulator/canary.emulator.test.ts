import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { HeadObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { settleBucketEncryption } from '../../demo/engine/bucket-encryption';
import { assemblyFolder, bootstrap, deploy } from '../../demo/engine/cdk';
import { invoke, setEventSources } from '../../demo/engine/lambda-api';
import { eventually, verdictsOn } from '../support/deployed-enforcement';
import { OUTPUTS, STACK } from './canary-app';

/** The canary's real bundle and the enforcer's, deployed by the real CDK CLI to a local engine. */
jest.setTimeout(60_000);

const s3 = new S3Client({ forcePathStyle: true });
let deployed: Readonly<Record<(typeof OUTPUTS)[number], string>>;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guard-canary-'));
  try {
    const cdk = { folder, env: process.env };
    await bootstrap(cdk);
    const outputs = (await deploy(join(__dirname, 'canary-app.ts'), cdk))[STACK] ?? {};
    await settleBucketEncryption(STACK, assemblyFolder(cdk));
    deployed = Object.fromEntries(OUTPUTS.map((name) => [name, outputs[`${name}Output`] ?? ''])) as typeof deployed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);

interface CanaryAnswer {
  readonly caught: boolean;
  readonly key: string;
  readonly versionId: string;
}

async function versionsLeft(): Promise<(string | undefined)[]> {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: deployed.Bucket }));
  return Versions.map(({ VersionId }) => VersionId);
}

/** What CloudWatch makes of the log lines in its embedded metric format, which the engine does not read. */
async function canaryMetric(): Promise<unknown[]> {
  return eventually('line of the metric', async () => {
    const { events = [] } = await new CloudWatchLogsClient({}).send(new FilterLogEventsCommand({ logGroupName: deployed.Logs }));
    const lines = events.filter(({ message = '' }) => message.includes('"_aws"')).map(({ message = '' }) => JSON.parse(message));
    return lines.length === 0 ? undefined : lines.map(({ CanaryCaught }) => CanaryCaught);
  });
}

test('two canaries are caught, each by its own verdict, and their objects are in quarantine', async () => {
  for (let time = 0; time < 2; time++) {
    const { caught, key, versionId } = await invoke<CanaryAnswer>(deployed.Function);
    expect(caught).toBe(true);
    const [verdict] = await eventually('verdict on the canary', async () => {
      const verdicts = await verdictsOn(deployed.EnforcerLogs, deployed.Bucket, key);
      return verdicts.length > 0 ? verdicts : undefined;
    });
    expect(verdict).toMatchObject({ versionId, outcome: 'quarantined', reason: 'wrong-scheme' });
    await s3.send(new HeadObjectCommand({ Bucket: deployed.Quarantine, Key: `objects/${deployed.Bucket}/${key}/${versionId}` }));
  }
  expect(await versionsLeft()).toEqual([]);
  expect(await canaryMetric()).toEqual([1, 1]);
});

test('a canary whose event nobody takes from the queue is told as not caught, and caught afterwards', async () => {
  await setEventSources(deployed.Enforcer, false);
  const { caught, versionId } = await invoke<CanaryAnswer>(deployed.Function);
  expect(caught).toBe(false);
  expect(await versionsLeft()).toEqual([versionId]);
  expect((await canaryMetric()).at(-1)).toBe(0);

  await setEventSources(deployed.Enforcer, true);
  await eventually('quarantine of the canary that was late', async () => ((await versionsLeft()).length === 0 ? true : undefined));
  expect(await invoke<CanaryAnswer>(deployed.Function)).toMatchObject({ caught: true });
});
