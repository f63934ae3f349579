import { randomBytes } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type HeadObjectCommandInput,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  type S3ClientConfig,
  UpdateObjectEncryptionCommand,
} from '@aws-sdk/client-s3';
import { CONNECTION } from './connection';
import { RetryableError } from './errors';
import type {
  Checksum,
  CopiedPart,
  CopyAnswer,
  CopyTarget,
  DeleteAnswer,
  EncryptedTarget,
  HeadAnswer,
  MultipartCopy,
  ObjectStore,
  ObjectVersion,
  PartRange,
  ReadAnswer,
  RekeyAnswer,
  TaggingAnswer,
  Tags,
  TagsAnswer,
  TargetCondition,
} from './object-store';
import { S3BucketClients } from './s3-bucket-clients';
import { conditionalTarget, copyObject } from './s3-copies';
import { changedOrRefused, headStatus, isNoSuchKey, notRekeyed, retryable, untaggable } from './s3-errors';
import { S3MultipartCopies } from './s3-multipart-copies';
import { readStart } from './s3-read-start';
import { address, encryptedTarget } from './s3-requests';

/** The objects of Amazon S3. With its neighbours `s3-*.ts` the only code that speaks to the S3 API. */
export class S3ObjectStore implements ObjectStore {
  /** @param forcePathStyle - for an endpoint of one's own, which serves buckets as paths, not as host names */
  static connect(forcePathStyle: boolean, requestHandler: S3ClientConfig['requestHandler'] = CONNECTION): S3ObjectStore {
    // Not adaptive: one throttled copy would slow down every HEAD of this process for seconds, and a HEAD's 503, which names no
    // code, slows down nothing. What stays throttled is sent anew, with a delay.
    const config: S3ClientConfig = { forcePathStyle, requestHandler, retryMode: 'standard' };
    const client = new S3Client(config);
    const heads = new S3BucketClients(config, client);
    return new S3ObjectStore(client, (bucket) => heads.of(bucket));
  }

  private readonly throwAwayKey = randomBytes(32);
  private readonly multipart: S3MultipartCopies;

  /** @param headClient - of a bucket, for HEADs */
  constructor(
    private readonly client: S3Client,
    private readonly headClient: (bucket: string) => S3Client = () => client,
  ) {
    this.multipart = new S3MultipartCopies(client);
  }

  head(object: ObjectVersion): Promise<HeadAnswer> {
    return this.sendHead(address(object));
  }

  headWithThrowAwayKey(object: ObjectVersion): Promise<HeadAnswer> {
    return this.sendHead({ ...address(object), SSECustomerAlgorithm: 'AES256', SSECustomerKey: this.throwAwayKey.toString('base64') });
  }

  headWithChecksum(object: ObjectVersion): Promise<HeadAnswer> {
    return this.sendHead({ ...address(object), ChecksumMode: 'ENABLED' });
  }

  readStart(object: ObjectVersion, bytes: number, etag?: string): Promise<ReadAnswer> {
    return readStart(this.client, object, bytes, etag);
  }

  copy(source: ObjectVersion, etag: string, target: CopyTarget): Promise<CopyAnswer> {
    return copyObject(this.client, source, etag, encryptedTarget(target));
  }

  copyAs(source: ObjectVersion, etag: string, target: EncryptedTarget, condition?: TargetCondition): Promise<CopyAnswer> {
    return copyObject(this.client, source, etag, conditionalTarget(target, condition));
  }

  startCopy(source: ObjectVersion, etag: string, target: CopyTarget | EncryptedTarget) {
    return this.multipart.start(source, etag, target);
  }

  findCopy(target: CopyTarget) {
    return this.multipart.find(target);
  }

  copiedParts(copy: MultipartCopy) {
    return this.multipart.parts(copy);
  }

  copyPart(source: ObjectVersion, etag: string, copy: MultipartCopy, range: PartRange, abort: AbortSignal) {
    return this.multipart.copyPart(source, etag, copy, range, abort);
  }

  completeCopy(copy: MultipartCopy, parts: readonly CopiedPart[], abort: AbortSignal, condition?: TargetCondition) {
    return this.multipart.complete(copy, parts, abort, condition);
  }

  abandonCopy(copy: MultipartCopy) {
    return this.multipart.abandon(copy);
  }

  async deleteVersion(object: ObjectVersion & { readonly versionId: string }): Promise<DeleteAnswer> {
    try {
      await this.client.send(new DeleteObjectCommand(address(object)));
      return { status: 'deleted' };
    } catch (error) {
      return changedOrRefused(error);
    }
  }

  async deleteCurrent(object: ObjectVersion, etag: string): Promise<DeleteAnswer> {
    try {
      await this.client.send(new DeleteObjectCommand({ Bucket: object.bucket, Key: object.key, IfMatch: etag }));
      return { status: 'deleted' };
    } catch (error) {
      return changedOrRefused(error);
    }
  }

  async rekey(object: ObjectVersion & { readonly versionId: string }, kmsKeyArn: string): Promise<RekeyAnswer> {
    // Not to state the S3 Bucket Key takes it from an object that has one:
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_SSEKMSEncryption.html
    const ObjectEncryption = { SSEKMS: { KMSKeyArn: kmsKeyArn, BucketKeyEnabled: true } };
    try {
      await this.client.send(new UpdateObjectEncryptionCommand({ ...address(object), ObjectEncryption }));
      return { status: 'rekeyed' };
    } catch (error) {
      return notRekeyed(error);
    }
  }

  annotations(object: ObjectVersion) {
    return this.multipart.annotations(object);
  }

  async tags(object: ObjectVersion): Promise<TagsAnswer> {
    try {
      const { TagSet = [], VersionId: versionId } = await this.client.send(new GetObjectTaggingCommand(address(object)));
      return { status: 'found', tags: Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value])), versionId };
    } catch (error) {
      return untaggable(error);
    }
  }

  async replaceTags(object: ObjectVersion, tags: Tags): Promise<TaggingAnswer> {
    const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    try {
      const { VersionId: versionId } = await this.client.send(new PutObjectTaggingCommand({ ...address(object), Tagging: { TagSet } }));
      return { status: 'tagged', versionId };
    } catch (error) {
      return untaggable(error);
    }
  }

  async putDocument(target: CopyTarget, body: string): Promise<void> {
    try {
      await this.client.send(new PutObjectCommand({ ...encryptedTarget(target), Body: body, ContentType: 'application/json' }));
    } catch (error) {
      throw retryable(error);
    }
  }

  async readDocument(bucket: string, key: string): Promise<string | undefined> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToString();
    } catch (error) {
      if (isNoSuchKey(error)) return undefined;
      throw retryable(error);
    }
  }

  private async sendHead(input: ReturnType<typeof address> & Partial<HeadObjectCommandInput>): Promise<HeadAnswer> {
    try {
      const answer = await this.headClient(input.Bucket).send(new HeadObjectCommand(input));
      const {
        ContentLength: size,
        ETag: etag,
        VersionId: versionId,
        LastModified: lastModified,
        ReplicationStatus: replicationStatus,
        StorageClass: storageClass,
        WebsiteRedirectLocation: websiteRedirectLocation,
        Metadata: metadata,
      } = answer;
      if (size === undefined || etag === undefined) throw new RetryableError('HeadObject answered without size or ETag');
      return {
        status: 'found',
        head: {
          encryption: answer,
          size,
          etag,
          versionId,
          lastModified,
          replicationStatus,
          metadata,
          notCopied: { storageClass, websiteRedirectLocation },
          checksum: checksumOf(answer),
        },
      };
    } catch (error) {
      return headStatus(error);
    }
  }
}

/** A composite checksum is one of the parts' checksums, and depends on how the content was cut. */
function checksumOf(head: HeadObjectCommandOutput): Checksum | undefined {
  if (head.ChecksumType !== 'FULL_OBJECT') return undefined;
  const entry = Object.entries(head).find(([name, value]) => /^Checksum[A-Z0-9]+$/.test(name) && typeof value === 'string');
  return entry && { algorithm: entry[0], value: String(entry[1]) };
}
