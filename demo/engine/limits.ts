import { CreateKeyCommand, DisableKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UpdateObjectEncryptionCommand,
} from '@aws-sdk/client-s3';
import type { EngineLimit } from '../matrix/upload-case';

export interface ProbedEngine {
  readonly limits: readonly EngineLimit[];
  /** The account that the demo's credentials belong to, as the engine sees it. */
  readonly account: string;
}

const s3 = () => new S3Client({ forcePathStyle: true });

/** Asks the engine in which ways it is not like AWS, on a bucket and a key of the probe's own, which it removes. */
export async function probeEngine(): Promise<ProbedEngine> {
  const kms = new KMSClient({});
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'probe' }));
  const keyArn = KeyMetadata?.Arn ?? '';
  const object = { Bucket: `limits-probe-${Date.now()}`, Key: 'probe' };
  await s3().send(new CreateBucketCommand({ Bucket: object.Bucket }));
  try {
    const limits: EngineLimit[] = [];
    if (!(await isDsseKeyReported(object, keyArn))) limits.push('DSSE key not reported');
    if (!(await isEncryptedAnew(object, keyArn))) limits.push('UpdateObjectEncryption destroys');
    await kms.send(new DisableKeyCommand({ KeyId: keyArn }));
    if (await isDisabledKeyTaken(object, keyArn)) limits.push('KMS permissions not checked');
    return { limits, account: keyArn.split(':')[4] ?? '' };
  } finally {
    await s3().send(new DeleteObjectCommand(object));
    await s3().send(new DeleteBucketCommand({ Bucket: object.Bucket }));
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn }));
  }
}

async function isDsseKeyReported(object: { Bucket: string; Key: string }, keyArn: string): Promise<boolean> {
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms:dsse' as const, KMSMasterKeyID: keyArn } }];
  await s3().send(new PutBucketEncryptionCommand({ Bucket: object.Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  await s3().send(new PutObjectCommand({ ...object, Body: 'probe' }));
  const head = await s3().send(new HeadObjectCommand(object));
  return head.ServerSideEncryption === 'aws:kms:dsse' && head.SSEKMSKeyId === keyArn;
}

/** An engine that does not know the call may take it for an upload, and of nothing. */
async function isEncryptedAnew(object: { Bucket: string; Key: string }, keyArn: string): Promise<boolean> {
  await s3().send(new PutObjectCommand({ ...object, Body: 'probe', ServerSideEncryption: 'AES256' }));
  try {
    await s3().send(
      new UpdateObjectEncryptionCommand({ ...object, ObjectEncryption: { SSEKMS: { KMSKeyArn: keyArn, BucketKeyEnabled: true } } }),
    );
  } catch (error) {
    if (error instanceof S3ServiceException) return false;
    throw error;
  }
  const head = await s3().send(new HeadObjectCommand(object));
  return head.ContentLength === 'probe'.length && head.SSEKMSKeyId === keyArn;
}

/** AWS refuses an upload under a key that is disabled. */
async function isDisabledKeyTaken(object: { Bucket: string; Key: string }, keyArn: string): Promise<boolean> {
  try {
    await s3().send(new PutObjectCommand({ ...object, Body: 'probe', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn }));
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException) return false;
    throw error;
  }
}
