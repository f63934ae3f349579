import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CONNECTION } from '../shared/connection';
import { RetryableError } from '../shared/errors';
import type { HeadAnswer } from '../shared/object-store';
import { headStatus, retryable } from '../shared/s3-errors';
import type { Canary, CanaryBucket } from './release-canary';

const CONTENT =
  'Written under SSE-S3 into a bucket that requires SSE-KMS, on purpose: the encryption canary looks whether the encryption enforcer moves it to quarantine.';

/** The canary's bucket in Amazon S3. */
export class S3CanaryBucket implements CanaryBucket {
  /** @param forcePathStyle - for an endpoint of one's own, which serves buckets as paths, not as host names */
  static connect(bucket: string, forcePathStyle: boolean): S3CanaryBucket {
    return new S3CanaryBucket(bucket, new S3Client({ forcePathStyle, requestHandler: CONNECTION }));
  }

  constructor(
    private readonly bucket: string,
    private readonly client: S3Client,
  ) {}

  async writeWrongObject(key: string): Promise<Canary> {
    const versionId = await this.put(key);
    if (versionId === undefined || versionId === 'null') {
      throw new Error(`The canary's bucket ${this.bucket} is not versioned, so no version of it can be watched; enable versioning`);
    }
    return { key, versionId };
  }

  async isGone(canary: Canary): Promise<boolean> {
    const { status } = await this.head(canary);
    if (status === 'found' || status === 'gone') return status === 'gone';
    throw new RetryableError(`S3 does not say whether ${canary.key} is still in ${this.bucket}: HeadObject is ${status}`);
  }

  private async put(key: string): Promise<string | undefined> {
    try {
      const object = { Bucket: this.bucket, Key: key, Body: CONTENT, ContentType: 'text/plain' };
      return (await this.client.send(new PutObjectCommand({ ...object, ServerSideEncryption: 'AES256' }))).VersionId;
    } catch (error) {
      throw retryable(error);
    }
  }

  private async head({ key, versionId }: Canary): Promise<Pick<HeadAnswer, 'status'>> {
    try {
      await this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key: key, VersionId: versionId }));
      return { status: 'found' };
    } catch (error) {
      return headStatus(error);
    }
  }
}
