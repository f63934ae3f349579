import { describeTarget } from '../../lib/domain/target-encryption';
import { locationOf } from '../shared/receipt';
import { LATE_MILLIS } from './claim';
import type { ReleaseRequest } from './parse-request';
import type { ReleasePlan } from './plan-release';
import type { ReleaseRecord } from './release-record';
import type { ReleasePorts, ReleaseResult } from './result';
import type { TrustedReceipt } from './trusted-receipt';

/** For people. */
export function describePlan(
  { target, encryption, there, done }: ReleasePlan,
  receipt: TrustedReceipt,
): Omit<ReleaseResult, 'receipt' | 'status'> {
  const exempt = encryption.status === 'exempt' ? `, spared until ${encryption.exemption.until}: ${encryption.exemption.reason}` : '';
  return {
    object: locationOf(target),
    encryption: `${describeTarget(target.encryption)}${exempt}`,
    onTopOf: done === undefined ? describeThere(there) : 'an earlier try has put it there',
    copy: `${locationOf(receipt.copy)}, which stays until its retention ends`,
  };
}

function describeThere(there: ReleasePlan['there']): string {
  if (there.status === 'nothing') return 'nothing';
  if (there.status === 'undescribed') return 'an SSE-C object';
  const date = there.lastModified?.toISOString() ?? 'an unknown date';
  if (there.status === 'delete-marker') return `the delete marker ${there.versionId} of ${date}`;
  return `${there.versionId === undefined ? `the object ${there.etag}` : `version ${there.versionId}`} of ${date}`;
}

/** Keeps what an earlier try has begun. */
export function newRecord(
  action: ReleaseRecord['action'],
  { receiptKey, origin, copy }: TrustedReceipt,
  { reason, requestedBy }: ReleaseRequest,
  earlier: ReleaseRecord | undefined,
  { now, remainingMillis, requestId }: ReleasePorts,
): ReleaseRecord {
  const begunAt = now().toISOString();
  const heldUntil = new Date(now().getTime() + remainingMillis() + LATE_MILLIS).toISOString();
  const receipt = locationOf({ bucket: copy.bucket, key: receiptKey });
  return {
    version: 1,
    action,
    state: 'begun',
    receipt,
    origin,
    copy,
    reason,
    requestedBy,
    requestId,
    begunAt: earlier?.begunAt ?? begunAt,
    heldUntil,
    uploadId: earlier?.uploadId,
    uploadEncryption: earlier?.uploadEncryption,
  };
}

/** The same fields in the log and in the event, as of a violation: see schemas/events.v1.schema.json. */
export function detailOf(
  outcome: 'released' | 'discarded',
  { origin, copy, violation, requested = 'quarantine', releaseKey, discardKey }: TrustedReceipt,
  { releasedVersionId, encryption, exemption, reason: why, requestedBy, requestId }: ReleaseRecord,
): Record<string, unknown> {
  const { bucket, key, versionId } = origin;
  const { reason, expected, observed } = violation;
  const record = locationOf({ bucket: copy.bucket, key: outcome === 'released' ? releaseKey : discardKey });
  return {
    ...{ bucket, key, ...(versionId !== undefined && { versionId }), outcome, reason, expected, observed, requested },
    ...{
      location: locationOf(copy),
      ...(releasedVersionId !== undefined && { releasedVersionId }),
      ...(encryption !== undefined && { encryption }),
      // As the enforcer says of what it spares.
      ...(exemption !== undefined && { exemption: exemption.reason, exemptUntil: exemption.until }),
    },
    ...{ record, why, requestedBy, requestId },
  };
}
