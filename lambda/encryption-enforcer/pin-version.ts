import type { BucketRules } from '../shared/bucket-rules';
import { type ObjectStore, unquoted } from '../shared/object-store';
import type { WrittenObject } from './parse-event';

/**
 * The very version that was re-keyed, for a message that can be repeated: CloudTrail tells no ETag, and a version id only where the caller gave
 * one. Without it the current version is meant (https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateObjectEncryption.html). That must
 * be settled before anything is done, since another version is the current one once this one is in quarantine.
 *
 * @returns undefined where there is nothing to pin: for what is no re-keying, or is pinned already, is gone, or is not described by S3
 */
export async function pinnedVersion(
  object: WrittenObject,
  { rules, store }: { readonly rules: BucketRules; readonly store: ObjectStore },
): Promise<WrittenObject | undefined> {
  if (!object.rekeyed || object.etag !== undefined) return undefined;
  const { bucket, key, versionId } = object;
  // A message can name any bucket, somebody else's too; one that is not enforced here is asked nothing.
  await rules.cached(bucket);
  const answer = await store.head({ bucket, key, versionId });
  if (answer.status !== 'found') return undefined;
  return { ...object, versionId: answer.head.versionId ?? versionId, etag: unquoted(answer.head.etag) };
}
