import { describeTarget, isEncryptedAs, type TargetEncryption } from '../../lib/domain/target-encryption';
import type { Violation } from '../../lib/domain/verdict';
import { isNullVersion, type ObjectHead, type ObjectStore, type ObjectVersion } from '../shared/object-store';
import { quarantineAddress } from '../shared/quarantine-address';
import type { QuarantineConfig } from './config';
import type { SeenObject } from './observe';
import type { ViolationOutcome } from './outcome';
import type { WrittenObject } from './parse-event';

/** Written before a version is encrypted anew in place, which leaves no other trace of its violation. */
interface Note {
  readonly at: string;
  readonly violation: Violation;
  readonly target: TargetEncryption;
}

interface Reencryption {
  readonly object: ObjectVersion & { readonly head: ObjectHead };
  readonly violation: Violation;
  readonly target: TargetEncryption;
  readonly at: Date;
}

/**
 * A message that failed comes again when its visibility timeout ends, many minutes later, or says itself that it was sent anew: so no object that is
 * looked at within 20 seconds costs another request.
 */
const EARLIEST_RETRY_MILLIS = 20_000;

/** The same version has the same place, each time: a repetition writes the same again. */
export async function noteReencryption(
  reencryption: Reencryption,
  { bucket, keyArn }: QuarantineConfig,
  store: ObjectStore,
): Promise<void> {
  const { object, violation, target, at } = reencryption;
  const { rekeyedKey } = quarantineAddress({ ...object, etag: object.head.etag });
  const note: Note = { at: at.toISOString(), violation, target };
  await store.putDocument({ bucket, key: rekeyedKey, kmsKeyArn: keyArn }, JSON.stringify(note));
}

/** An earlier try may have encrypted in place what is found compliant now, and then failed to say so: its note tells. */
export async function earlierReencryption(
  written: WrittenObject,
  object: SeenObject,
  { store, quarantine, now }: { readonly store: ObjectStore; readonly quarantine: QuarantineConfig; readonly now: () => Date },
): Promise<ViolationOutcome | undefined> {
  const { head, encryption } = object;
  if (head === undefined || isNullVersion(object) || !mayBeRetry(written, now())) return undefined;
  const { rekeyedKey } = quarantineAddress({ ...object, etag: head.etag });
  const text = await store.readDocument(quarantine.bucket, rekeyedKey);
  if (text === undefined) return undefined;
  const { at, violation, target } = JSON.parse(text) as Note;
  if (!isEncryptedAs(target, encryption) || isOwnDoing(written, at)) return undefined;
  return { kind: 're-encrypted', violation, requested: 'reencrypt', encryptedAs: describeTarget(target) };
}

function mayBeRetry({ writtenAt, resends = 0 }: WrittenObject, now: Date): boolean {
  return writtenAt === undefined || resends > 0 || now.getTime() - writtenAt.getTime() > EARLIEST_RETRY_MILLIS;
}

/** CloudTrail tells of our own UpdateObjectEncryption as of others', in whole seconds. It comes after its note. */
function isOwnDoing({ rekeyed, writtenAt }: WrittenObject, at: string): boolean {
  return rekeyed === true && writtenAt !== undefined && Math.floor(Date.parse(at) / 1000) * 1000 <= writtenAt.getTime();
}
