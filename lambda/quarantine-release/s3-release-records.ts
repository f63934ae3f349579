import { GetObjectCommand, HeadObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CONNECTION } from '../shared/connection';
import { RetryableError } from '../shared/errors';
import type { CopyTarget, TargetCondition } from '../shared/object-store';
import { isNoSuchKey, isPreconditionFailed, retryable } from '../shared/s3-errors';
import { conditionHeaders, encryptedTarget } from '../shared/s3-requests';
import type { CopyVersion, DeleteMarker, ReleaseRecord, ReleaseRecords } from './release-record';

/** Records in the quarantine bucket in Amazon S3, and what lies there under the key of a copy. */
export class S3ReleaseRecords implements ReleaseRecords {
  /** @param forcePathStyle - for an endpoint of one's own, which serves buckets as paths, not as host names */
  static connect(quarantine: { readonly bucket: string; readonly keyArn: string }, forcePathStyle: boolean): S3ReleaseRecords {
    return new S3ReleaseRecords(quarantine, new S3Client({ forcePathStyle, requestHandler: CONNECTION }));
  }

  constructor(
    private readonly quarantine: { readonly bucket: string; readonly keyArn: string },
    private readonly client: S3Client,
  ) {}

  async read(key: string): Promise<{ record: ReleaseRecord; etag: string } | undefined> {
    try {
      const { Body, ETag } = await this.client.send(new GetObjectCommand({ Bucket: this.quarantine.bucket, Key: key }));
      if (Body === undefined || ETag === undefined) throw new RetryableError(`GetObject of ${key} answered without content or ETag`);
      return { record: JSON.parse(await Body.transformToString()), etag: ETag };
    } catch (error) {
      if (isNoSuchKey(error)) return undefined;
      throw retryable(error);
    }
  }

  async write(key: string, record: ReleaseRecord, condition: TargetCondition): Promise<string | undefined> {
    const target: CopyTarget = { bucket: this.quarantine.bucket, key, kmsKeyArn: this.quarantine.keyArn };
    const content = { Body: JSON.stringify(record, undefined, 2), ContentType: 'application/json' };
    try {
      const { ETag } = await this.client.send(
        new PutObjectCommand({ ...encryptedTarget(target), ...content, ...conditionHeaders(condition) }),
      );
      if (ETag === undefined) throw new RetryableError(`PutObject of ${key} answered without an ETag`);
      return ETag;
    } catch (error) {
      // A condition on an object that is not there is answered 404: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
      if (isPreconditionFailed(error) || isNoSuchKey(error)) return undefined;
      throw retryable(error);
    }
  }

  async versionsOf(copyKey: string): Promise<readonly CopyVersion[]> {
    const { bucket: Bucket } = this.quarantine;
    const found: CopyVersion[] = [];
    let after: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    try {
      for (;;) {
        const page = await this.client.send(new ListObjectVersionsCommand({ Bucket, Prefix: copyKey, ...after }));
        const { Versions = [], DeleteMarkers = [], IsTruncated } = page;
        for (const { Key, VersionId = 'null' } of Versions) {
          if (Key === copyKey) found.push({ versionId: VersionId, isDeleteMarker: false, lock: await this.lockOf(copyKey, VersionId) });
        }
        const markers = DeleteMarkers.filter(({ Key }) => Key === copyKey);
        found.push(...markers.map(({ VersionId = 'null' }) => ({ versionId: VersionId, isDeleteMarker: true })));
        // Keys come in order, and those that only begin so come after it.
        if (!IsTruncated || page.NextKeyMarker !== copyKey) return found;
        after = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      }
    } catch (error) {
      throw retryable(error);
    }
  }

  /** Keys come in order, the one that is as short as the prefix first, and of each the newest version first. */
  async deleteMarkerOn({ bucket: Bucket, key }: { readonly bucket: string; readonly key: string }): Promise<DeleteMarker | undefined> {
    try {
      // A key may have characters that XML has not.
      const request = new ListObjectVersionsCommand({ Bucket, Prefix: key, MaxKeys: 1, EncodingType: 'url' });
      const { DeleteMarkers: [marker] = [], EncodingType } = await this.client.send(request);
      if (marker?.Key === undefined) return undefined;
      const found = EncodingType === 'url' ? decodeURIComponent(marker.Key.replaceAll('+', ' ')) : marker.Key;
      return found === key ? { versionId: marker.VersionId ?? 'null', lastModified: marker.LastModified } : undefined;
    } catch (error) {
      throw retryable(error);
    }
  }

  /** Told to whoever may read retention and legal hold. */
  private async lockOf(Key: string, VersionId: string): Promise<string | undefined> {
    const request = new HeadObjectCommand({ Bucket: this.quarantine.bucket, Key, VersionId });
    const { ObjectLockMode, ObjectLockRetainUntilDate: until, ObjectLockLegalHoldStatus } = await this.client.send(request);
    if (ObjectLockLegalHoldStatus === 'ON') return 'a legal hold is on it';
    const isRetained = ObjectLockMode !== undefined && until !== undefined && until.getTime() > Date.now();
    return isRetained ? `${ObjectLockMode} retention until ${until.toISOString()}` : undefined;
  }
}
