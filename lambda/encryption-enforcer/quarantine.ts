import type { Action } from '../../lib/domain/action';
import { compareKeys } from '../../lib/domain/key-identity';
import { copyInParts, type Unfinished } from '../shared/copy-in-parts';
import { RetryableError } from '../shared/errors';
import {
  type CopyAnswer,
  type CopyTarget,
  type DeleteAnswer,
  isNullVersion,
  type NotCopied,
  type ObjectHead,
  type ObjectStore,
  type Refusal,
} from '../shared/object-store';
import { MAX_COPY_BYTES } from '../shared/part-ranges';
import { quarantineAddress } from '../shared/quarantine-address';
import { locationOf, type Receipt } from '../shared/receipt';
import { remains, uncoveredBy } from './after-removal';
import { catchUp } from './catch-up';
import type { EnforcerConfig } from './config';
import type { SeenObject } from './observe';

export type QuarantineResult =
  /** The original is gone; with the older version that readers see now, if there is one. */
  | { readonly status: 'moved'; readonly location: string; readonly uncovered: string | undefined }
  /** The copy is safe, and the original, a null version, is still there, below a delete marker: S3 can do no more without losing others. */
  | { readonly status: 'hidden'; readonly location: string }
  /** The copy is safe, but the original cannot go: S3 does not let it, or it has what its copy has not. */
  | { readonly status: 'copied'; readonly location: string; readonly why: string }
  /** Somebody else overwrote or deleted the original; with a location if that was after the copy. */
  | { readonly status: 'superseded'; readonly location?: string | undefined }
  /** A large object, of which more is to be copied. The original is untouched. */
  | Unfinished
  | Refusal;

export interface QuarantinePorts {
  readonly store: ObjectStore;
  readonly config: EnforcerConfig;
  readonly now: () => Date;
  /** Until Lambda ends the invocation. */
  readonly remainingMillis: () => number;
  /** Comes before the function has to end. Absent where large objects are left to a message of their own. */
  readonly timeForLargeObjects?: AbortSignal | undefined;
}

export type Movable = SeenObject & { readonly head: ObjectHead };

/** Why a version goes, and what is left in its place. */
export type Grounds = Pick<Receipt, 'violation' | 'reducedBecause' | 'encryptedAs' | 'replacedBy'> & { readonly requested: Action };

/** The original may go. */
export interface Secured {
  readonly status: 'secured';
  readonly receipt: Receipt;
  /** What the original has, and its copy has not: so it may not. */
  readonly left?: Refusal | undefined;
}

/**
 * Moves one object version to quarantine: copy, confirm, write the receipt, and only then delete; and look what there is then in its
 * place. Safe to repeat from any point: the target is the same each time, in a versioned bucket, so a repetition adds a copy and loses nothing.
 */
export async function quarantine(object: Movable, grounds: Grounds, ports: QuarantinePorts): Promise<QuarantineResult> {
  const secured = await secure(object, grounds, ports);
  if (secured.status !== 'secured') return secured;
  const { receipt, left } = secured;
  if (left !== undefined) return { status: 'copied', location: locationOf(receipt.copy), why: left.why };
  return afterDelete(await remove(object, ports.store), object, receipt, ports.store);
}

/** All of it but the end: the original stays. */
export async function secure(
  object: Movable,
  grounds: Grounds,
  ports: QuarantinePorts,
): Promise<Secured | Unfinished | Refusal | { readonly status: 'superseded' }> {
  const { store, config } = ports;
  const { objectKey, receiptKey, refusalKey } = quarantineAddress({
    ...object,
    etag: object.head.etag,
    lastModified: object.head.lastModified,
  });
  const target = { bucket: config.quarantine.bucket, key: objectKey, kmsKeyArn: config.quarantine.keyArn };
  const copied = await copy(object, target, ports);
  if (copied.status === 'refused') return afterRefusal(copied, { ...target, key: refusalKey }, store);
  if (copied.status === 'unfinished') return copied;
  if (copied.status !== 'copied') return { status: 'superseded' };
  const copyVersion = {
    bucket: target.bucket,
    key: target.key,
    versionId: await confirmedVersion(copied.versionId, object, target, store),
  };
  const left = isLarge(object) ? await catchUp(object, copyVersion, store) : undefined;
  const receipt = receiptOf(object, copyVersion, grounds, ports);
  await store.putDocument({ ...target, key: receiptKey }, JSON.stringify(receipt, undefined, 2));
  return { status: 'secured', receipt, left };
}

function isLarge({ head }: Movable): boolean {
  return head.size > MAX_COPY_BYTES;
}

async function copy(object: Movable, target: CopyTarget, ports: QuarantinePorts): Promise<CopyAnswer | Unfinished> {
  const { store, timeForLargeObjects, remainingMillis } = ports;
  if (!isLarge(object)) return store.copy(object, object.head.etag, target);
  // It gets a message of its own at once.
  if (timeForLargeObjects === undefined) return { status: 'unfinished', progress: true };
  return copyInParts(object, target, store, { isUp: timeForLargeObjects, remainingMillis });
}

/**
 * S3 does not say whether it is the object that cannot be copied, or the quarantine that takes nothing. A note in the quarantine
 * tells: if it cannot be written either, nothing is wrong with the object, and the message is tried again.
 */
async function afterRefusal(refusal: Refusal, note: CopyTarget, store: ObjectStore): Promise<Refusal> {
  await store.putDocument(note, JSON.stringify({ refused: refusal.why }));
  return refusal;
}

function receiptOf(object: Movable, copyVersion: Receipt['copy'], grounds: Grounds, { config, now }: QuarantinePorts): Receipt {
  const { bucket, key, versionId, head } = object;
  const { violation, requested, reducedBecause, encryptedAs, replacedBy } = grounds;
  return {
    version: 1,
    quarantinedAt: now().toISOString(),
    enforcer: config.enforcerName,
    origin: {
      ...{ bucket, key, versionId, etag: head.etag, size: head.size, lastModified: head.lastModified?.toISOString() },
      ...(isSaid(head.notCopied) && { notCopied: head.notCopied }),
    },
    copy: copyVersion,
    violation,
    ...(requested !== 'quarantine' && { requested, reducedBecause, encryptedAs, replacedBy }),
  };
}

function isSaid(notCopied: NotCopied = {}): boolean {
  return Object.values(notCopied).some((value) => value !== undefined);
}

/** Looks at the copy itself. Never compares ETags: under SSE-KMS they differ between an object and its copy. */
async function confirmedVersion(versionId: string | undefined, object: Movable, target: CopyTarget, store: ObjectStore): Promise<string> {
  if (versionId === undefined || versionId === 'null') {
    throw new RetryableError(`The quarantine bucket ${target.bucket} is not versioned, so a copy in it is not safe; enable versioning`);
  }
  const answer = await store.headWithChecksum({ bucket: target.bucket, key: target.key, versionId });
  if (answer.status !== 'found') throw unconfirmed(versionId, `HeadObject says ${answer.status}`);
  const { size, encryption } = answer.head;
  if (size !== object.head.size) throw unconfirmed(versionId, `it has ${size} bytes, the original ${object.head.size}`);
  const { ServerSideEncryption: scheme, SSEKMSKeyId: keyId = '' } = encryption;
  if (scheme !== 'aws:kms' || compareKeys(target.kmsKeyArn, keyId) !== 'same') {
    throw unconfirmed(versionId, `it is encrypted with ${scheme ?? 'nothing'} ${keyId}`);
  }
  await requireSameChecksum(versionId, answer.head, object, store);
  return versionId;
}

/** Where S3 states one of the whole content for both, by the same algorithm; older objects have none. */
async function requireSameChecksum(versionId: string, { checksum }: ObjectHead, object: Movable, store: ObjectStore): Promise<void> {
  if (checksum === undefined) return;
  const original = await store.headWithChecksum(object);
  // A null version may have been overwritten since it was copied; then there is nothing left to compare with, and nothing to delete.
  const stated = original.status === 'found' && original.head.etag === object.head.etag ? original.head.checksum : undefined;
  if (stated?.algorithm === checksum.algorithm && stated.value !== checksum.value) {
    throw unconfirmed(versionId, `its ${checksum.algorithm} is ${checksum.value}, that of the original ${stated.value}`);
  }
}

function unconfirmed(versionId: string, why: string): RetryableError {
  return new RetryableError(`The copy ${versionId} in quarantine is not confirmed, so the original stays: ${why}`);
}

/** A version with an id of its own can be meant; any other only as long as its ETag is the one that was judged. */
function remove(object: Movable, store: ObjectStore): Promise<DeleteAnswer> {
  const { versionId, head } = object;
  return isNullVersion(object) || versionId === undefined
    ? store.deleteCurrent(object, head.etag)
    : store.deleteVersion({ ...object, versionId });
}

async function afterDelete(deleted: DeleteAnswer, object: Movable, receipt: Receipt, store: ObjectStore): Promise<QuarantineResult> {
  const location = locationOf(receipt.copy);
  switch (deleted.status) {
    case 'deleted':
    case 'gone':
      if (await remains(object, store)) return { status: 'hidden', location };
      // Of what was replaced by a copy, readers see that.
      return {
        status: 'moved',
        location,
        uncovered: receipt.replacedBy === undefined ? await uncoveredBy(receipt.origin, store) : undefined,
      };
    case 'changed':
      return { status: 'superseded', location };
    case 'refused':
      return { status: 'copied', location, why: deleted.why };
  }
}
