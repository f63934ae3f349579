import { isNullVersion, type ObjectStore } from '../shared/object-store';
import type { Receipt } from '../shared/receipt';
import type { SeenObject } from './observe';

export const REMAINS = 'the null version remains below newer ones, or below a delete marker';

/** Looks whether the null version that was judged is still there: a plain delete only hides it where versioning is on. */
export async function remains({ bucket, key, versionId, head }: SeenObject, store: ObjectStore): Promise<boolean> {
  if (head === undefined || !isNullVersion({ versionId })) return false;
  const below = await store.head({ bucket, key, versionId: 'null' });
  return below.status === 'found' && below.head.etag === head.etag;
}

/**
 * The version that readers see now. Without its newest version, an object is the one before: that may be years old, and nobody may know
 * that it is there. S3 tells whole seconds, so of two versions of one second it is not known which one came first.
 */
export async function uncoveredBy(removed: Receipt['origin'], store: ObjectStore): Promise<string | undefined> {
  const { bucket, key, lastModified } = removed;
  if (isNullVersion(removed) || lastModified === undefined) return undefined;
  const current = await store.head({ bucket, key });
  const isOlder =
    current.status === 'found' && current.head.lastModified !== undefined && current.head.lastModified < new Date(lastModified);
  return isOlder ? current.head.versionId : undefined;
}
