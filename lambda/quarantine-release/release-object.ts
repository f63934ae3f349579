import { isDeepStrictEqual } from 'node:util';
import { METRICS } from '../../lib/domain/contract';
import { describeObservation, observedEncryption } from '../../lib/domain/observation';
import { isEncryptedAs } from '../../lib/domain/target-encryption';
import { continueCopy } from '../shared/copy-in-parts';
import { RetryableError } from '../shared/errors';
import { type ObjectHead, sameContent } from '../shared/object-store';
import { MAX_COPY_BYTES } from '../shared/part-ranges';
import { locationOf } from '../shared/receipt';
import { busy, type Claim, claimed, isHeld } from './claim';
import { describePlan, detailOf, newRecord } from './describe';
import type { ReleaseRequest } from './parse-request';
import { earlierResult, planRelease, type ReleasePlan } from './plan-release';
import type { ReleaseRecord } from './release-record';
import type { ReleasePorts, Told } from './result';
import type { TrustedReceipt } from './trusted-receipt';

/**
 * Puts a quarantined object back under its old key, encrypted as required now: look, claim, copy, confirm, tell, record. Safe to repeat from any
 * point. The copy in quarantine stays until its retention ends.
 */
export async function releaseObject(receipt: TrustedReceipt, request: ReleaseRequest, ports: ReleasePorts): Promise<Told> {
  const existing = await ports.records.read(receipt.releaseKey);
  if (existing?.record.state === 'done') return alreadyReleased(existing.record, receipt, ports);
  const hindrance = isHeld(existing, ports.now()) ? busy(existing.record) : await discarding(receipt, ports);
  if (hindrance !== undefined) return hindrance;
  const plan = await planRelease(receipt, request.overwrite, existing?.record, ports);
  if (plan.status === 'refused') return { ...plan, object: locationOf(receipt.origin), copy: locationOf(receipt.copy) };
  if (request.dryRun) return { status: 'would-release', ...describePlan(plan, receipt) };
  const record = newRecord('release', receipt, request, existing?.record, ports);
  return claimed(
    { key: receipt.releaseKey, record, existing },
    () => discarding(receipt, ports),
    (claim) => carryOut(plan, claim, receipt, ports),
    ports,
  );
}

async function discarding(receipt: TrustedReceipt, { records, now }: ReleasePorts): Promise<Told | undefined> {
  const discard = await records.read(receipt.discardKey);
  if (discard?.record.state === 'done')
    return { status: 'refused', why: `it was discarded at ${discard.record.doneAt} by ${discard.record.requestedBy}` };
  return isHeld(discard, now()) ? busy(discard.record) : undefined;
}

async function carryOut(plan: ReleasePlan, claim: Claim, receipt: TrustedReceipt, ports: ReleasePorts): Promise<Told> {
  const { bucket, key } = plan.target;
  const put = plan.done === undefined ? await putBack(plan, claim, ports) : ({ status: 'copied', versionId: plan.done.versionId } as const);
  if (put.status !== 'copied') return { ...put, object: locationOf(receipt.origin), copy: locationOf(receipt.copy) };
  const head = await confirmed(put.versionId, plan, ports);
  const encryption = describeObservation(observedEncryption(head.encryption));
  const exemption = plan.encryption.status === 'exempt' ? plan.encryption.exemption : undefined;
  const result = { doneAt: ports.now().toISOString(), releasedVersionId: put.versionId, encryption, exemption };
  const detail = detailOf('released', receipt, { ...claim.record, ...result });
  // Before the record: a try that dies in between says it again, and does not keep silent.
  await ports.announce(detail);
  await claim.update({ state: 'done', ...result });
  ports.log('object released', detail);
  ports.measure(METRICS.releasedObjects, bucket);
  return { status: 'released', ...describePlan(plan, receipt), object: locationOf({ bucket, key }), versionId: put.versionId, encryption };
}

type Put =
  | { readonly status: 'copied'; readonly versionId: string | undefined }
  | { readonly status: 'refused' | 'unfinished'; readonly why: string };

async function putBack(plan: ReleasePlan, claim: Claim, ports: ReleasePorts): Promise<Put> {
  const { copy, target, condition } = plan;
  const isLarge = copy.head.size > MAX_COPY_BYTES;
  const answer = isLarge ? await putBackInParts(plan, claim, ports) : await ports.store.copyAs(copy, copy.head.etag, target, condition);
  switch (answer.status) {
    case 'copied':
      return answer;
    case 'unfinished':
      return { status: 'unfinished', why: 'a large object is copied in parts: invoke again, and the copy goes on' };
    case 'refused':
      return { status: 'refused', why: `S3 refuses the copy: ${answer.why}` };
    default: {
      // The SDK repeats a request whose answer was lost; the repetition meets what the first one wrote.
      const own = await earlierResult(target, copy.head, new Date(claim.record.begunAt), ports.store);
      if (own !== undefined) return { status: 'copied', versionId: own.versionId };
      return { status: 'refused', why: 'what lies there changed in the meantime, or the copy is gone: look again with a dry run' };
    }
  }
}

/**
 * An upload of somebody else to the same key must not be taken for one's own, so the record remembers its id. One that was begun before something
 * else was required is given up: S3 would end it as it began.
 */
async function putBackInParts({ copy, target, condition }: ReleasePlan, claim: Claim, { store, timeIsUp, remainingMillis }: ReleasePorts) {
  const { uploadId, uploadEncryption } = claim.record;
  const known = uploadId === undefined ? undefined : { target, uploadId };
  const isOpen = known !== undefined && (await store.copiedParts(known)) !== undefined;
  const isAsRequired = isDeepStrictEqual(uploadEncryption, target.encryption);
  if (isOpen && !isAsRequired) await store.abandonCopy(known);
  if (isOpen && isAsRequired) return continueCopy(copy, known, store, { isUp: timeIsUp, remainingMillis }, condition);
  const started = await store.startCopy(copy, copy.head.etag, target);
  if (started.status !== 'started') return started;
  await claim.update({ uploadId: started.uploadId, uploadEncryption: target.encryption });
  return continueCopy(copy, { target, uploadId: started.uploadId }, store, { isUp: timeIsUp, remainingMillis }, condition);
}

/** Looks at the very version that the copy made. Never compares ETags: under SSE-KMS they differ between an object and its copy. */
async function confirmed(versionId: string | undefined, { copy, target }: ReleasePlan, { store }: ReleasePorts): Promise<ObjectHead> {
  const { bucket, key } = target;
  const answer = await store.headWithChecksum({ bucket, key, versionId });
  if (answer.status !== 'found') throw unconfirmed(`HeadObject says ${answer.status}`);
  const { head } = answer;
  if (head.size !== copy.head.size) throw unconfirmed(`it has ${head.size} bytes, the copy in quarantine ${copy.head.size}`);
  const observed = observedEncryption(head.encryption);
  if (!isEncryptedAs(target.encryption, observed)) throw unconfirmed(`it is encrypted as ${describeObservation(observed)}`);
  if (sameContent(head, copy.head) === false) throw unconfirmed('its checksum is not that of the copy in quarantine');
  return head;
}

function unconfirmed(why: string): RetryableError {
  return new RetryableError(`What was put back is not confirmed, and nothing is recorded as released: ${why}`);
}

async function alreadyReleased(record: ReleaseRecord, receipt: TrustedReceipt, { store }: ReleasePorts): Promise<Told> {
  const { bucket, key } = record.origin;
  const { doneAt, requestedBy, releasedVersionId, encryption } = record;
  const now = await store.head({ bucket, key, versionId: releasedVersionId });
  const since = now.status === 'gone' ? '; it was deleted since' : '';
  return {
    status: 'already-released',
    object: locationOf(record.origin),
    versionId: releasedVersionId,
    ...(encryption !== undefined && { encryption }),
    copy: locationOf(receipt.copy),
    why: `it was put back at ${doneAt} for ${requestedBy}${since}`,
  };
}
