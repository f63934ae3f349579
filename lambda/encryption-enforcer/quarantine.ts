import { compareKeys } from '../../lib/domain/key-identity';
import type { Violation } from '../../lib/domain/verdict';
import { RetryableError } from '../shared/errors';
import type { CopyAnswer, CopyTarget, DeleteAnswer, ObjectHead, ObjectStore, Refusal } from '../shared/object-store';
import { isNullVersion } from '../shared/object-store';
import type { EnforcerConfig } from './config';
import { copyInParts } from './copy-in-parts';
import type { SeenObject } from './observe';
import { MAX_COPY_BYTES } from './part-ranges';
import { quarantineAddress } from './quarantine-address';
import { locationOf, type Receipt } from './receipt';

export type QuarantineResult =
  | { readonly status: 'moved'; readonly location: string }
  /** The copy is safe, but S3 does not let the original go. */
  | { readonly status: 'copied'; readonly location: string; readonly why: string }
  /** Somebody else overwrote or deleted the original; with a location if that was after the copy. */
  | { readonly status: 'superseded'; readonly location?: string | undefined }
  /** A large object, of which more is to be copied. The original is untouched. */
  | { readonly status: 'unfinished' }
  | Refusal;

export interface QuarantinePorts {
  readonly store: ObjectStore;
  readonly config: EnforcerConfig;
  readonly now: () => Date;
  /** Comes before the function has to end. Absent where large objects are left to a message of their own. */
  readonly timeForLargeObjects?: AbortSignal | undefined;
}

type Movable = SeenObject & { readonly head: ObjectHead };

/**
 * Moves one object version to quarantine: copy, confirm, write the receipt, and only then delete. Safe to repeat from any
 * point: the target is the same each time, in a versioned bucket, so a repetition adds a copy and loses nothing.
 */
export async function quarantine(object: Movable, violation: Violation, ports: QuarantinePorts): Promise<QuarantineResult> {
  const { store, config } = ports;
  const { objectKey, receiptKey, refusalKey } = quarantineAddress({ ...object, etag: object.head.etag });
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
  const receipt = receiptOf(object, copyVersion, violation, ports);
  await store.putDocument({ ...target, key: receiptKey }, JSON.stringify(receipt, undefined, 2));
  return afterDelete(await remove(object, store), locationOf(copyVersion));
}

async function copy(object: Movable, target: CopyTarget, ports: QuarantinePorts): Promise<CopyAnswer | { readonly status: 'unfinished' }> {
  const { store, timeForLargeObjects } = ports;
  if (object.head.size <= MAX_COPY_BYTES) return store.copy(object, object.head.etag, target);
  return timeForLargeObjects === undefined ? { status: 'unfinished' } : copyInParts(object, target, store, timeForLargeObjects);
}

/**
 * S3 does not say whether it is the object that cannot be copied, or the quarantine that takes nothing. A note in the quarantine
 * tells: if it cannot be written either, nothing is wrong with the object, and the message is tried again.
 */
async function afterRefusal(refusal: Refusal, note: CopyTarget, store: ObjectStore): Promise<Refusal> {
  await store.putDocument(note, JSON.stringify({ refused: refusal.why }));
  return refusal;
}

function receiptOf(object: Movable, copyVersion: Receipt['copy'], violation: Violation, { config, now }: QuarantinePorts): Receipt {
  const { bucket, key, versionId, head } = object;
  return {
    version: 1,
    quarantinedAt: now().toISOString(),
    enforcer: config.enforcerName,
    origin: { bucket, key, versionId, etag: head.etag, size: head.size },
    copy: copyVersion,
    violation,
  };
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

function afterDelete(deleted: DeleteAnswer, location: string): QuarantineResult {
  switch (deleted.status) {
    case 'deleted':
    case 'gone':
      return { status: 'moved', location };
    case 'changed':
      return { status: 'superseded', location };
    case 'refused':
      return { status: 'copied', location, why: deleted.why };
  }
}
