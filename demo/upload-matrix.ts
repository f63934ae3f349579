/**
 * What the demo uploads, and what must come of it. The answers are written here by hand, from what the two buckets
 * require, and never computed by the code that is on show: a mismatch ends the demo with exit code 1.
 */
export type Location = 'its bucket' | 'its bucket, tagged' | 'quarantine';

export interface Expectation {
  readonly outcome: 'compliant' | 'tagged' | 'quarantined';
  /** Absent for what is compliant. */
  readonly reason?: 'wrong-scheme' | 'wrong-key';
  readonly location: Location;
}

/** How an upload asks for encryption. `upload.ts` knows the headers. */
export type UploadKind =
  | 'no header'
  | 'AES256'
  | 'aws:kms, right key'
  | 'aws:kms, other key'
  | 'aws:kms, no key'
  | 'aws:kms:dsse, right key'
  | 'SSE-C';

export interface UploadCase {
  readonly bucket: 'KmsBucket' | 'S3Bucket';
  readonly upload: UploadKind;
  /** Before the file's name in the object's key. */
  readonly folder: string;
  readonly expected: Expectation;
  /** Set where AWS accepts the upload and an engine may not: refused uploads are then skipped, with this reason. */
  readonly ifRefused?: string;
}

const STAYS: Expectation = { outcome: 'compliant', location: 'its bucket' };
const WRONG_SCHEME: Expectation = { outcome: 'quarantined', reason: 'wrong-scheme', location: 'quarantine' };
const WRONG_KEY: Expectation = { outcome: 'quarantined', reason: 'wrong-key', location: 'quarantine' };
/** Only whoever has the customer-provided key can copy such an object, so it is tagged where it is. */
const WRONG_SCHEME_CANNOT_BE_COPIED: Expectation = { outcome: 'tagged', reason: 'wrong-scheme', location: 'its bucket, tagged' };

/** Each of these has been lost by some program that decoded a key once too often or too rarely. */
const ODD_FOLDER = 'odd name, 100% + 1%2B1 = ünïcödé Ω';

export const UPLOAD_MATRIX: readonly UploadCase[] = [
  { bucket: 'KmsBucket', upload: 'no header', folder: 'no-header', expected: STAYS },
  { bucket: 'KmsBucket', upload: 'aws:kms, right key', folder: 'right-key', expected: STAYS },
  { bucket: 'KmsBucket', upload: 'AES256', folder: 'aes256', expected: WRONG_SCHEME },
  { bucket: 'KmsBucket', upload: 'aws:kms, other key', folder: 'other-key', expected: WRONG_KEY },
  { bucket: 'KmsBucket', upload: 'SSE-C', folder: 'sse-c', expected: WRONG_SCHEME_CANNOT_BE_COPIED },
  { bucket: 'KmsBucket', upload: 'AES256', folder: ODD_FOLDER, expected: WRONG_SCHEME },
  {
    bucket: 'KmsBucket',
    upload: 'aws:kms, no key',
    folder: 'no-key',
    expected: WRONG_KEY,
    ifRefused: 'the engine refuses aws:kms without a key; AWS would encrypt under aws/s3',
  },
  {
    bucket: 'KmsBucket',
    upload: 'aws:kms:dsse, right key',
    folder: 'dsse',
    expected: WRONG_SCHEME,
    ifRefused: 'the engine refuses the header aws:kms:dsse; AWS knows it',
  },
  { bucket: 'S3Bucket', upload: 'no header', folder: 'no-header', expected: STAYS },
  { bucket: 'S3Bucket', upload: 'AES256', folder: 'aes256', expected: STAYS },
  { bucket: 'S3Bucket', upload: 'aws:kms, other key', folder: 'kms', expected: WRONG_SCHEME },
  { bucket: 'S3Bucket', upload: 'SSE-C', folder: 'sse-c', expected: WRONG_SCHEME_CANNOT_BE_COPIED },
  { bucket: 'S3Bucket', upload: 'AES256', folder: ODD_FOLDER, expected: STAYS },
];
