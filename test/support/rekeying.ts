import { setTimeout } from 'node:timers/promises';
import {
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { eventually, type VerdictLine, verdictsOn } from './deployed-enforcement';
import type { Deployed } from './deployed-tamper';
import { rekeyed } from './events';

/**
 * The envelope of CloudTrail, put into the deployed queue as EventBridge would deliver it. The engine has no UpdateObjectEncryption, so the buckets'
 * own events are switched off, and objects are uploaded as re-keying would leave them.
 */
export function describeRekeying(deployed: () => Deployed): void {
  const s3 = new S3Client({ forcePathStyle: true });
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

  const upload = async (Bucket: string, Key: string, options: Partial<PutObjectCommandInput> = {}) =>
    (await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key, ...options }))).VersionId;
  const deliver = (bucket: string, key: string, versionId?: string) =>
    sqs.send(new SendMessageCommand({ QueueUrl: deployed().Queue, MessageBody: JSON.stringify(rekeyed({ bucket, key, versionId })) }));
  const verdictOn = (bucket: string, key: string): Promise<VerdictLine> =>
    eventually(`verdict on ${key}`, async () => (await verdictsOn(deployed().Logs, bucket, key))[0]);
  const versionsOf = async (Bucket: string, Prefix: string) =>
    ((await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }))).Versions ?? []).map(({ VersionId }) => VersionId);

  beforeAll(async () => {
    for (const Bucket of [deployed().Versioned, deployed().Unversioned, deployed().Tagging])
      await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} }));
  });

  test('of the version that it names is verified like an upload, also below a newer one', async () => {
    const { Versioned } = deployed();
    const key = 'a folder/100% + ünï.txt';
    const wrong = await upload(Versioned, key, { ServerSideEncryption: 'AES256' });
    const newer = await upload(Versioned, key);
    await deliver(Versioned, key, wrong);
    expect(await verdictOn(Versioned, key)).toMatchObject({ versionId: wrong, outcome: 'quarantined', reason: 'wrong-scheme' });
    expect(await versionsOf(Versioned, key)).toEqual([newer]);
  });

  test('without a version id is about the current version, and its verdict names it', async () => {
    const { Versioned } = deployed();
    const older = await upload(Versioned, 'current');
    // S3 tells whole seconds: of two versions of one second it is not known which one is older.
    await setTimeout(1_100);
    const wrong = await upload(Versioned, 'current', { ServerSideEncryption: 'AES256' });
    await deliver(Versioned, 'current');
    expect(await verdictOn(Versioned, 'current')).toMatchObject({ versionId: wrong, outcome: 'quarantined', uncovered: older });
    expect(await versionsOf(Versioned, 'current')).toEqual([older]);
  });

  test('as required is found compliant', async () => {
    const { Versioned } = deployed();
    const versionId = await upload(Versioned, 'right');
    await deliver(Versioned, 'right', versionId);
    expect(await verdictOn(Versioned, 'right')).toMatchObject({ versionId, outcome: 'compliant' });
  });

  test('in a bucket without versions is verified', async () => {
    const { Unversioned } = deployed();
    await upload(Unversioned, 'wrong', { ServerSideEncryption: 'AES256' });
    await deliver(Unversioned, 'wrong');
    expect(await verdictOn(Unversioned, 'wrong')).toMatchObject({ outcome: 'quarantined', reason: 'wrong-scheme' });
    expect(await versionsOf(Unversioned, 'wrong')).toEqual([]);
  });

  test('ends in a tag where the action is TAG', async () => {
    const { Tagging, KeyArn } = deployed();
    const versionId = await upload(Tagging, 'tagged', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KeyArn });
    await deliver(Tagging, 'tagged', versionId);
    expect(await verdictOn(Tagging, 'tagged')).toMatchObject({ outcome: 'tagged', reason: 'wrong-scheme' });
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: Tagging, Key: 'tagged', VersionId: versionId }));
    expect(TagSet).toEqual([{ Key: 's3-encryption-guard:violation', Value: 'wrong-scheme' }]);
  });
}
