import type { BucketRule } from '../../lib/domain/bucket-rule';
import { secondsToWait } from '../../lib/domain/client-side/look';
import { acceptedAt, exemptionOf } from '../../lib/domain/declaration';
import type { BucketRules } from '../shared/bucket-rules';
import { RetryableError } from '../shared/errors';
import { isNullVersion, unquoted } from '../shared/object-store';
import { quarantineAddress } from '../shared/quarantine-address';
import { type Receipt, readReceipt } from '../shared/receipt';
import { type ActOutcome, act } from './act';
import { uncoveredBy } from './after-removal';
import { Judge } from './judge';
import { observe, type SeenObject } from './observe';
import { type Outcome, outcomeOf, type ViolationOutcome } from './outcome';
import type { WrittenObject } from './parse-event';
import type { QuarantinePorts } from './quarantine';
import { earlierReencryption } from './reencryption-note';
import { free } from './tag';

export interface EnforcePorts extends QuarantinePorts {
  readonly rules: BucketRules;
}

/** The story of one object version: look, judge, and act on what is wrong. */
export async function enforceObject(written: WrittenObject, ports: EnforcePorts): Promise<Outcome> {
  const known = await ports.rules.cached(written.bucket);
  const object = await observe(written, ports.store);
  const earlier = isStillThere(written, object) ? undefined : await earlierOutcome(written, ports);
  if (earlier !== undefined) return earlier;
  requireReadable(written, object);
  if (object === undefined) return { kind: 'gone' };
  const scheme = object.encryption.kind;
  const judge = new Judge(object, ports.store);
  // Of an answer that was long under way, nobody knows whether it was still so when the grace ended.
  const lookedAt = ports.now();
  const { verdict: first } = await judge.judge(acceptedAt(known.declaration, object.key));
  if (first.compliant) return compliant(written, object, known, ports);
  // Before anything is touched, the rule is read anew: it may have changed since it was cached.
  const rule = await ports.rules.fresh(written.bucket);
  const { declaration, action } = rule;
  const accepted = acceptedAt(declaration, object.key);
  const { verdict, mayChange } = await judge.judge(accepted);
  if (verdict.compliant) return compliant(written, object, rule, ports);
  // An exemption is for uploads. Encrypting anew, the policy lets nobody choose what is not accepted, and so does the verifier.
  const since = completedAt(written, object);
  const exemption = written.rekeyed ? undefined : exemptionOf(declaration, object.key, since);
  if (exemption !== undefined) return { kind: 'exempt', violation: verdict, exemption, scheme };
  const prospect = action === 'reencrypt' ? await judge.prospect(accepted) : undefined;
  const delaySeconds = mayChange || prospect?.mayChange ? secondsToWait(since, lookedAt) : 0;
  if (delaySeconds > 0) return { kind: 'waiting', delaySeconds, observed: verdict.observed };
  const outcome = await act(object, verdict, { action, target: prospect?.target }, ports);
  return isStillThere(written, object) ? withReceipt(outcome, written, ports) : outcome;
}

/** Whoever was faster may have been another try of this event, which died before it could say where the original lies. */
async function withReceipt(outcome: ActOutcome, written: WrittenObject, ports: EnforcePorts): Promise<Outcome> {
  const isReplaced = outcome.kind === 're-encrypted' && outcome.replacedBy !== undefined;
  if (!(isReplaced || outcome.kind === 'superseded') || outcome.location !== undefined) return outcome;
  const earlier = await earlierOutcome(written, ports);
  return isReplaced ? { ...outcome, location: earlier?.location } : (earlier ?? outcome);
}

/** What took the place of the object that the event is about has an event of its own; a tag of ours on it is none of its own. */
async function compliant(written: WrittenObject, object: SeenObject, { action }: BucketRule, ports: EnforcePorts): Promise<Outcome> {
  const isAnother = !isStillThere(written, object) && object.head !== undefined;
  if (!isAnother) {
    const { store, config, now } = ports;
    const earlier =
      action === 'reencrypt' ? await earlierReencryption(written, object, { store, quarantine: config.quarantine, now }) : undefined;
    return earlier ?? { kind: 'compliant', scheme: object.encryption.kind };
  }
  if (action !== 'report') await free(object, ports.store);
  return { kind: 'gone' };
}

/**
 * A multipart upload has the date of its beginning, and a replica that of its source; of these alone the event tells when they came to be
 * here. All others have their own date, whatever a message says. S3 tells no date of an SSE-C object, so that is never spared.
 */
function completedAt({ writtenAt }: WrittenObject, { head }: SeenObject): Date | undefined {
  if (head?.lastModified === undefined || writtenAt === undefined) return head?.lastModified;
  const isDatedEarlier = head.replicationStatus === 'REPLICA' || /-\d+$/.test(unquoted(head.etag));
  return isDatedEarlier && writtenAt > head.lastModified ? writtenAt : head.lastModified;
}

/** An object without a version id may have been written anew since the event. S3 tells no ETag of an SSE-C object. */
function isStillThere(written: WrittenObject, object: SeenObject | undefined): boolean {
  if (object === undefined) return false;
  if (!isNullVersion(written) || written.etag === undefined) return true;
  return object.head !== undefined && written.etag === unquoted(object.head.etag);
}

/**
 * SQS may put U+FFFD in the place of U+FFFE and U+FFFF, which keys may have and its messages may not. Such an object is not gone: nobody knows
 * which one was written. (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html)
 */
function requireReadable(written: WrittenObject, object: SeenObject | undefined): void {
  if (isStillThere(written, object) || !written.key.includes('\ufffd')) return;
  throw new RetryableError(
    `There is no such object as ${written.key}, and its U+FFFD may stand for another character, which SQS does not take`,
  );
}

/** An earlier try may have moved what the event is about, and then failed to say so: its receipt tells. */
async function earlierOutcome(written: WrittenObject, { store, config }: EnforcePorts): Promise<ViolationOutcome | undefined> {
  if (written.etag === undefined) return undefined;
  const { receiptKey } = quarantineAddress({ ...written, etag: written.etag });
  const text = await store.readDocument(config.quarantine.bucket, receiptKey);
  const receipt = text === undefined ? undefined : readReceipt(text);
  if (receipt === undefined || isOlder(receipt, written)) return undefined;
  return { ...outcomeOf(receipt), uncovered: await uncoveredBy(receipt.origin, store) };
}

/** Without a version id, the same content written again has the same place in quarantine; an older receipt is not about it. */
function isOlder({ quarantinedAt }: Receipt, written: WrittenObject): boolean {
  const { writtenAt } = written;
  return isNullVersion(written) && writtenAt !== undefined && Date.parse(quarantinedAt) < writtenAt.getTime();
}
