import { randomBytes, randomUUID } from 'node:crypto';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  type BucketVersioningStatus,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ObjectVersion } from '../../lambda/shared/object-store';
import { S3ObjectStore } from '../../lambda/shared/s3-object-store';
import type { Content, ContractUpload, StoreUnderTest } from '../support/lambda-contract-setting';
import { describeObjectStore } from '../support/object-store-contract';

/** Rows of the contract where MiniStack is not like AWS. */
const ENGINE_DIFFERS: Readonly<Record<string, string>> = {
  'head of an object from before versioning tells the version id `null`': 'it tells no version id',
  'a copy under SSE-KMS has another ETag than its original': 'the ETag is the MD5 of the content, however it is encrypted',
  'deleting the current object where versioning is on lays a marker with an id, and the null version stays':
    'the null version is lost below the marker',
};

const s3 = new S3Client({ forcePathStyle: true });
const kms = new KMSClient({});
let kmsKeyArn = '';

beforeAll(async () => {
  kmsKeyArn = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
});

afterAll(() => {
  s3.destroy();
  kms.destroy();
});

function onEngine(): StoreUnderTest {
  return { store: new S3ObjectStore(s3), kmsKeyArn, createBucket, setVersioning, put, remove, content, versionIds };
}

async function createBucket(versioning: 'never' | 'enabled' | 'suspended'): Promise<string> {
  const Bucket = `contract-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  // Without it the engine reports no encryption for uploads that ask for none; AWS reports AES256.
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }];
  await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  if (versioning !== 'never') await setVersioning(Bucket, versioning);
  return Bucket;
}

async function setVersioning(Bucket: string, versioning: 'enabled' | 'suspended'): Promise<void> {
  const Status: BucketVersioningStatus = versioning === 'enabled' ? 'Enabled' : 'Suspended';
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
}

async function put(Bucket: string, Key: string, { body, encryption = 'SSE-S3', metadata, tags = {} }: ContractUpload) {
  const Tagging = new URLSearchParams(tags).toString();
  const input = { Bucket, Key, Body: body, Metadata: metadata, Tagging, ...encryptionHeaders(encryption) };
  const { VersionId: versionId, ETag: etag = '' } = await s3.send(new PutObjectCommand(input));
  return { versionId, etag };
}

function encryptionHeaders(encryption: Required<ContractUpload>['encryption']): Partial<PutObjectCommandInput> {
  switch (encryption) {
    case 'SSE-S3':
      return { ServerSideEncryption: 'AES256' };
    case 'SSE-KMS':
      return { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn };
    case 'SSE-C':
      return { SSECustomerAlgorithm: 'AES256', SSECustomerKey: randomBytes(32).toString('base64') };
  }
}

async function remove(Bucket: string, Key: string): Promise<string | undefined> {
  const { DeleteMarker, VersionId } = await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  return DeleteMarker ? VersionId : undefined;
}

async function content({ bucket: Bucket, key: Key, versionId: VersionId }: ObjectVersion): Promise<Content> {
  const { Body, Metadata = {} } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId }));
  const tags = Object.fromEntries(TagSet.map((tag) => [tag.Key ?? '', tag.Value ?? '']));
  return { body: (await Body?.transformToString()) ?? '', metadata: Metadata, tags };
}

async function versionIds(Bucket: string, key: string): Promise<string[]> {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: key }));
  return Versions.filter(({ Key }) => Key === key).map(({ VersionId = '' }) => VersionId);
}

describeObjectStore('S3ObjectStore on the local engine', onEngine, ENGINE_DIFFERS);
