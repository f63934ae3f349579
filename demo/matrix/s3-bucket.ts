import * as ends from './endings';
import type { UploadCase } from './upload-case';

/** Requires SSE-S3: no KMS key is the right one. */
const CASES: readonly Omit<UploadCase, 'bucket'>[] = [
  { header: 'no header', manner: 'put', folder: 'no-header', deniedBy: [], expected: ends.STAYS },
  { header: 'AES256', manner: 'put', folder: 'aes256', deniedBy: [], expected: ends.STAYS },
  {
    header: 'aws:kms, other key',
    manner: 'put',
    folder: 'kms-key',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME,
  },
  {
    header: 'aws:kms, foreign key',
    manner: 'put',
    folder: 'kms-foreign-key',
    deniedBy: ['DenyWrongEncryption'],
    expected: { ...ends.WRONG_KEY_CANNOT_BE_COPIED, reason: 'wrong-scheme' },
    ...ends.copiedHere(ends.WRONG_SCHEME),
  },
  {
    header: 'aws:kms, no key',
    manner: 'put',
    folder: 'kms-no-key',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME,
    ifRefused: ends.NEEDS_AWS_S3_KEY,
  },
  {
    header: 'aws:kms:dsse, other key',
    manner: 'put',
    folder: 'dsse-key',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME,
    ifRefused: ends.NEEDS_DSSE_HEADER,
  },
  {
    header: 'SSE-C',
    manner: 'put',
    folder: 'sse-c',
    deniedBy: ['DenyCustomerProvidedKeys'],
    expected: ends.WRONG_SCHEME_CANNOT_BE_COPIED,
  },
  {
    header: 'aws:kms, other key',
    manner: 'multipart',
    folder: 'multipart-kms',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME,
  },
  { header: 'aws:kms, other key', manner: 'copy', folder: 'copy-kms', deniedBy: ['DenyWrongEncryption'], expected: ends.WRONG_SCHEME },
  {
    header: 'aws:kms, other key',
    manner: 'overwrite',
    folder: 'overwritten',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME_OVER_A_GOOD_ONE,
  },
  {
    header: 'aws:kms, other key',
    manner: 'zero bytes',
    folder: 'empty-kms',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME,
  },
];

/** Here they stay: a verdict must find them under their names. */
const ODD_NAMES: readonly Omit<UploadCase, 'bucket'>[] = ends.NAMES.map((name) => ({
  ...name,
  header: 'AES256',
  manner: 'put',
  deniedBy: [],
  expected: ends.STAYS,
}));

export const S3_BUCKET_CASES: readonly UploadCase[] = [...CASES, ...ODD_NAMES].map((each) => ({ bucket: 'S3Bucket', ...each }));
