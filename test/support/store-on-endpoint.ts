import { randomBytes, randomUUID } from 'node:crypto';
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
  type S3Client,
  type StorageClass,
} from '@aws-sdk/client-s3';
import type { NotCopied, ObjectVersion } from '../../lambda/shared/object-store';
import { S3ObjectStore } from '../../lambda/shared/s3-object-store';
import type { Content, ContractUpload, StoreUnderTest } from './lambda-contract-setting';

/** The object store of the function on whatever speaks S3, with the uploader and the eyes that the contract needs. */
export class StoreOnEndpoint implements StoreUnderTest {
  readonly store: S3ObjectStore;

  constructor(
    private readonly s3: S3Client,
    readonly kmsKeyArn: string,
  ) {
    this.store = new S3ObjectStore(s3);
  }

  async createBucket(versioning: 'never' | 'enabled' | 'suspended'): Promise<string> {
    const Bucket = `contract-${randomUUID()}`;
    await this.s3.send(new CreateBucketCommand({ Bucket }));
    // Without it an engine may report no encryption for uploads that ask for none; AWS reports AES256.
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }];
    await this.s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
    if (versioning !== 'never') await this.setVersioning(Bucket, versioning);
    return Bucket;
  }

  async setVersioning(Bucket: string, versioning: 'enabled' | 'suspended'): Promise<void> {
    const Status: BucketVersioningStatus = versioning === 'enabled' ? 'Enabled' : 'Suspended';
    await this.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  }

  async put(Bucket: string, Key: string, { body, encryption = 'SSE-S3', metadata, tags = {}, notCopied }: ContractUpload) {
    const Tagging = new URLSearchParams(tags).toString();
    const input = { Bucket, Key, Body: body, Metadata: metadata, Tagging, ...this.encryptionHeaders(encryption), ...stated(notCopied) };
    const { VersionId: versionId, ETag: etag = '' } = await this.s3.send(new PutObjectCommand(input));
    return { versionId, etag };
  }

  async remove(Bucket: string, Key: string): Promise<string | undefined> {
    const { DeleteMarker, VersionId } = await this.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    return DeleteMarker ? VersionId : undefined;
  }

  async content({ bucket: Bucket, key: Key, versionId: VersionId }: ObjectVersion): Promise<Content> {
    const { Body, Metadata = {} } = await this.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    const { TagSet = [] } = await this.s3.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId }));
    const tags = Object.fromEntries(TagSet.map((tag) => [tag.Key ?? '', tag.Value ?? '']));
    return { body: (await Body?.transformToString()) ?? '', metadata: Metadata, tags };
  }

  async versionIds(Bucket: string, key: string): Promise<string[]> {
    const { Versions = [] } = await this.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: key }));
    return Versions.filter(({ Key }) => Key === key).map(({ VersionId = '' }) => VersionId);
  }

  private encryptionHeaders(encryption: Required<ContractUpload>['encryption']): Partial<PutObjectCommandInput> {
    switch (encryption) {
      case 'SSE-S3':
        return { ServerSideEncryption: 'AES256' };
      case 'SSE-KMS':
        return { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: this.kmsKeyArn };
      case 'SSE-C':
        return { SSECustomerAlgorithm: 'AES256', SSECustomerKey: randomBytes(32).toString('base64') };
    }
  }
}

function stated({ storageClass, websiteRedirectLocation }: NotCopied = {}): Partial<PutObjectCommandInput> {
  return { StorageClass: storageClass as StorageClass | undefined, WebsiteRedirectLocation: websiteRedirectLocation };
}
