import * as ends from './endings';
import type { KeyHalf, UploadCase } from './upload-case';

const BOTH: readonly KeyHalf[] = ['key policy', 'IAM policy'];
const NEITHER: readonly KeyHalf[] = [];

/** Requires SSE-KMS under a key of another account, the key account. Uploads are by the application of the data account. */
const CASES: readonly Omit<UploadCase, 'bucket'>[] = [
  { header: 'no header', manner: 'put', folder: 'no-header', deniedBy: [], keyHalves: BOTH, expected: ends.STAYS },
  { header: 'aws:kms, right key', manner: 'put', folder: 'shared-key', deniedBy: [], keyHalves: BOTH, expected: ends.STAYS },
  { header: 'no header', manner: 'multipart', folder: 'multipart', deniedBy: [], keyHalves: BOTH, expected: ends.STAYS },
  { header: 'no header', manner: 'copy', folder: 'copy', deniedBy: [], keyHalves: BOTH, expected: ends.STAYS },
  { header: 'no header', manner: 'zero bytes', folder: 'empty', deniedBy: [], keyHalves: BOTH, expected: ends.STAYS },
  {
    header: 'aws:kms, third account',
    manner: 'put',
    folder: 'third-account',
    deniedBy: ['DenyWrongKey'],
    keyHalves: NEITHER,
    expected: ends.WRONG_KEY_CANNOT_BE_COPIED,
    ...ends.copiedHere(ends.WRONG_KEY),
  },
  {
    header: 'aws:kms, third account',
    manner: 'copy',
    folder: 'copy-third-account',
    deniedBy: ['DenyWrongKey'],
    keyHalves: NEITHER,
    expected: ends.WRONG_KEY_CANNOT_BE_COPIED,
    ...ends.copiedHere(ends.WRONG_KEY),
  },
  // Of the right account, and not the one that it shares.
  {
    header: 'aws:kms, unshared key',
    manner: 'put',
    folder: 'unshared-key',
    deniedBy: ['DenyWrongKey'],
    keyHalves: NEITHER,
    expected: ends.WRONG_KEY_CANNOT_BE_COPIED,
    ...ends.copiedHere(ends.WRONG_KEY),
  },
  {
    header: 'aws:kms, unshared key',
    manner: 'multipart',
    folder: 'multipart-unshared-key',
    deniedBy: ['DenyWrongKey'],
    keyHalves: NEITHER,
    expected: ends.WRONG_KEY_CANNOT_BE_COPIED,
    ...ends.copiedHere(ends.WRONG_KEY),
  },
  // Of the account of the bucket. Its policy leaves the use to IAM, which does not let the application.
  {
    header: 'aws:kms, other key',
    manner: 'put',
    folder: 'own-key',
    deniedBy: ['DenyWrongKey'],
    keyHalves: ['key policy'],
    expected: ends.WRONG_KEY,
  },
  {
    header: 'aws:kms, no key',
    manner: 'put',
    folder: 'no-key',
    deniedBy: ['DenyKmsWithoutKey'],
    expected: ends.WRONG_KEY,
    ifRefused: ends.NEEDS_AWS_S3_KEY,
  },
  {
    header: 'aws:kms:dsse, right key',
    manner: 'put',
    folder: 'dsse-shared-key',
    deniedBy: ['DenyWrongEncryption'],
    keyHalves: BOTH,
    expected: ends.WRONG_SCHEME,
    ifRefused: ends.NEEDS_DSSE_HEADER,
  },
  { header: 'AES256', manner: 'put', folder: 'aes256', deniedBy: ['DenyWrongEncryption'], expected: ends.WRONG_SCHEME },
  {
    header: 'SSE-C',
    manner: 'put',
    folder: 'sse-c',
    deniedBy: ['DenyCustomerProvidedKeys'],
    expected: ends.WRONG_SCHEME_CANNOT_BE_COPIED,
  },
  {
    header: 'AES256',
    manner: 'zero bytes',
    folder: 'empty-aes256',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME,
  },
];

export const EXCHANGE_BUCKET_CASES: readonly UploadCase[] = CASES.map((each) => ({ bucket: 'KmsBucket', ...each }));
