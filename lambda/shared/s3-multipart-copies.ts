import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectAnnotationsCommand,
  ListPartsCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { RetryableError } from './errors';
import type {
  AnnotationsAnswer,
  Changed,
  CompleteAnswer,
  CopiedPart,
  CopyTarget,
  EncryptedTarget,
  MultipartCopy,
  ObjectVersion,
  PartAnswer,
  PartRange,
  StartAnswer,
  Tags,
  TargetCondition,
} from './object-store';
import { statedTarget } from './s3-copies';
import {
  changedOrRefused,
  goneOrChanged,
  isInvalidPart,
  isNoSuchUpload,
  isNotSupported,
  isPreconditionFailed,
  isUploadGone,
  retryable,
} from './s3-errors';
import { address, asQuery, conditionHeaders, copySource, encryptedTarget, LONG_REQUEST } from './s3-requests';

type Headers = Pick<
  CreateMultipartUploadCommandInput,
  'Metadata' | 'CacheControl' | 'ContentDisposition' | 'ContentEncoding' | 'ContentLanguage' | 'ContentType' | 'Expires'
>;

/**
 * Copies in parts, for what is larger than one request copies: https://docs.aws.amazon.com/AmazonS3/latest/userguide/CopyingObjectsMPUapi.html.
 * What one request would copy by itself is read from the source, and stated.
 */
export class S3MultipartCopies {
  constructor(private readonly client: S3Client) {}

  async start(source: ObjectVersion, etag: string, target: CopyTarget | EncryptedTarget): Promise<StartAnswer> {
    const headers = await this.headersOf(source, etag);
    if ('status' in headers) return headers;
    try {
      const tags = await this.tagsFor(source, target);
      const stated = 'encryption' in target ? statedTarget(target) : encryptedTarget(target);
      const request = new CreateMultipartUploadCommand({ ...stated, ...headers, Tagging: asQuery(tags) });
      const created = await this.client.send(request);
      if (created.UploadId === undefined) throw new RetryableError('CreateMultipartUpload answered without an upload id');
      return { status: 'started', uploadId: created.UploadId };
    } catch (error) {
      return changedOrRefused(error);
    }
  }

  async find(target: CopyTarget): Promise<MultipartCopy | undefined> {
    try {
      const request = new ListMultipartUploadsCommand({ Bucket: target.bucket, Prefix: target.key });
      const { Uploads = [] } = await this.client.send(request);
      const uploadId = Uploads.find(({ Key }) => Key === target.key)?.UploadId;
      return uploadId === undefined ? undefined : { target, uploadId };
    } catch (error) {
      throw retryable(error);
    }
  }

  async parts(copy: MultipartCopy): Promise<readonly CopiedPart[] | undefined> {
    const found: CopiedPart[] = [];
    let marker: string | undefined;
    try {
      do {
        const page = await this.client.send(new ListPartsCommand({ ...uploadOf(copy), PartNumberMarker: marker }));
        found.push(...(page.Parts ?? []).map(({ PartNumber = 0, ETag = '' }) => ({ number: PartNumber, etag: ETag })));
        // S3 names a next marker on the last page as well, so that the paginator of the SDK begins anew for ever, as that of Go did:
        // https://github.com/aws/aws-sdk-go-v2/issues/1140
        marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
      } while (marker !== undefined);
      return found;
    } catch (error) {
      if (isUploadGone(error)) return undefined;
      throw retryable(error);
    }
  }

  async copyPart(source: ObjectVersion, etag: string, copy: MultipartCopy, range: PartRange, abort: AbortSignal): Promise<PartAnswer> {
    const { number, first, last } = range;
    const request = new UploadPartCopyCommand({
      ...uploadOf(copy),
      PartNumber: number,
      CopySource: copySource(source),
      CopySourceIfMatch: etag,
      CopySourceRange: `bytes=${first}-${last}`,
    });
    try {
      const { CopyPartResult } = await this.client.send(request, { ...LONG_REQUEST, abortSignal: abort });
      if (CopyPartResult?.ETag === undefined) throw new RetryableError('UploadPartCopy answered without an ETag');
      return { status: 'copied', part: { number, etag: CopyPartResult.ETag } };
    } catch (error) {
      return isNoSuchUpload(error) ? { status: 'upload-gone' } : changedOrRefused(error);
    }
  }

  async complete(
    copy: MultipartCopy,
    parts: readonly CopiedPart[],
    abort: AbortSignal,
    condition?: TargetCondition,
  ): Promise<CompleteAnswer> {
    const Parts = [...parts].sort((a, b) => a.number - b.number).map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
    try {
      const request = new CompleteMultipartUploadCommand({ ...uploadOf(copy), ...conditionHeaders(condition), MultipartUpload: { Parts } });
      const { VersionId } = await this.client.send(request, { ...LONG_REQUEST, abortSignal: abort });
      return { status: 'copied', versionId: VersionId };
    } catch (error) {
      if (isInvalidPart(error)) return { status: 'part-changed' };
      if (isNoSuchUpload(error)) return { status: 'upload-gone' };
      if (isPreconditionFailed(error)) return { status: 'changed' };
      throw retryable(error);
    }
  }

  async abandon(copy: MultipartCopy): Promise<void> {
    try {
      await this.client.send(new AbortMultipartUploadCommand(uploadOf(copy)));
    } catch (error) {
      if (!isUploadGone(error)) throw retryable(error);
    }
  }

  /** One that S3 does not know cannot have been made. [How S3 says so in Regions without annotations is an assumption.] */
  async annotations(object: ObjectVersion): Promise<AnnotationsAnswer> {
    try {
      const request = new ListObjectAnnotationsCommand({ ...address(object), MaxAnnotationResults: 1 });
      const { Annotations = [] } = await this.client.send(request);
      return { status: Annotations.length > 0 ? 'some' : 'none' };
    } catch (error) {
      return isNotSupported(error) ? { status: 'none' } : changedOrRefused(error);
    }
  }

  private async tagsFor(source: ObjectVersion, target: CopyTarget | EncryptedTarget): Promise<Tags> {
    if ('encryption' in target && target.tags !== undefined) return target.tags;
    const { TagSet = [] } = await this.client.send(new GetObjectTaggingCommand(address(source)));
    return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  }

  private async headersOf(source: ObjectVersion, etag: string): Promise<Headers | Changed> {
    try {
      const { Metadata, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType, ExpiresString } =
        await this.client.send(new HeadObjectCommand({ ...address(source), IfMatch: etag }));
      return { Metadata, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType, Expires: asDate(ExpiresString) };
    } catch (error) {
      return goneOrChanged(error);
    }
  }
}

/** S3 keeps whatever text an uploader gave, such as `0`; the SDK sends only dates, so that anything else is left out. */
function asDate(text = ''): Date | undefined {
  const date = new Date(text);
  return /GMT$/.test(text) && !Number.isNaN(date.getTime()) ? date : undefined;
}

function uploadOf({ target, uploadId }: MultipartCopy) {
  return { Bucket: target.bucket, Key: target.key, UploadId: uploadId };
}
