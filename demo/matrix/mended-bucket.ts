import * as ends from './endings';
import type { UploadCase } from './upload-case';

/** Requires SSE-KMS under its own key, too, and has what is wrong encrypted as required, where it lies. */
const CASES: readonly Omit<UploadCase, 'bucket' | 'omittedUnder'>[] = [
  { header: 'no header', manner: 'put', folder: 'no-header', deniedBy: [], expected: ends.STAYS },
  { header: 'AES256', manner: 'put', folder: 'aes256', deniedBy: ['DenyWrongEncryption'], expected: ends.MENDED },
  { header: 'AES256', manner: 'multipart', folder: 'aes256-multipart', deniedBy: ['DenyWrongEncryption'], expected: ends.MENDED },
];

export const MENDED_BUCKET_CASES: readonly UploadCase[] = CASES.map((each) => ({
  bucket: 'MendedBucket',
  omittedUnder: 'UpdateObjectEncryption destroys',
  ...each,
}));
