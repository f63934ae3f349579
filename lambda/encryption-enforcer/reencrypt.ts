import { isDeepStrictEqual } from 'node:util';
import { keyIdentity } from '../../lib/domain/key-identity';
import { observedEncryption } from '../../lib/domain/observation';
import { reencryptionWay } from '../../lib/domain/reencryption';
import { describeTarget, isEncryptedAs, type TargetEncryption } from '../../lib/domain/target-encryption';
import type { Unfinished } from '../shared/copy-in-parts';
import { RetryableError } from '../shared/errors';
import {
  isAnotherVersion,
  isNullVersion,
  type ObjectHead,
  type ObjectStore,
  type ObjectVersion,
  type Refusal,
  sameContent,
  unquoted,
} from '../shared/object-store';
import { MAX_COPY_BYTES } from '../shared/part-ranges';
import { locationOf } from '../shared/receipt';
import { REMAINS } from './after-removal';
import { type Grounds, type Movable, type QuarantinePorts, type QuarantineResult, quarantine, secure } from './quarantine';
import { noteReencryption } from './reencryption-note';
import { free } from './tag';

export type ReencryptResult =
  /** What stands in its place, or it itself, is as required. */
  | {
      readonly status: 're-encrypted';
      readonly encryptedAs: string;
      /** The version that was laid on top of it, if it was copied. */
      readonly replacedBy?: string | undefined;
      /** Of the original in quarantine, if it was copied. */
      readonly location?: string | undefined;
      /** Why the original is still there, below its copy; absent where it is not. */
      readonly staysBecause?: string | undefined;
    }
  /** Somebody else overwrote or deleted it. */
  | { readonly status: 'superseded'; readonly location?: string | undefined }
  | Unfinished
  /** It is as it was, and where it was. */
  | Refusal;

/**
 * Encrypts one object version as required, where it is: in place, which moves no bytes; or, if it is the current version, by a copy onto
 * itself, and then its original goes to quarantine. Safe to repeat from any point.
 */
export async function reencrypt(
  object: Movable,
  grounds: Grounds,
  target: TargetEncryption,
  ports: QuarantinePorts,
): Promise<ReencryptResult> {
  // A copy would have our tag, too. Taken off first, it cannot stay on what is as required, wherever this ends; what remains wrong gets it back.
  await free(object, ports.store);
  const { versionId = 'null' } = object;
  const own = keyIdentity(ports.config.quarantine.keyArn);
  const account = own.kind === 'key-arn' ? own.account : '';
  const way = reencryptionWay({ observed: object.encryption.kind, target, hasOwnVersion: !isNullVersion(object), account });
  if (way !== 'in-place' || !('keyArn' in target)) return ontoItself(object, grounds, target, ports);
  const rekeyed = await inPlace({ ...object, versionId }, grounds, target, ports);
  if (rekeyed.status !== 'refused') return rekeyed;
  const covered = await ontoItself(object, grounds, target, ports);
  return covered.status === 'refused' ? { ...covered, why: `${rekeyed.why}; ${covered.why}` } : covered;
}

/** S3 says itself where it does not: of locked objects, and perhaps of others. */
async function inPlace(
  object: Movable & { readonly versionId: string },
  { violation }: Grounds,
  target: TargetEncryption & { readonly keyArn: string },
  { store, config, now }: QuarantinePorts,
): Promise<ReencryptResult> {
  // Before: afterwards, nobody can see that it was wrong.
  await noteReencryption({ object, violation, target, at: now() }, config.quarantine, store);
  const answer = await store.rekey(object, target.keyArn);
  if (answer.status === 'refused') return answer;
  if (answer.status === 'gone') return { status: 'superseded' };
  await confirm(object, object, target, store);
  return { status: 're-encrypted', encryptedAs: describeTarget(target) };
}

async function ontoItself(object: Movable, grounds: Grounds, target: TargetEncryption, ports: QuarantinePorts): Promise<ReencryptResult> {
  if (object.head.size > MAX_COPY_BYTES) return { status: 'refused', why: 'it is larger than S3 copies in one request' };
  const current = await ports.store.head({ bucket: object.bucket, key: object.key });
  const isCurrent = current.status === 'found' && current.head.etag === object.head.etag && !isAnother(object, current.head);
  if (isCurrent && isNullVersion(object)) return replaceNullVersion(object, grounds, target, ports);
  if (isCurrent && (await liesOnNullVersion(object, ports.store))) return { status: 'refused', why: ON_NULL_VERSION };
  if (isCurrent) return coverVersion(object, grounds, target, ports);
  const cover = await coverOf(object, target, ports.store);
  if (cover === undefined) return { status: 'refused', why: 'it is not the current version, and a copy of it would be' };
  return moveCovered(object, cover, grounds, target, ports);
}

const ON_NULL_VERSION = 'a version without an id of its own lies below it, which a copy would replace if versioning is suspended by now';

/** Where versioning is suspended, a copy gets no version id either, and whatever has none goes for good: https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html */
async function liesOnNullVersion({ bucket, key }: ObjectVersion, store: ObjectStore): Promise<boolean> {
  const below = await store.head({ bucket, key, versionId: 'null' });
  return below.status !== 'gone';
}

/** Same content under SSE-S3 has the same ETag. */
function isAnother(object: ObjectVersion, current: { readonly versionId?: string | undefined }): boolean {
  return isNullVersion(object) ? isAnotherVersion(object, current) : object.versionId !== current.versionId;
}

/** The copy lies on top, so the original is still there to be moved. */
async function coverVersion(object: Movable, grounds: Grounds, target: TargetEncryption, ports: QuarantinePorts): Promise<ReencryptResult> {
  const copied = await copyOntoItself(object, target, ports.store);
  if (copied.status === 'refused') return copied;
  // The SDK repeats a request whose answer was lost; the repetition meets what the first one wrote.
  const cover = copied.status === 'copied' ? copied : await coverOf(object, target, ports.store);
  if (cover === undefined) return { status: 'refused', why: 'another version was laid on top of it, or it was deleted' };
  return moveCovered(object, cover, grounds, target, ports);
}

type Cover = Pick<ObjectHead, 'versionId'>;

/**
 * The current version, if it is what a copy of this one would be: the same content, by the checksum that S3 states for both, the same metadata,
 * encrypted as required. An earlier try laid it there, and died before it could move this one away; if somebody else did, it serves as well.
 */
async function coverOf(object: Movable, target: TargetEncryption, store: ObjectStore): Promise<Cover | undefined> {
  if (isNullVersion(object)) return undefined;
  const answer = await store.headWithChecksum({ bucket: object.bucket, key: object.key });
  if (answer.status !== 'found' || answer.head.versionId === object.versionId) return undefined;
  const { head } = answer;
  const isAlike = head.size === object.head.size && isDeepStrictEqual(head.metadata, object.head.metadata);
  if (!isAlike || !isEncryptedAs(target, observedEncryption(head.encryption))) return undefined;
  const original = await store.headWithChecksum(object);
  return original.status === 'found' && sameContent(head, original.head) === true ? head : undefined;
}

async function moveCovered(
  object: Movable,
  cover: Cover,
  grounds: Grounds,
  target: TargetEncryption,
  ports: QuarantinePorts,
): Promise<ReencryptResult> {
  const done = { encryptedAs: describeTarget(target), replacedBy: cover.versionId };
  const moved = await quarantine(object, { ...grounds, ...done }, ports);
  return moved.status === 'unfinished' ? moved : { status: 're-encrypted', ...done, ...afterMove(moved) };
}

function afterMove(moved: Exclude<QuarantineResult, Unfinished>): {
  readonly location?: string | undefined;
  readonly staysBecause?: string;
} {
  switch (moved.status) {
    case 'moved':
    case 'superseded':
      return { location: moved.location };
    case 'hidden':
      return { location: moved.location, staysBecause: REMAINS };
    case 'copied':
      return { location: moved.location, staysBecause: `copied, but not deleted: ${moved.why}` };
    case 'refused':
      return { staysBecause: `not copied: ${moved.why}` };
  }
}

/** The copy takes the place of the original, which must be safe before. */
async function replaceNullVersion(
  object: Movable,
  grounds: Grounds,
  target: TargetEncryption,
  ports: QuarantinePorts,
): Promise<ReencryptResult> {
  const secured = await secure(object, { ...grounds, reducedBecause: UNTOLD }, ports);
  if (secured.status !== 'secured') return secured;
  const location = locationOf(secured.receipt.copy);
  const copied = await copyOntoItself(object, target, ports.store);
  if (copied.status === 'refused') return copied;
  if (copied.status !== 'copied') return { status: 'superseded', location };
  const isOnTop = isAnotherVersion(object, copied);
  const done = { encryptedAs: describeTarget(target), replacedBy: isOnTop ? copied.versionId : undefined };
  return { status: 're-encrypted', ...done, location, ...(isOnTop && { staysBecause: REMAINS }) };
}

/** For whoever finds the receipt of a try that ended here. */
const UNTOLD = 'a copy is in quarantine; whether it was encrypted anew in its place, an earlier try could not tell any more';

async function copyOntoItself(object: Movable, target: TargetEncryption, store: ObjectStore) {
  const { bucket, key, head } = object;
  const place = { bucket, key, encryption: target, notCopied: head.notCopied };
  const copied = await store.copyAs(object, head.etag, place, { ifMatch: head.etag });
  if (copied.status === 'copied') await confirm({ bucket, key, versionId: copied.versionId }, object, target, store);
  return copied;
}

/** Looks at the very version. */
async function confirm(version: ObjectVersion, original: Movable, target: TargetEncryption, store: ObjectStore): Promise<void> {
  const { bucket, key, versionId } = version;
  const answer = await store.head({ bucket, key, versionId });
  const isWhole = answer.status === 'found' && answer.head.size === original.head.size;
  if (isWhole && isEncryptedAs(target, observedEncryption(answer.head.encryption))) return;
  throw new RetryableError(
    `Version ${versionId ?? unquoted(original.head.etag)} of ${key} was encrypted anew, but is not found to be ${describeTarget(target)}`,
  );
}
