import { ACTIONS } from '../../lib/domain/action';
import { fail, fromJson, oneOf, reading, record, text } from '../../lib/domain/document';
import { VIOLATION_REASONS, type ViolationReason } from '../../lib/domain/verdict';
import type { NotCopied } from '../shared/object-store';
import { quarantineAddress } from '../shared/quarantine-address';
import type { Receipt } from '../shared/receipt';
import type { ReleaseConfig } from './config';
import type { ReceiptPointer } from './parse-request';

/** A receipt that says what the enforcer would have said of that place, and where the record of its end lies. */
export interface TrustedReceipt extends Receipt {
  readonly receiptKey: string;
  readonly releaseKey: string;
  readonly discardKey: string;
}

/**
 * Only the enforcer may write receipts, which the policy of the bucket sees to. All the same nothing is taken from one that is not where its
 * own words put it: each place follows from the origin, and from nothing else.
 *
 * @throws Error that names what is wrong with it
 */
export function trustedReceipt(json: string, { receiptKey, copyKey }: ReceiptPointer, config: ReleaseConfig): TrustedReceipt {
  return reading('receipt', () => {
    const receipt = shapeOf(fromJson(json));
    const { origin, copy, enforcer } = receipt;
    if (enforcer !== config.enforcerName) fail('enforcer', enforcer, `this function serves ${config.enforcerName}`);
    if (copy.bucket !== config.quarantine.bucket) fail('copy.bucket', copy.bucket, `this function serves ${config.quarantine.bucket}`);
    if (copy.versionId === 'null') fail('copy.versionId', copy.versionId, 'a copy in quarantine has a version id');
    const place = quarantineAddress({
      ...origin,
      lastModified: origin.lastModified === undefined ? undefined : new Date(origin.lastModified),
    });
    if (receiptKey !== place.receiptKey) fail('origin', origin.key, `its receipt lies at ${place.receiptKey}, not at ${receiptKey}`);
    if (copy.key !== place.objectKey) fail('copy.key', copy.key, `the copy of that origin lies at ${place.objectKey}`);
    if (copyKey !== undefined && copy.key !== copyKey) {
      fail(
        'copy.key',
        copy.key,
        `it is about a later object of the same content; name the receipt's version of then to a person, ${copyKey} has none`,
      );
    }
    const { releaseKey, discardKey } = recordKeys(copy.key);
    return { ...receipt, receiptKey, releaseKey, discardKey };
  });
}

/** As long as a receipt's key with a date, which fits: `quarantineAddress()` leaves the room. */
function recordKeys(copyKey: string) {
  const place = copyKey.slice('objects/'.length);
  return { releaseKey: `releases/${place}.json`, discardKey: `discards/${place}.json` };
}

/** The last are those of what was re-encrypted by a copy before it was moved; nothing here depends on them, and only the first is passed on. */
const KNOWN = [
  ...['version', 'quarantinedAt', 'enforcer', 'origin', 'copy', 'violation'],
  ...['requested', 'reducedBecause', 'encryptedAs', 'replacedBy'],
];

function shapeOf(value: unknown): Receipt {
  const fields = record('document', value, KNOWN);
  if (fields['version'] !== 1) fail('version', fields['version'], 'this function understands version 1');
  const copy = record('copy', fields['copy'], ['bucket', 'key', 'versionId']);
  return {
    version: 1,
    quarantinedAt: date('quarantinedAt', fields['quarantinedAt']),
    enforcer: text('enforcer', fields['enforcer']),
    origin: originIn(fields['origin']),
    copy: {
      bucket: text('copy.bucket', copy['bucket']),
      key: text('copy.key', copy['key']),
      versionId: text('copy.versionId', copy['versionId']),
    },
    violation: violationIn(fields['violation']),
    ...(fields['requested'] !== undefined && { requested: oneOf('requested', fields['requested'], ACTIONS) }),
  };
}

function originIn(value: unknown): Receipt['origin'] {
  const origin = record('origin', value, ['bucket', 'key', 'versionId', 'etag', 'size', 'lastModified', 'notCopied']);
  const { versionId, size, lastModified, notCopied } = origin;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return fail('origin.size', size, 'must be a number of bytes');
  return {
    bucket: text('origin.bucket', origin['bucket']),
    key: text('origin.key', origin['key']),
    etag: text('origin.etag', origin['etag']),
    size,
    ...(versionId !== undefined && { versionId: text('origin.versionId', versionId) }),
    ...(lastModified !== undefined && { lastModified: date('origin.lastModified', lastModified) }),
    ...(notCopied !== undefined && { notCopied: notCopiedIn(notCopied) }),
  };
}

function notCopiedIn(value: unknown): NotCopied {
  const { storageClass, websiteRedirectLocation } = record('origin.notCopied', value, ['storageClass', 'websiteRedirectLocation']);
  return {
    ...(storageClass !== undefined && { storageClass: text('origin.notCopied.storageClass', storageClass) }),
    ...(websiteRedirectLocation !== undefined && {
      websiteRedirectLocation: text('origin.notCopied.websiteRedirectLocation', websiteRedirectLocation),
    }),
  };
}

function violationIn(value: unknown): Receipt['violation'] {
  const { compliant, reason, expected, observed } = record('violation', value, ['compliant', 'reason', 'expected', 'observed']);
  if (compliant !== false) fail('violation.compliant', compliant, 'must be false');
  return {
    compliant: false,
    reason: oneOf('violation.reason', reason, Object.keys(VIOLATION_REASONS) as ViolationReason[]),
    expected: text('violation.expected', expected),
    observed: text('violation.observed', observed),
  };
}

function date(name: string, value: unknown): string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : fail(name, value, 'must be a date');
}
