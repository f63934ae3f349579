import * as ends from './endings';
import type { UploadCase } from './upload-case';

/** Requires DSSE-KMS under the bucket's own key. */
const CASES: readonly Omit<UploadCase, 'bucket'>[] = [
  { header: 'no header', manner: 'put', folder: 'no-header', deniedBy: [], expected: ends.STAYS, ...ends.DSSE_KEY_UNSEEN_HERE },
  {
    header: 'aws:kms:dsse, right key',
    manner: 'put',
    folder: 'dsse-right-key',
    deniedBy: [],
    expected: ends.STAYS,
    ...ends.DSSE_KEY_UNSEEN_HERE,
    ifRefused: ends.NEEDS_DSSE_HEADER,
  },
  {
    header: 'aws:kms:dsse, other key',
    manner: 'put',
    folder: 'dsse-other-key',
    deniedBy: ['DenyWrongKey'],
    expected: ends.WRONG_KEY,
    ...ends.DSSE_KEY_UNSEEN_HERE,
    ifRefused: ends.NEEDS_DSSE_HEADER,
  },
  {
    header: 'aws:kms:dsse, no key',
    manner: 'put',
    folder: 'dsse-no-key',
    deniedBy: ['DenyKmsWithoutKey'],
    expected: ends.WRONG_KEY,
    ...ends.DSSE_KEY_UNSEEN_HERE,
    ifRefused: ends.NEEDS_DSSE_HEADER,
  },
  { header: 'AES256', manner: 'put', folder: 'aes256', deniedBy: ['DenyWrongEncryption'], expected: ends.WRONG_SCHEME },
  {
    header: 'aws:kms, right key',
    manner: 'put',
    folder: 'kms-right-key',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME,
  },
  {
    header: 'aws:kms, other key',
    manner: 'put',
    folder: 'kms-other-key',
    deniedBy: ['DenyWrongEncryption', 'DenyWrongKey'],
    expected: ends.WRONG_SCHEME,
  },
  {
    header: 'aws:kms, foreign key',
    manner: 'put',
    folder: 'kms-foreign-key',
    deniedBy: ['DenyWrongEncryption', 'DenyWrongKey'],
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
    header: 'SSE-C',
    manner: 'put',
    folder: 'sse-c',
    deniedBy: ['DenyCustomerProvidedKeys'],
    expected: ends.WRONG_SCHEME_CANNOT_BE_COPIED,
  },
  {
    header: 'AES256',
    manner: 'multipart',
    folder: 'multipart-aes256',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME,
  },
  {
    header: 'aws:kms, right key',
    manner: 'copy',
    folder: 'copy-kms',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME,
  },
  {
    header: 'AES256',
    manner: 'overwrite',
    folder: 'overwritten',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME_OVER_A_GOOD_ONE,
  },
  { header: 'AES256', manner: 'zero bytes', folder: 'empty-aes256', deniedBy: ['DenyWrongEncryption'], expected: ends.WRONG_SCHEME },
];

const ODD_NAMES: readonly Omit<UploadCase, 'bucket'>[] = ends.NAMES.map((name) => ({
  ...name,
  header: 'aws:kms, right key',
  manner: 'put',
  deniedBy: ['DenyWrongEncryption'],
  expected: ends.WRONG_SCHEME,
}));

export const DSSE_BUCKET_CASES: readonly UploadCase[] = [...CASES, ...ODD_NAMES].map((each) => ({ bucket: 'DsseBucket', ...each }));
