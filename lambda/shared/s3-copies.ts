import { CopyObjectCommand, type CopyObjectCommandInput, type S3Client, type StorageClass } from '@aws-sdk/client-s3';
import type { CopyAnswer, EncryptedTarget, ObjectVersion, TargetCondition } from './object-store';
import { changedOrRefused } from './s3-errors';
import { asQuery, conditionHeaders, copySource, encryptionHeaders, LONG_REQUEST } from './s3-requests';

type Target = Omit<CopyObjectCommandInput, 'CopySource' | 'CopySourceIfMatch'>;

/** Copies one version inside S3 with what describes it, while its ETag is the one that was judged. */
export async function copyObject(client: S3Client, source: ObjectVersion, etag: string, target: Target): Promise<CopyAnswer> {
  try {
    const copied = await client.send(
      new CopyObjectCommand({
        MetadataDirective: 'COPY',
        TaggingDirective: 'COPY',
        AnnotationDirective: 'COPY',
        ...target,
        CopySource: copySource(source),
        CopySourceIfMatch: etag,
      }),
      LONG_REQUEST,
    );
    return { status: 'copied', versionId: copied.VersionId };
  } catch (error) {
    return changedOrRefused(error);
  }
}

/** Conditions hold for the current object only: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function conditionalTarget(target: EncryptedTarget, condition: TargetCondition | undefined): Target {
  const { tags } = target;
  return {
    ...statedTarget(target),
    ...(tags !== undefined && { TaggingDirective: 'REPLACE', Tagging: asQuery(tags) }),
    ...conditionHeaders(condition),
  };
}

/** What a copy has to be told besides what it takes from its source. */
export function statedTarget({ bucket, key, encryption, notCopied }: EncryptedTarget) {
  return {
    Bucket: bucket,
    Key: key,
    ...encryptionHeaders(encryption),
    // Whatever S3 named, also a class that is newer than the SDK.
    StorageClass: notCopied?.storageClass as StorageClass | undefined,
    WebsiteRedirectLocation: notCopied?.websiteRedirectLocation,
  };
}
