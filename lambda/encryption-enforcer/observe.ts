import { type ObservedEncryption, observedEncryption } from '../../lib/domain/observation';
import { RetryableError } from '../shared/errors';
import { type HeadAnswer, isNullVersion, type ObjectHead, type ObjectStore, type ObjectVersion } from '../shared/object-store';

/** One object version as S3 shows it, the one that a verdict is about. */
export interface SeenObject extends ObjectVersion {
  readonly encryption: ObservedEncryption;
  /** ETag and size; S3 tells neither of an SSE-C object. */
  readonly head?: ObjectHead | undefined;
  /** A version with the id `null` that newer versions, or a delete marker, lie on top of. */
  readonly nonCurrentNullVersion: boolean;
}

/** Looks at the object version that an event names; undefined where it is gone. */
export async function observe(object: ObjectVersion, store: ObjectStore): Promise<SeenObject | undefined> {
  const { bucket, key, versionId } = object;
  if (!isNullVersion(object)) return look({ bucket, key, versionId }, false, store);
  return observeNullVersion({ bucket, key }, store);
}

/** Without a version id the event speaks of a null version. If something lies on top of it, a plain HEAD shows that instead. */
async function observeNullVersion(object: ObjectVersion, store: ObjectStore): Promise<SeenObject | undefined> {
  const current = await look(object, false, store);
  const currentId = current?.head?.versionId;
  if (current?.head !== undefined && isNullVersion(current.head)) return { ...current, versionId: currentId };
  const below = await look({ ...object, versionId: 'null' }, true, store);
  // S3 tells no version id of an SSE-C object, so two of them cannot be told apart, and need not be: they are judged alike.
  if (current?.head === undefined && below?.head === undefined) return current ?? below;
  // Where there is no null version, what is there now is looked at: twice is harmless, not at all is not.
  return below ?? (current && { ...current, versionId: currentId });
}

async function look(object: ObjectVersion, nonCurrentNullVersion: boolean, store: ObjectStore): Promise<SeenObject | undefined> {
  const answer = await store.head(object);
  switch (answer.status) {
    case 'gone':
      return undefined;
    case 'found':
      return { ...object, encryption: observedEncryption(answer.head.encryption), head: answer.head, nonCurrentNullVersion };
    case 'bad-request': {
      const encryption = encryptionBehind(await store.headWithThrowAwayKey(object));
      return encryption && { ...object, encryption, nonCurrentNullVersion };
    }
    case 'forbidden':
      throw new RetryableError(
        'S3 answers 403 to HeadObject; the role must be allowed s3:GetObject, s3:GetObjectVersion and s3:ListBucket',
      );
  }
}

/**
 * S3 answers 400 to a HEAD of an SSE-C object without its key. A key that cannot be the right one tells it from other bad
 * requests: 403 then means that the object is SSE-C. [Seen on a local engine; on AWS an assumption.]
 */
function encryptionBehind(withThrowAwayKey: HeadAnswer): ObservedEncryption | undefined {
  switch (withThrowAwayKey.status) {
    case 'gone':
      return undefined;
    case 'forbidden':
      return { kind: 'SSE-C' };
    case 'bad-request':
      return { kind: 'unreadable', why: 'HeadObject is answered 400, with a customer-provided key and without' };
    case 'found':
      return { kind: 'unreadable', why: 'HeadObject is answered 400 without, and 200 with, a key that cannot be the right one' };
  }
}
