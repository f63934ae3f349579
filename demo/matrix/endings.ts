import type { Ending, UploadCase } from './upload-case';

/** The endings that the tables of the buckets share. */
export const STAYS: Ending = { outcome: 'compliant', location: 'its bucket' };
export const WRONG_SCHEME: Ending = { outcome: 'quarantined', reason: 'wrong-scheme', location: 'quarantine' };
export const WRONG_KEY: Ending = { outcome: 'quarantined', reason: 'wrong-key', location: 'quarantine' };
export const WRONG_SCHEME_OVER_A_GOOD_ONE: Ending = { ...WRONG_SCHEME, location: 'quarantine, good one back' };
export const NOT_SEALED: Ending = { outcome: 'quarantined', reason: 'not-client-side-encrypted', location: 'quarantine' };
export const MALFORMED: Ending = { outcome: 'quarantined', reason: 'malformed-envelope', location: 'quarantine' };
export const NO_KEY_COMMITMENT: Ending = { outcome: 'quarantined', reason: 'no-key-commitment', location: 'quarantine' };
/** By UpdateObjectEncryption, so it stays the version that it is. */
export const MENDED: Ending = { outcome: 're-encrypted', reason: 'wrong-scheme', location: 'its bucket, as required' };
/** Only whoever has the customer-provided key can copy such an object, so it is tagged where it is. */
export const WRONG_SCHEME_CANNOT_BE_COPIED: Ending = { outcome: 'tagged', reason: 'wrong-scheme', location: 'its bucket, tagged' };
/** The enforcer may not decrypt under this key, so it cannot copy; it may tag. */
export const WRONG_KEY_CANNOT_BE_COPIED: Ending = { outcome: 'tagged', reason: 'wrong-key', location: 'its bucket, tagged' };
/** Not proven, so it is left alone. */
export const KEY_UNIDENTIFIED: Ending = { outcome: 'reported', reason: 'key-unidentified', location: 'its bucket' };

/** An engine that checks no KMS permission lets the enforcer copy what AWS would not. */
export function copiedHere(expected: Ending): Pick<UploadCase, 'underLimit'> {
  return { underLimit: { limit: 'KMS permissions not checked', expected } };
}

/** Without the key, a DSSE-KMS object cannot be told from one under another key. */
export const DSSE_KEY_UNSEEN_HERE: Pick<UploadCase, 'underLimit'> = {
  underLimit: { limit: 'DSSE key not reported', expected: KEY_UNIDENTIFIED },
};

export const NEEDS_AWS_S3_KEY = 'the engine refuses aws:kms without a key; AWS would take it for the key aws/s3';
export const NEEDS_DSSE_HEADER = 'the engine refuses the header aws:kms:dsse; AWS knows it';

/** Each of these names has been lost by some program that decoded a key once too often or too rarely, or took it for lines. */
export const NAMES: readonly Pick<UploadCase, 'folder' | 'shape'>[] = [
  { folder: 'name with  spaces' },
  { folder: 'name+with+plus' },
  { folder: 'name%2Bwith%20percent' },
  { folder: 'name-ünïcödé-Ω-日本-🔑' },
  // Of line breaks only this one: at others, such as U+2028, the engine cuts lines of the function's log in two.
  { folder: 'name with\nline break' },
  { folder: 'name-with-slash', shape: 'ends with a slash' },
  { folder: 'name-of-1024-bytes', shape: '1,024 bytes long' },
];
