import { randomBytes } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type HeadObjectCommandInput,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { RetryableError } from './errors';
import type {
  Changed,
  CopyAnswer,
  CopyTarget,
  DeleteAnswer,
  HeadAnswer,
  ObjectStore,
  ObjectVersion,
  Refusal,
  TaggingAnswer,
  Tags,
  TagsAnswer,
} from './object-store';

/**
 * Errors that the same request will meet again: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
 * Every other error is worth another try, and ends in the dead-letter queue if it stays.
 */
const FINAL_ERRORS: ReadonlySet<string> = new Set([
  'AccessDenied',
  'BadRequest',
  'EntityTooLarge',
  'InvalidArgument',
  'InvalidObjectState',
  'InvalidRequest',
  'InvalidTag',
  'KMS.DisabledException',
  'KMS.KMSInvalidStateException',
  'KMS.NotFoundException',
  'ObjectNotInActiveTierError',
]);

/** The SDK waits for ever unless told otherwise; a copy of 5 GB is what takes longest. */
const CONNECTION = { connectionTimeout: 3_000, requestTimeout: 100_000, throwOnRequestTimeout: true };

/** The objects of Amazon S3. The only file that speaks to the S3 API. */
export class S3ObjectStore implements ObjectStore {
  /** @param forcePathStyle - for an endpoint of one's own, which serves buckets as paths, not as host names */
  static connect(forcePathStyle: boolean): S3ObjectStore {
    return new S3ObjectStore(new S3Client({ forcePathStyle, requestHandler: CONNECTION }));
  }

  private readonly throwAwayKey = randomBytes(32);

  constructor(private readonly client: S3Client) {}

  head(object: ObjectVersion): Promise<HeadAnswer> {
    return this.sendHead(address(object));
  }

  headWithThrowAwayKey(object: ObjectVersion): Promise<HeadAnswer> {
    return this.sendHead({ ...address(object), SSECustomerAlgorithm: 'AES256', SSECustomerKey: this.throwAwayKey.toString('base64') });
  }

  async copy(source: ObjectVersion, etag: string, target: CopyTarget): Promise<CopyAnswer> {
    try {
      const copied = await this.client.send(
        new CopyObjectCommand({
          ...encryptedTarget(target),
          CopySource: copySource(source),
          CopySourceIfMatch: etag,
          MetadataDirective: 'COPY',
          TaggingDirective: 'COPY',
          AnnotationDirective: 'COPY',
        }),
      );
      return { status: 'copied', versionId: copied.VersionId };
    } catch (error) {
      return changedOrRefused(error);
    }
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

  async tags(object: ObjectVersion): Promise<TagsAnswer> {
    try {
      const { TagSet = [] } = await this.client.send(new GetObjectTaggingCommand(address(object)));
      return { status: 'found', tags: Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value])) };
    } catch (error) {
      return untaggable(error);
    }
  }

  async replaceTags(object: ObjectVersion, tags: Tags): Promise<TaggingAnswer> {
    const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    try {
      await this.client.send(new PutObjectTaggingCommand({ ...address(object), Tagging: { TagSet } }));
      return { status: 'tagged' };
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
      if (nameOf(error) === 'NoSuchKey') return undefined;
      throw retryable(error);
    }
  }

  private async sendHead(input: HeadObjectCommandInput): Promise<HeadAnswer> {
    try {
      const answer = await this.client.send(new HeadObjectCommand(input));
      const { ContentLength: size, ETag: etag, VersionId: versionId, LastModified: lastModified } = answer;
      if (size === undefined || etag === undefined) throw new RetryableError('HeadObject answered without size or ETag');
      return { status: 'found', head: { encryption: answer, size, etag, versionId, lastModified } };
    } catch (error) {
      return headStatus(error);
    }
  }
}

function address({ bucket, key, versionId }: ObjectVersion): { Bucket: string; Key: string; VersionId?: string } {
  return { Bucket: bucket, Key: key, ...(versionId !== undefined && { VersionId: versionId }) };
}

function encryptedTarget({ bucket, key, kmsKeyArn }: CopyTarget) {
  return { Bucket: bucket, Key: key, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn, BucketKeyEnabled: true } as const;
}

/** Encoded, since it travels in a header; the slashes of the key stay. */
function copySource({ bucket, key, versionId }: ObjectVersion): string {
  const path = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  return versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
}

/** HEAD errors carry no body, hence no code: only the status tells. */
function headStatus(error: unknown): HeadAnswer {
  switch (statusOf(error)) {
    case 400:
      return { status: 'bad-request' };
    case 403:
      return { status: 'forbidden' };
    case 404: // no such object or version, or the current version is a delete marker
    case 405: // the version is a delete marker
      return { status: 'gone' };
    default:
      throw retryable(error);
  }
}

function changedOrRefused(error: unknown): Changed | Refusal {
  if (statusOf(error) === 412) return { status: 'changed' };
  return goneOrRefused(error);
}

/** 405: the version is a delete marker. */
function untaggable(error: unknown): { status: 'gone' } | Refusal {
  return statusOf(error) === 405 ? { status: 'gone' } : goneOrRefused(error);
}

function goneOrRefused(error: unknown): { status: 'gone' } | Refusal {
  const name = nameOf(error);
  if (name === 'NoSuchKey' || name === 'NoSuchVersion') return { status: 'gone' };
  if (FINAL_ERRORS.has(name)) return { status: 'refused', why: `${name}: ${messageOf(error)}` };
  throw retryable(error);
}

function retryable(error: unknown): RetryableError {
  if (error instanceof RetryableError) return error;
  return new RetryableError(`S3 answered ${statusOf(error) ?? 'nothing'}: ${nameOf(error)}: ${messageOf(error)}`, { cause: error });
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown error';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
