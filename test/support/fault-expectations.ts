import { type Accepted, type EncryptedAs, KINDS, partnerKey } from './fault-kinds';
import type { FaultRule } from './fault-oracle';
import { isLarge, isNull, type Uploaded } from './fault-uploads';

const REKEYABLE: readonly EncryptedAs[] = ['s3', 'kms', 'other-key', 'foreign-key'];
/** SSE-KMS under keys of the account of the bucket. */
const IN_PLACE: readonly Accepted[] = ['kms', 'other-key'];

/** S3 can encrypt it anew where it is. What is locked, it cannot. */
export function isInPlace(object: Uploaded, accepted: Accepted): boolean {
  return !isNull(object) && IN_PLACE.includes(accepted) && REKEYABLE.includes(object.encrypted[0].as) && object.kind !== 'locked';
}

/** It can be put into quarantine, and then be removed or replaced. */
export function isMovable(object: Uploaded, { accepted, action }: FaultRule): boolean {
  const { kind, said } = object;
  // A copy in parts would leave them behind.
  const isStuck = isLarge(object) && said[0].annotations.length > 0;
  // Object Lock is for versions with ids of their own; here, nothing keeps what has none from being replaced, if S3 can do what is required.
  const isReplaced = kind === 'locked' && isNull(object) && action === 'reencrypt' && accepted !== 'client-side';
  return isReplaced || (kind !== 'sse-c' && !('refuses' in KINDS[kind]) && !isStuck);
}

/** S3 has no conditional tagging: what took the place of a tagged object may be hit by a request that was under way, as documented. */
export function mayBeHit(object: Uploaded, written: readonly Uploaded[]): boolean {
  return written.some((each) => each !== object && each.key === object.key && isNull(each));
}

/** What cannot be read proves nothing: an SSE-C object in the place of its instruction file, past the policy, keeps an object from being moved, as documented. */
export function hasClosedInstructionFile({ key }: Uploaded, written: readonly Uploaded[]): boolean {
  return written.some((each) => each.key === partnerKey(key) && each.kind === 'sse-c');
}

/** Nobody else wrote under this key. */
export function isAlone(object: Uploaded, written: readonly Uploaded[]): boolean {
  return written.every((each) => each === object || each.key !== object.key || each.copyOf === object);
}
