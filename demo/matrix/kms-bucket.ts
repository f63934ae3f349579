import * as ends from './endings';
import type { UploadCase } from './upload-case';

/** Requires SSE-KMS under the bucket's own key. */
const CASES: readonly Omit<UploadCase, 'bucket'>[] = [
  { header: 'no header', manner: 'put', folder: 'no-header', deniedBy: [], expected: ends.STAYS },
  { header: 'aws:kms, right key', manner: 'put', folder: 'right-key', deniedBy: [], expected: ends.STAYS },
  { header: 'AES256', manner: 'put', folder: 'aes256', deniedBy: ['DenyWrongEncryption'], expected: ends.WRONG_SCHEME },
  { header: 'aws:kms, other key', manner: 'put', folder: 'other-key', deniedBy: ['DenyWrongKey'], expected: ends.WRONG_KEY },
  {
    header: 'aws:kms, foreign key',
    manner: 'put',
    folder: 'foreign-key',
    deniedBy: ['DenyWrongKey'],
    expected: ends.WRONG_KEY_CANNOT_BE_COPIED,
    ...ends.copiedHere(ends.WRONG_KEY),
  },
  {
    header: 'aws:kms, disabled key',
    manner: 'put',
    folder: 'disabled-key',
    deniedBy: ['DenyWrongKey'],
    expected: ends.WRONG_KEY_CANNOT_BE_COPIED,
    ...ends.copiedHere(ends.WRONG_KEY),
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
    folder: 'dsse-right-key',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME,
    ifRefused: ends.NEEDS_DSSE_HEADER,
  },
  {
    header: 'aws:kms:dsse, other key',
    manner: 'put',
    folder: 'dsse-other-key',
    deniedBy: ['DenyWrongEncryption', 'DenyWrongKey'],
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
  { header: 'no header', manner: 'multipart', folder: 'multipart', deniedBy: [], expected: ends.STAYS },
  {
    header: 'AES256',
    manner: 'multipart',
    folder: 'multipart-aes256',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME,
  },
  { header: 'no header', manner: 'copy', folder: 'copy', deniedBy: [], expected: ends.STAYS },
  { header: 'AES256', manner: 'copy', folder: 'copy-aes256', deniedBy: ['DenyWrongEncryption'], expected: ends.WRONG_SCHEME },
  { header: 'aws:kms, other key', manner: 'copy', folder: 'copy-other-key', deniedBy: ['DenyWrongKey'], expected: ends.WRONG_KEY },
  {
    header: 'AES256',
    manner: 'overwrite',
    folder: 'overwritten',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME_OVER_A_GOOD_ONE,
  },
  { header: 'no header', manner: 'zero bytes', folder: 'empty', deniedBy: [], expected: ends.STAYS },
  { header: 'AES256', manner: 'zero bytes', folder: 'empty-aes256', deniedBy: ['DenyWrongEncryption'], expected: ends.WRONG_SCHEME },
];

/** Moved: the name must be right in the event, in both requests of the copy, in the delete, and in quarantine. */
const ODD_NAMES: readonly Omit<UploadCase, 'bucket'>[] = ends.NAMES.map((name) => ({
  ...name,
  header: 'AES256',
  manner: 'put',
  deniedBy: ['DenyWrongEncryption'],
  expected: ends.WRONG_SCHEME,
}));

export const KMS_BUCKET_CASES: readonly UploadCase[] = [...CASES, ...ODD_NAMES].map((each) => ({ bucket: 'KmsBucket', ...each }));
