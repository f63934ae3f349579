import { SERVER_SIDE_SCHEMES } from '../../lib/domain/scheme';
import type { TargetEncryption } from '../../lib/domain/target-encryption';
import type { CopyTarget, ObjectVersion, Tags, TargetCondition } from './object-store';

/** What S3 copies, or puts together, inside itself; 5 GB take longest. All other answers come at once, or not at all. */
export const LONG_REQUEST = { requestTimeout: 100_000 };

export function address({ bucket, key, versionId }: ObjectVersion): { Bucket: string; Key: string; VersionId?: string } {
  return { Bucket: bucket, Key: key, ...(versionId !== undefined && { VersionId: versionId }) };
}

export function encryptedTarget({ bucket, key, kmsKeyArn }: CopyTarget) {
  return { Bucket: bucket, Key: key, ...encryptionHeaders({ scheme: 'SSE-KMS', keyArn: kmsKeyArn }) };
}

/** The KMS key is named by its ARN: S3 resolves anything else in the account of the caller. */
export function encryptionHeaders(encryption: TargetEncryption) {
  const { defaultEncryption, supportsBucketKey } = SERVER_SIDE_SCHEMES[encryption.scheme];
  return {
    ServerSideEncryption: defaultEncryption,
    ...('keyArn' in encryption && { SSEKMSKeyId: encryption.keyArn }),
    ...(supportsBucketKey && { BucketKeyEnabled: true }),
  };
}

/** Encoded, since it travels in a header; the slashes of the key stay. */
export function copySource({ bucket, key, versionId }: ObjectVersion): string {
  const path = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  return versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
}

export function conditionHeaders(condition: TargetCondition | undefined): { IfMatch?: string; IfNoneMatch?: string } {
  if (condition === undefined) return {};
  return 'ifMatch' in condition ? { IfMatch: condition.ifMatch } : { IfNoneMatch: '*' };
}

/** As the header `x-amz-tagging` has them; without any, the copy has none. */
export function asQuery(tags: Tags): string | undefined {
  const pairs = Object.entries(tags).map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? undefined : pairs.join('&');
}
