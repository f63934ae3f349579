import { randomBytes } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Deployed, deployEnforcement, eventually, type VerdictLine, verdictsOn } from '../support/deployed-enforcement';

/** The real bundle, deployed by the real CDK CLI, behind the real chain S3 → EventBridge → SQS → Lambda of a local engine. */
jest.setTimeout(60_000);

const s3 = new S3Client({ forcePathStyle: true });
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
let deployed: Deployed;

beforeAll(async () => {
  deployed = await deployEnforcement();
}, 180_000);

async function upload(bucket: string, key: string, options: Partial<PutObjectCommandInput> = {}) {
  const body = randomBytes(1000);
  const { VersionId: versionId } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...options }));
  return { body, versionId };
}

function verdictOn(bucket: string, key: string, versionId?: string): Promise<VerdictLine> {
  return eventually(`verdict on ${key}`, async () =>
    (await verdictsOn(deployed.Logs, bucket, key)).find((line) => versionId === undefined || line.versionId === versionId),
  );
}

async function contentAt(location: string | undefined) {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(location ?? '') ?? [];
  const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return { ...object, bytes: Buffer.from((await object.Body?.transformToByteArray()) ?? []), bucket, key };
}

async function versionsOf(bucket: string, key: string): Promise<(string | undefined)[]> {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }));
  return Versions.map((version) => version.VersionId);
}

describe('a versioned bucket that requires SSE-KMS', () => {
  test('keeps an upload without headers, which the bucket default encrypts under the required key', async () => {
    const { versionId } = await upload(deployed.Versioned, 'plain.txt');
    expect(await verdictOn(deployed.Versioned, 'plain.txt', versionId)).toMatchObject({ outcome: 'compliant' });
    expect(await versionsOf(deployed.Versioned, 'plain.txt')).toEqual([versionId]);
  });

  test('loses an SSE-S3 object to quarantine, whole: bytes, metadata, tags, content type, under the quarantine key', async () => {
    const { body, versionId } = await upload(deployed.Versioned, 'wrong.bin', {
      ServerSideEncryption: 'AES256',
      ContentType: 'application/x-test',
      Metadata: { owner: 'team a' },
      Tagging: 'project=x',
    });
    const verdict = await verdictOn(deployed.Versioned, 'wrong.bin', versionId);
    expect(verdict).toMatchObject({ outcome: 'quarantined', reason: 'wrong-scheme' });
    expect(await versionsOf(deployed.Versioned, 'wrong.bin')).toEqual([]);
    const copy = await contentAt(verdict.location);
    expect(copy.bytes.equals(body)).toBe(true);
    expect(copy).toMatchObject({ bucket: deployed.Quarantine, ContentType: 'application/x-test', Metadata: { owner: 'team a' } });
    expect(copy).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: deployed.QuarantineKey });
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: copy.bucket, Key: copy.key }));
    expect(TagSet).toEqual([{ Key: 'project', Value: 'x' }]);
  });

  test('gets a receipt for what it lost, which names origin, reason and copy', async () => {
    const { versionId } = await upload(deployed.Versioned, 'receipted', { ServerSideEncryption: 'AES256' });
    await verdictOn(deployed.Versioned, 'receipted', versionId);
    const receipt = await contentAt(`s3://${deployed.Quarantine}/receipts/${deployed.Versioned}/receipted/${versionId}.json`);
    expect(JSON.parse(receipt.bytes.toString())).toMatchObject({
      origin: { bucket: deployed.Versioned, key: 'receipted', versionId, size: 1000 },
      copy: { bucket: deployed.Quarantine, key: `objects/${deployed.Versioned}/receipted/${versionId}` },
      violation: { reason: 'wrong-scheme', observed: 'SSE-S3' },
    });
  });

  test('shows the good version again when a wrong one that was laid over it is gone', async () => {
    const good = await upload(deployed.Versioned, 'overwritten');
    const wrong = await upload(deployed.Versioned, 'overwritten', { ServerSideEncryption: 'AES256' });
    await verdictOn(deployed.Versioned, 'overwritten', wrong.versionId);
    const current = await s3.send(new GetObjectCommand({ Bucket: deployed.Versioned, Key: 'overwritten' }));
    expect(Buffer.from((await current.Body?.transformToByteArray()) ?? []).equals(good.body)).toBe(true);
  });

  test.each([
    ['a space', 'with space'],
    ['a plus', 'a+b'],
    ['an encoded plus', 'a%2Bb'],
    ['unicode', 'ünïcödé/Ω'],
    ['a slash at its end', 'folder/'],
    ['two slashes', 'a//b'],
    ['query characters', "q?x=1&y#z'"],
    ['1,024 bytes', 'k'.repeat(1024)],
  ])('moves a wrong object whose name has %s under its exact name', async (_, key) => {
    const { versionId } = await upload(deployed.Versioned, key, { ServerSideEncryption: 'AES256' });
    expect(await verdictOn(deployed.Versioned, key, versionId)).toMatchObject({ outcome: 'quarantined' });
    expect(await versionsOf(deployed.Versioned, key)).toEqual([]);
  });

  test('tags an SSE-C object where it is, since only its uploader can copy it', async () => {
    const customerKey = randomBytes(32).toString('base64');
    const { versionId } = await upload(deployed.Versioned, 'customer', { SSECustomerAlgorithm: 'AES256', SSECustomerKey: customerKey });
    const verdict = await verdictOn(deployed.Versioned, 'customer', versionId);
    expect(verdict).toMatchObject({ outcome: 'tagged', reason: 'wrong-scheme', reducedBecause: expect.stringContaining('SSE-C') });
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: deployed.Versioned, Key: 'customer', VersionId: versionId }));
    expect(TagSet).toEqual([{ Key: 's3-encryption-guard:violation', Value: 'wrong-scheme' }]);
  });

  test('announces a violation as one EventBridge event', async () => {
    const { versionId } = await upload(deployed.Versioned, 'announced', { ServerSideEncryption: 'AES256' });
    const event = await eventually('violation event', async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: deployed.Violations, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      return Messages.map(({ Body = '' }) => JSON.parse(Body)).find(({ detail }) => detail.key === 'announced');
    });
    expect(event.detail).toMatchObject({ bucket: deployed.Versioned, versionId, outcome: 'quarantined', reason: 'wrong-scheme' });
  });
});

describe('a bucket without versions', () => {
  test('loses a wrong object to quarantine, and keeps a right one', async () => {
    const wrong = await upload(deployed.Unversioned, 'wrong', { ServerSideEncryption: 'AES256' });
    await upload(deployed.Unversioned, 'right');
    const verdict = await verdictOn(deployed.Unversioned, 'wrong');
    expect(verdict).toMatchObject({ outcome: 'quarantined' });
    expect((await contentAt(verdict.location)).bytes.equals(wrong.body)).toBe(true);
    await expect(s3.send(new HeadObjectCommand({ Bucket: deployed.Unversioned, Key: 'wrong' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    expect(await verdictOn(deployed.Unversioned, 'right')).toMatchObject({ outcome: 'compliant' });
    await s3.send(new HeadObjectCommand({ Bucket: deployed.Unversioned, Key: 'right' }));
  });
});

describe('other actions', () => {
  test('TAG leaves the object, keeps its tags, and adds the reason', async () => {
    await upload(deployed.Tagging, 'kept', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: deployed.QuarantineKey, Tagging: 'project=x' });
    expect(await verdictOn(deployed.Tagging, 'kept')).toMatchObject({ outcome: 'tagged', reason: 'wrong-scheme' });
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: deployed.Tagging, Key: 'kept' }));
    expect(TagSet).toEqual(
      expect.arrayContaining([
        { Key: 'project', Value: 'x' },
        { Key: 's3-encryption-guard:violation', Value: 'wrong-scheme' },
      ]),
    );
  });

  test('what cannot be verified is reported and left alone', async () => {
    const { versionId } = await upload(deployed.ClientSide, 'ciphertext', { StorageClass: 'GLACIER' });
    const verdict = await verdictOn(deployed.ClientSide, 'ciphertext', versionId);
    expect(verdict).toMatchObject({ outcome: 'reported', reason: 'client-side-unverifiable' });
    expect(await versionsOf(deployed.ClientSide, 'ciphertext')).toEqual([versionId]);
  });
});

test('a bucket that notifies the queue itself loses a wrong object all the same, whatever its key', async () => {
  const key = 'a folder/100% + ünï.txt';
  const { versionId } = await upload(deployed.Notifying, key, { ServerSideEncryption: 'AES256' });
  expect(await verdictOn(deployed.Notifying, key, versionId)).toMatchObject({ outcome: 'quarantined', reason: 'wrong-scheme' });
  expect(await versionsOf(deployed.Notifying, key)).toEqual([]);
});

describe('messages', () => {
  const send = (body: unknown) =>
    sqs.send(new SendMessageCommand({ QueueUrl: deployed.Queue, MessageBody: typeof body === 'string' ? body : JSON.stringify(body) }));

  const deadLetters = new Set<string>();
  const deadLetter = (body: string) =>
    eventually(`dead letter ${body.slice(0, 60)}`, async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: deployed.DeadLetters, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      for (const { Body = '' } of Messages) deadLetters.add(Body);
      return deadLetters.has(body) ? body : undefined;
    });

  test('an S3 event notification, with its form-encoded key, is judged like an event of EventBridge', async () => {
    const key = 'direct + ünï';
    const { versionId } = await upload(deployed.Versioned, key);
    await verdictOn(deployed.Versioned, key, versionId);
    const encodedKey = encodeURIComponent(key).replaceAll('%20', '+');
    const record = {
      eventVersion: '2.3',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: deployed.Versioned }, object: { key: encodedKey, versionId } },
    };
    await send({ Records: [record] });
    const verdicts = await eventually('second verdict', async () => {
      const lines = await verdictsOn(deployed.Logs, deployed.Versioned, key);
      return lines.length >= 2 ? lines : undefined;
    });
    expect(verdicts.map((line) => line.outcome)).toEqual(['compliant', 'compliant']);
  });

  test('one that the enforcer sent anew is judged as if it came first', async () => {
    const { versionId } = await upload(deployed.Versioned, 'throttled');
    await verdictOn(deployed.Versioned, 'throttled', versionId);
    const detail = { bucket: deployed.Versioned, key: 'throttled', versionId, resends: 1, resentSince: new Date().toISOString() };
    await send({ source: 'cdk-s3-encryption-guard', 'detail-type': 'Object To Verify', detail });
    await eventually('second verdict', async () => (await verdictsOn(deployed.Logs, deployed.Versioned, 'throttled'))[1]);
  });

  test('one that is malformed ends whole in the dead-letter queue, and its neighbours are judged', async () => {
    await send('{"not":"an event"}');
    const { versionId } = await upload(deployed.Versioned, 'neighbour');
    expect(await verdictOn(deployed.Versioned, 'neighbour', versionId)).toMatchObject({ outcome: 'compliant' });
    await deadLetter('{"not":"an event"}');
  });

  test('one about a bucket that is not enforced here ends in the dead-letter queue, and is never compliant', async () => {
    const record = {
      eventVersion: '2.3',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: deployed.Quarantine }, object: { key: 'x' } },
    };
    await send({ Records: [record] });
    await deadLetter(JSON.stringify({ Records: [record] }));
    expect(await verdictsOn(deployed.Logs, deployed.Quarantine, 'x')).toEqual([]);
  });
});

describe('a bucket whose versioning was suspended', () => {
  test('loses a wrong null version to quarantine, only as long as it is the current one', async () => {
    const suspended = { Bucket: deployed.Versioned, VersioningConfiguration: { Status: 'Suspended' } } as const;
    await s3.send(new PutBucketVersioningCommand(suspended));
    try {
      const { body } = await upload(deployed.Versioned, 'null-version', { ServerSideEncryption: 'AES256' });
      const verdict = await verdictOn(deployed.Versioned, 'null-version');
      expect(verdict).toMatchObject({ outcome: 'quarantined' });
      expect((await contentAt(verdict.location)).bytes.equals(body)).toBe(true);
      const head = s3.send(new HeadObjectCommand({ Bucket: deployed.Versioned, Key: 'null-version' }));
      await expect(head).rejects.toMatchObject({ name: 'NotFound' });
    } finally {
      await s3.send(new PutBucketVersioningCommand({ ...suspended, VersioningConfiguration: { Status: 'Enabled' } }));
      await s3.send(new DeleteObjectCommand({ Bucket: deployed.Versioned, Key: 'null-version', VersionId: 'null' }));
    }
  });
});
