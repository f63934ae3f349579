import { isDeepStrictEqual } from 'node:util';
import { VIOLATION_TAG } from '../../lib/domain/contract';
import type { ViolationReason } from '../../lib/domain/verdict';
import { RetryableError } from '../shared/errors';
import { isAnotherVersion, isNullVersion, type ObjectStore, type Refusal, type Tags } from '../shared/object-store';
import type { SeenObject } from './observe';

export type TagResult = { readonly status: 'tagged' } | { readonly status: 'gone' | 'changed' } | Refusal;

/** Most tags that an object can have: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
const MAX_TAGS = 10;

/** Tags one object version with the reason of its violation, beside the tags it has. */
export async function tag(object: SeenObject, reason: ViolationReason, store: ObjectStore): Promise<TagResult> {
  const before = await store.tags(object);
  if (before.status !== 'found') return before;
  // What another object in its place says of itself stays.
  if (await isOverwritten(object, store)) return { status: 'changed' };
  // S3 tells no version id of an SSE-C object but with its tags, so that a null one below another was taken for the newest until now.
  if (isAnotherVersion(object, before)) return { status: 'refused', why: `version ${before.versionId} lies on top of the null version` };
  if (before.tags[VIOLATION_TAG] === reason) return { status: 'tagged' };
  const tags = { ...before.tags, [VIOLATION_TAG]: reason };
  if (Object.keys(tags).length > MAX_TAGS) return { status: 'refused', why: `the object has ${MAX_TAGS} tags already` };
  const answer = await store.replaceTags(object, tags);
  if (answer.status !== 'tagged') return answer;
  return isAnotherVersion(object, answer) || (await isOverwritten(object, store)) ? takeBack(object, tags, store) : { status: 'tagged' };
}

/**
 * Takes our tag off an object that is as required. It can only have come there from an earlier object in its place: by a try that learned of
 * that too late, or not at all.
 *
 * @throws RetryableError where yet another object took its place meanwhile, which is to be judged
 */
export async function free(object: SeenObject, store: ObjectStore): Promise<void> {
  const before = await store.tags(object);
  // Whoever may not read tags has set none: tag() reads them first.
  if (before.status !== 'found' || before.tags[VIOLATION_TAG] === undefined) return;
  if (await isOverwritten(object, store)) throw overtaken(object);
  const { [VIOLATION_TAG]: _ours, ...others } = before.tags;
  const answer = await store.replaceTags(object, others);
  if (answer.status === 'refused') throw new RetryableError(`The tag of an earlier object stays on ${object.key}: ${answer.why}`);
  if (await isOverwritten(object, store)) throw overtaken(object);
}

function overtaken({ key }: SeenObject): RetryableError {
  return new RetryableError(`${key} was overwritten while the tag of an earlier object was taken off`);
}

/** S3 has no conditional tagging, so an object without a version id may have been overwritten before the tag arrived. */
async function isOverwritten(object: SeenObject, store: ObjectStore): Promise<boolean> {
  if (!isNullVersion(object)) return false;
  const { head } = object;
  const now = await store.head(object);
  // Of an SSE-C object there is no ETag to compare; S3 describes it only once another has taken its place.
  if (head === undefined) return now.status !== 'bad-request';
  return now.status !== 'found' || now.head.etag !== head.etag;
}

/** The newer object keeps neither our tag nor, where it has no others, the tags of the older one that came with it. */
async function takeBack(object: SeenObject, written: Tags, store: ObjectStore): Promise<TagResult> {
  const now = await store.tags(object);
  if (now.status !== 'found') return now;
  const others = Object.entries(now.tags).filter(([key]) => key !== VIOLATION_TAG);
  const tags: Tags = isDeepStrictEqual(now.tags, written) ? {} : Object.fromEntries(others);
  const answer = await store.replaceTags(object, tags);
  return answer.status === 'tagged' ? { status: 'changed' } : answer;
}
