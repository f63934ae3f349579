import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { settleBucketEncryption } from '../../demo/engine/bucket-encryption';
import { assemblyFolder, bootstrap, deploy } from '../../demo/engine/cdk';
import { invoke } from '../../demo/engine/lambda-api';
import type { ReleaseAnswer } from '../../lambda/quarantine-release/process-request';
import { eventually, type VerdictLine, verdictsOn } from '../support/deployed-enforcement';
import { OUTPUTS, STACK } from './release-app';

/** The real bundles, deployed by the real CDK CLI to a local engine: into quarantine, and out of it again. */
jest.setTimeout(60_000);

const s3 = new S3Client({ forcePathStyle: true });
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
let deployed: Readonly<Record<(typeof OUTPUTS)[number], string>>;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guard-release-'));
  try {
    const cdk = { folder, env: process.env };
    await bootstrap(cdk);
    const outputs = (await deploy(join(__dirname, 'release-app.ts'), cdk))[STACK] ?? {};
    await settleBucketEncryption(STACK, assemblyFolder(cdk));
    deployed = Object.fromEntries(OUTPUTS.map((name) => [name, outputs[`${name}Output`] ?? ''])) as typeof deployed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);

const WHO = { reason: 'the uploader has mended its configuration', requestedBy: 'Ada' };

async function ask(request: object) {
  const { results } = await invoke<ReleaseAnswer>(deployed.Function, { ...WHO, ...request });
  return results[0];
}

function verdictOn(bucket: string, key: string, versionId: string | undefined, position = 0): Promise<VerdictLine> {
  return eventually(`verdict ${position + 1} on ${key}`, async () =>
    (await verdictsOn(deployed.EnforcerLogs, bucket, key))
      .filter((line) => versionId === undefined || line.versionId === versionId)
      .at(position),
  );
}

async function quarantined(bucket: string, key: string) {
  const body = randomBytes(1000);
  const wrong = {
    ServerSideEncryption: 'AES256',
    ContentType: 'application/x-test',
    Metadata: { owner: 'team a' },
    Tagging: 'project=x',
  } as const;
  const { VersionId: versionId } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...wrong }));
  const { outcome, location = '' } = await verdictOn(bucket, key, versionId);
  expect(outcome).toBe('quarantined');
  return { body, versionId, location };
}

async function versionsOf(bucket: string, key: string): Promise<unknown[]> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }));
  return [...Versions, ...DeleteMarkers];
}

async function eventAbout(bucket: string, key: string): Promise<Record<string, unknown>> {
  return eventually(`event about ${key}`, async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: deployed.Events, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    return Messages.map(({ Body = '' }) => JSON.parse(Body)).find(({ detail }) => detail.bucket === bucket && detail.key === key);
  });
}

test.each(['Versioned', 'Unversioned'] as const)(
  'an object comes back from quarantine whole, as required, once, and the verifier accepts it (%s)',
  async (kind) => {
    const [bucket, key] = [deployed[kind], 'reports/ä b.csv'];
    const { body, versionId, location } = await quarantined(bucket, key);

    expect(await ask({ action: 'release', receipt: location })).toMatchObject({ status: 'would-release', onTopOf: 'nothing' });
    expect(await versionsOf(bucket, key)).toEqual([]);

    const released = await ask({ action: 'release', receipt: location, dryRun: false });
    expect(released).toMatchObject({
      status: 'released',
      object: `s3://${bucket}/${key}`,
      encryption: expect.stringMatching(/^SSE-KMS under arn:/),
    });
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    expect(Buffer.from((await object.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
    expect(object).toMatchObject({ ServerSideEncryption: 'aws:kms', ContentType: 'application/x-test', Metadata: { owner: 'team a' } });
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
    expect(TagSet).toEqual([{ Key: 'project', Value: 'x' }]);

    const accepted = kind === 'Versioned' ? await verdictOn(bucket, key, released?.versionId) : await verdictOn(bucket, key, undefined, 1);
    expect(accepted.outcome).toBe('compliant');
    const { 'detail-type': type, detail } = await eventAbout(bucket, key);
    expect([type, detail]).toEqual([
      'S3 Object Released',
      expect.objectContaining({ ...{ bucket, outcome: 'released', requestedBy: 'Ada' }, ...(versionId && { versionId }) }),
    ]);

    expect(await ask({ action: 'release', receipt: location, dryRun: false, overwrite: true })).toMatchObject({
      status: 'already-released',
    });
    expect(await versionsOf(bucket, key)).toHaveLength(1);
  },
);

test('a newer object is not overwritten, unless the request says so', async () => {
  const [bucket, key] = [deployed.Versioned, 'overtaken.csv'];
  const { versionId, location } = await quarantined(bucket, key);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'newer' }));
  const receipt = { bucket, key, versionId };
  expect(await ask({ action: 'release', receipt, dryRun: false })).toMatchObject({
    status: 'refused',
    why: expect.stringContaining('newer'),
  });
  expect(await versionsOf(bucket, key)).toHaveLength(1);
  expect(await ask({ action: 'release', receipt: location, dryRun: false, overwrite: true })).toMatchObject({ status: 'released' });
  expect(await versionsOf(bucket, key)).toHaveLength(2);
});

test('what somebody deleted since is not put back, unless the request says so', async () => {
  const [bucket, key] = [deployed.Versioned, 'deleted since ä.csv'];
  const { location } = await quarantined(bucket, key);
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  expect(await ask({ action: 'release', receipt: location, dryRun: false })).toMatchObject({
    status: 'refused',
    why: expect.stringContaining('a delete marker'),
  });
  expect(await ask({ action: 'release', receipt: location, dryRun: false, overwrite: true })).toMatchObject({ status: 'released' });
});

test('another is discarded: its copy is gone, its receipt stays, and it can be released no more', async () => {
  const { location } = await quarantined(deployed.Versioned, 'unwanted.csv');
  const key = location.slice(`s3://${deployed.Quarantine}/`.length);
  expect(await ask({ action: 'discard', receipt: location })).toMatchObject({ status: 'would-discard' });
  expect(await versionsOf(deployed.Quarantine, key)).toHaveLength(1);
  expect(await ask({ action: 'discard', receipt: location, dryRun: false })).toMatchObject({ status: 'discarded' });
  expect(await versionsOf(deployed.Quarantine, key)).toEqual([]);
  expect(await versionsOf(deployed.Quarantine, `${key.replace('objects/', 'receipts/')}.json`)).toHaveLength(1);
  expect(await eventAbout(deployed.Versioned, 'unwanted.csv')).toMatchObject({
    'detail-type': 'S3 Object Discarded',
    detail: { outcome: 'discarded', ...{ why: WHO.reason } },
  });
  expect(await ask({ action: 'discard', receipt: location, dryRun: false })).toMatchObject({ status: 'already-discarded' });
  expect(await ask({ action: 'release', receipt: location, dryRun: false })).toMatchObject({ status: 'refused' });
});

test('a request that is not understood is refused as a whole, with what is wrong', async () => {
  await expect(ask({ action: 'release', receipt: 's3://elsewhere/receipts/a.json' })).rejects.toThrow('request: receipt is');
});
