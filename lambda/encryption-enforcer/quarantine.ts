import { compareKeys } from '../../lib/domain/key-identity';
import type { Violation } from '../../lib/domain/verdict';
import { RetryableError } from '../shared/errors';
import type { DeleteAnswer, ObjectHead, ObjectStore, Refusal } from '../shared/object-store';
import type { EnforcerConfig } from './config';
import type { SeenObject } from './observe';
import { quarantineAddress } from './quarantine-address';
import { locationOf, type Receipt } from './receipt';

export type QuarantineResult =
  | { readonly status: 'moved'; readonly location: string }
  /** The copy is safe, but S3 does not let the original go. */
  | { readonly status: 'copied'; readonly location: string; readonly why: string }
  /** Somebody else overwrote or deleted the original; with a location if that was after the copy. */
  | { readonly status: 'superseded'; readonly location?: string | undefined }
  | Refusal;

export interface QuarantinePorts {
  readonly store: ObjectStore;
  readonly config: EnforcerConfig;
  readonly now: () => Date;
}

/**
 * Moves one object version to quarantine: copy, confirm, write the receipt, and only then delete. Safe to repeat from any
 * point: the target is the same each time, in a versioned bucket, so a repetition adds a copy and loses nothing.
 */
export async function quarantine(
  object: SeenObject & { readonly head: ObjectHead },
  violation: Violation,
  ports: QuarantinePorts,
): Promise<QuarantineResult> {
  const { store, config } = ports;
  const { objectKey, receiptKey } = quarantineAddress({ ...object, etag: object.head.etag });
  const target = { bucket: config.quarantine.bucket, key: objectKey, kmsKeyArn: config.quarantine.keyArn };
  const copied = await store.copy(object, object.head.etag, target);
  if (copied.status === 'refused') return copied;
  if (copied.status !== 'copied') return { status: 'superseded' };
  const copy = { bucket: target.bucket, key: target.key, versionId: await confirmedVersion(copied.versionId, object.head, target, store) };
  const { etag, size } = object.head;
  const receipt: Receipt = {
    version: 1,
    quarantinedAt: ports.now().toISOString(),
    enforcer: config.enforcerName,
    origin: { bucket: object.bucket, key: object.key, versionId: object.versionId, etag, size },
    copy,
    violation,
  };
  await store.putDocument({ ...target, key: receiptKey }, JSON.stringify(receipt, undefined, 2));
  return afterDelete(await remove(object, store), locationOf(copy));
}

/** Looks at the copy itself. Never compares ETags: under SSE-KMS they differ between an object and its copy. */
async function confirmedVersion(
  versionId: string | undefined,
  original: ObjectHead,
  target: { readonly bucket: string; readonly key: string; readonly kmsKeyArn: string },
  store: ObjectStore,
): Promise<string> {
  if (versionId === undefined || versionId === 'null') {
    throw new RetryableError(`The quarantine bucket ${target.bucket} is not versioned, so a copy in it is not safe; enable versioning`);
  }
  const answer = await store.head({ bucket: target.bucket, key: target.key, versionId });
  if (answer.status !== 'found') throw unconfirmed(versionId, `HeadObject says ${answer.status}`);
  const { size, encryption } = answer.head;
  if (size !== original.size) throw unconfirmed(versionId, `it has ${size} bytes, the original ${original.size}`);
  const { ServerSideEncryption: scheme, SSEKMSKeyId: keyId = '' } = encryption;
  if (scheme !== 'aws:kms' || compareKeys(target.kmsKeyArn, keyId) !== 'same') {
    throw unconfirmed(versionId, `it is encrypted with ${scheme ?? 'nothing'} ${keyId}`);
  }
  return versionId;
}

function unconfirmed(versionId: string, why: string): RetryableError {
  return new RetryableError(`The copy ${versionId} in quarantine is not confirmed, so the original stays: ${why}`);
}

/** A version with an id of its own can be meant; any other only as long as its ETag is the one that was judged. */
function remove(object: SeenObject & { readonly head: ObjectHead }, store: ObjectStore): Promise<DeleteAnswer> {
  const { versionId, head } = object;
  return versionId === undefined || versionId === 'null'
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
