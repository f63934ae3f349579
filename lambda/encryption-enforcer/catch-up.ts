import { isDeepStrictEqual } from 'node:util';
import { leftBehind } from '../shared/copy-in-parts';
import { RetryableError } from '../shared/errors';
import { isAnotherVersion, type ObjectStore, type ObjectVersion, type Refusal } from '../shared/object-store';

/**
 * A copy in parts has the tags of its beginning, which may be days ago. Those of now are put on it; with a refusal where it still has not
 * all that the original has. Of an original that is gone by now, there is nothing to catch up with.
 */
export async function catchUp(original: ObjectVersion, copy: ObjectVersion, store: ObjectStore): Promise<Refusal | undefined> {
  const left = await leftBehind(original, store);
  if (left !== undefined) return left.status === 'refused' ? left : undefined;
  const now = await store.tags(original);
  if (now.status === 'refused') return { status: 'refused', why: `its tags may have changed: ${now.why}` };
  if (now.status === 'gone' || isAnotherVersion(original, now)) return undefined;
  const then = await store.tags(copy);
  if (then.status === 'found' && isDeepStrictEqual(then.tags, now.tags)) return undefined;
  const answer = await store.replaceTags(copy, now.tags);
  if (answer.status === 'tagged') return undefined;
  const why = answer.status === 'refused' ? answer.why : 'it is gone';
  throw new RetryableError(`The copy ${copy.versionId} in quarantine does not take the tags of its original, which stays: ${why}`);
}
