import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { GetObjectCommand, ListObjectVersionsCommand, type ObjectVersion, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { objectCreated } from '../support/events';

/** What was uploaded, as its uploader knows it. */
export interface Upload {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  readonly sha256: string;
  readonly wrong: boolean;
  /** Before S3 had it. */
  readonly at: Date;
}

const s3 = () => new S3Client({ forcePathStyle: true });
const sqs = () => new SQSClient({ useQueueUrlAsEndpoint: false });

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Some at a time, in any order of completion. */
export async function eachOf<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Each with bytes of its own; the wrong ones under SSE-S3. */
export async function upload(bucket: string, keys: readonly { key: string; wrong: boolean }[], onEach: () => void): Promise<Upload[]> {
  const client = s3();
  const uploads: Upload[] = [];
  await eachOf(keys, 32, async ({ key, wrong }) => {
    const at = new Date();
    const Body = randomBytes(200);
    const answer = await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body, ...(wrong && { ServerSideEncryption: 'AES256' }) }),
    );
    uploads.push({ key, wrong, at, versionId: answer.VersionId ?? '', etag: answer.ETag?.replaceAll('"', '') ?? '', sha256: sha256(Body) });
    onEach();
  });
  return uploads;
}

/** The same event once more for each, as S3, EventBridge and SQS may each deliver it more than once. */
export async function sendAgain(queueUrl: string, bucket: string, uploads: readonly Upload[]): Promise<void> {
  const client = sqs();
  const tens = Array.from({ length: Math.ceil(uploads.length / 10) }, (_, ten) => uploads.slice(ten * 10, ten * 10 + 10));
  await eachOf(tens, 4, async (ten) => {
    const Entries = ten.map(({ key, versionId, etag, at }, position) => {
      const event = { ...objectCreated({ bucket, key, versionId, etag }), time: at.toISOString() };
      return { Id: String(position), MessageBody: JSON.stringify(event) };
    });
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    if (Failed.length > 0) throw new Error(`The engine did not take ${Failed.length} copies of events: ${Failed[0]?.Message}`);
  });
}

/** Redelivery within the test's time; the construct's own default of receives, which the deployed app lowers for another test. */
export async function redeliverAfter(queueUrl: string, seconds: number, maxReceiveCount: number): Promise<void> {
  const { Attributes = {} } = await sqs().send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy'] }));
  const RedrivePolicy = JSON.stringify({ ...JSON.parse(Attributes['RedrivePolicy'] ?? '{}'), maxReceiveCount });
  await sqs().send(
    new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { VisibilityTimeout: String(seconds), RedrivePolicy } }),
  );
}

/** Waiting, delayed, and taken but not yet done. */
export async function messagesIn(queueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs().send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }));
  const counts = Object.entries(Attributes).filter(([name]) => name.startsWith('ApproximateNumberOfMessages'));
  if (counts.length === 0) throw new Error(`The engine does not say how many messages are in ${queueUrl}`);
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Everything in a bucket, under its delete markers too, and these. */
export async function versionsIn(bucket: string): Promise<{ versions: ObjectVersion[]; deleteMarkers: number }> {
  const versions: ObjectVersion[] = [];
  let deleteMarkers = 0;
  let at: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (at !== undefined) {
    const page: Awaited<ReturnType<typeof list>> = await list(bucket, at);
    versions.push(...(page.Versions ?? []));
    deleteMarkers += page.DeleteMarkers?.length ?? 0;
    at = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
  return { versions, deleteMarkers };
}

function list(bucket: string, at: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined }) {
  return s3().send(new ListObjectVersionsCommand({ Bucket: bucket, ...at }));
}

export async function bytesOf(object: { bucket: string; key: string; versionId?: string | undefined }): Promise<Buffer> {
  const { Body } = await s3().send(new GetObjectCommand({ Bucket: object.bucket, Key: object.key, VersionId: object.versionId }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** Processes in which an engine runs the function of a queue: their environment names both. */
export function functionProcesses(queueUrl: string, endpoint: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const environment = environmentOf(pid);
      return environment.includes(`EVENT_QUEUE_URL=${queueUrl}`) && environment.includes(`AWS_ENDPOINT_URL=${endpoint}`);
    });
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // Gone meanwhile, or somebody else's.
    return [];
  }
}
