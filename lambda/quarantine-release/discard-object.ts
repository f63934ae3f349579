import { METRICS } from '../../lib/domain/contract';
import { RetryableError } from '../shared/errors';
import { locationOf } from '../shared/receipt';
import { busy, type Claim, claimed, isHeld } from './claim';
import { detailOf, newRecord } from './describe';
import type { ReleaseRequest } from './parse-request';
import type { CopyVersion, ReleaseRecord } from './release-record';
import type { ReleasePorts, Told } from './result';
import type { TrustedReceipt } from './trusted-receipt';

/**
 * Deletes a quarantined copy for good, with its repetitions under the same key, which hold the same content. The receipt stays. What Object Lock
 * keeps is left to it: nothing is ever bypassed.
 */
export async function discardObject(receipt: TrustedReceipt, request: ReleaseRequest, ports: ReleasePorts): Promise<Told> {
  const { records, now } = ports;
  const copy = locationOf(receipt.copy);
  const existing = await records.read(receipt.discardKey);
  if (existing?.record.state === 'done') {
    return { status: 'already-discarded', copy, why: `it was discarded at ${existing.record.doneAt} for ${existing.record.requestedBy}` };
  }
  const hindrance = isHeld(existing, now()) ? busy(existing.record) : await releasing(receipt, ports);
  if (hindrance !== undefined) return hindrance;
  const versions = await records.versionsOf(receipt.copy.key);
  const why = whyNot(receipt, versions, existing?.record);
  if (why !== undefined) return { status: 'refused', copy, why };
  if (request.dryRun) return { status: 'would-discard', copy, why: `${versions.length} versions would be deleted for good` };
  const record = newRecord('discard', receipt, request, existing?.record, ports);
  return claimed(
    { key: receipt.discardKey, record, existing },
    () => releasing(receipt, ports),
    (claim) => carryOut(claim, receipt, versions, ports),
    ports,
  );
}

/** What was put back is confirmed, and needs its copy no more; what is on its way back does. */
async function releasing({ releaseKey }: TrustedReceipt, { records, now }: ReleasePorts): Promise<Told | undefined> {
  const release = await records.read(releaseKey);
  return isHeld(release, now()) ? busy(release.record) : undefined;
}

/** What an earlier try has deleted is no reason to stop. */
function whyNot({ copy }: TrustedReceipt, versions: readonly CopyVersion[], begun: ReleaseRecord | undefined): string | undefined {
  const isThere = versions.some(({ versionId, isDeleteMarker }) => versionId === copy.versionId && !isDeleteMarker);
  if (!isThere && begun === undefined) return 'the copy is gone: its retention has ended';
  const locked = versions.filter(({ lock }) => lock !== undefined);
  return locked.length === 0 ? undefined : locked.map(({ versionId, lock }) => `version ${versionId} is locked: ${lock}`).join('; ');
}

/**
 * Parts of a large object that a release has copied into the guarded bucket would lie there, unseen and paid for, and nobody could complete them any
 * more. A part under way may still arrive after the upload was given up: https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
 */
async function giveUpRelease({ releaseKey, origin }: TrustedReceipt, { records, store }: ReleasePorts): Promise<void> {
  const release = await records.read(releaseKey);
  if (release?.record.state !== 'begun' || release.record.uploadId === undefined) return;
  const upload = { target: { bucket: origin.bucket, key: origin.key }, uploadId: release.record.uploadId };
  await store.abandonCopy(upload);
  if ((await store.copiedParts(upload)) === undefined) return;
  throw new RetryableError(`the unfinished release of ${locationOf(origin)} is not given up yet, so nothing is deleted`);
}

async function carryOut(claim: Claim, receipt: TrustedReceipt, versions: readonly CopyVersion[], ports: ReleasePorts): Promise<Told> {
  const copy = locationOf(receipt.copy);
  await giveUpRelease(receipt, ports);
  for (const { versionId } of versions) {
    const answer = await ports.store.deleteVersion({ bucket: receipt.copy.bucket, key: receipt.copy.key, versionId });
    if (answer.status === 'refused') return { status: 'refused', copy, why: `S3 refuses to delete version ${versionId}: ${answer.why}` };
  }
  const left = await ports.records.versionsOf(receipt.copy.key);
  if (left.length > 0) throw new RetryableError(`${left.length} versions of ${copy} are still there`);
  const doneAt = ports.now().toISOString();
  const detail = detailOf('discarded', receipt, { ...claim.record, doneAt });
  // Before the record: a try that dies in between says it again, and does not keep silent.
  await ports.announce(detail);
  await claim.update({ state: 'done', doneAt });
  ports.log('object discarded', detail);
  ports.measure(METRICS.discardedObjects, receipt.origin.bucket);
  return { status: 'discarded', copy, why: `${versions.length} versions were deleted for good` };
}
