import { fail, list, oneOf, reading, record, text } from '../../lib/domain/document';
import { quarantineAddress } from '../shared/quarantine-address';

const ACTIONS = ['release', 'discard'] as const;
const MOST_RECEIPTS = 100;
const MOST_CHARACTERS = 1000;

/** What an operator asks for. */
export interface ReleaseRequest {
  readonly action: (typeof ACTIONS)[number];
  readonly receipts: readonly ReceiptPointer[];
  readonly dryRun: boolean;
  /** Puts the object on top of whatever lies under its old key. */
  readonly overwrite: boolean;
  readonly reason: string;
  /** As the caller says; who called, CloudTrail knows. */
  readonly requestedBy: string;
}

/** Where a receipt should lie. */
export interface ReceiptPointer {
  readonly receiptKey: string;
  /** If the copy was named, and not its receipt. */
  readonly copyKey?: string | undefined;
}

/** @throws Error that names what is wrong with the request: what is not understood may have meant to narrow it */
export function parseRequest(payload: unknown, quarantineBucket: string): ReleaseRequest {
  return reading('request', () => {
    const fields = record('payload', payload, ['action', 'receipt', 'dryRun', 'overwrite', 'reason', 'requestedBy']);
    const { receipt, dryRun = true, overwrite = false } = fields;
    const action = oneOf('action', fields['action'], ACTIONS);
    if (action === 'discard' && overwrite !== false) fail('overwrite', overwrite, 'only a release can overwrite');
    if (receipt === undefined)
      fail('receipt', receipt, `name the location of a copy, its receipt or its object, or a list of 1 to ${MOST_RECEIPTS}`);
    const receipts = Array.isArray(receipt) ? list('receipt', receipt) : [receipt];
    if (receipts.length === 0 || receipts.length > MOST_RECEIPTS) {
      fail('receipt', receipts.length, `name one, or a list of 1 to ${MOST_RECEIPTS}`);
    }
    return {
      action,
      receipts: receipts.map((each) => pointer(each, quarantineBucket)),
      dryRun: yesOrNo('dryRun', dryRun),
      overwrite: yesOrNo('overwrite', overwrite),
      reason: shortText('reason', fields['reason'], 'say why, for the record'),
      requestedBy: shortText('requestedBy', fields['requestedBy'], 'say who asks for it, for the record'),
    };
  });
}

function yesOrNo(name: string, value: unknown): boolean {
  return typeof value === 'boolean' ? value : fail(name, value, 'must be true or false');
}

function shortText(name: string, value: unknown, remedy: string): string {
  if (typeof value !== 'string' || value.trim() === '' || value.length > MOST_CHARACTERS) {
    return fail(name, value, `${remedy}, in at most ${MOST_CHARACTERS} characters`);
  }
  return value;
}

function pointer(value: unknown, quarantineBucket: string): ReceiptPointer {
  return typeof value === 'string' ? ofLocation(value, quarantineBucket) : ofOrigin(value);
}

/** `s3://…/receipts/….json`, or the copy itself, `s3://…/objects/…`, which events and log lines name as the `location`. */
function ofLocation(location: string, quarantineBucket: string): ReceiptPointer {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(location) ?? [];
  if (bucket !== quarantineBucket) fail('receipt', location, `this function knows the quarantine s3://${quarantineBucket}/ only`);
  if (/^receipts\/.+\.json$/s.test(key)) return { receiptKey: key };
  const [, place = fail('receipt', location, 'name a key under receipts/ or objects/')] = /^objects\/(.+)$/s.exec(key) ?? [];
  // Of a null version the copy has its date in its key, and the receipt has not.
  return { receiptKey: `receipts/${place.replace(/(\/etag-[^/]*)-\d{8}T\d{6}Z$/, '$1')}.json`, copyKey: key };
}

/** The object as it was: bucket, key, and its version id or, where it had none, its ETag. */
function ofOrigin(value: unknown): ReceiptPointer {
  const { bucket, key, versionId, etag } = record('receipt', value, ['bucket', 'key', 'versionId', 'etag']);
  // S3 and its events call the version of an object that has none so.
  const hasNone = versionId === undefined || versionId === 'null';
  if (hasNone === (etag === undefined)) {
    fail('receipt', value, 'name the versionId of the object, or the etag of one that had none');
  }
  const version = hasNone ? { etag: text('receipt.etag', etag) } : { versionId: text('receipt.versionId', versionId), etag: '' };
  const { receiptKey } = quarantineAddress({ bucket: text('receipt.bucket', bucket), key: text('receipt.key', key), ...version });
  return { receiptKey };
}
