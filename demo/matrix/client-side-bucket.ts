import * as ends from './endings';
import type { UploadCase } from './upload-case';

/** Requires client-side encryption, over SSE-S3. No policy sees what the client did, so each of these is allowed. */
const SEALED: readonly Omit<UploadCase, 'bucket' | 'header' | 'manner' | 'deniedBy'>[] = [
  { content: 'Encryption SDK message', folder: 'message', expected: ends.STAYS },
  { content: 'message without key commitment', folder: 'message-uncommitted', expected: ends.NO_KEY_COMMITMENT },
  { content: 'forged message', folder: 'message-forged', expected: ends.MALFORMED },
  { content: 'S3 Encryption Client metadata', folder: 'metadata', expected: ends.STAYS },
  { content: 'bare x-amz-c', folder: 'metadata-bare', expected: ends.MALFORMED },
  { folder: 'plain', expected: ends.NOT_SEALED },
];

const WITHOUT_HEADER: readonly Omit<UploadCase, 'bucket'>[] = SEALED.map((each) => ({
  ...each,
  header: 'no header',
  manner: 'put',
  deniedBy: [],
}));

const CASES: readonly Omit<UploadCase, 'bucket'>[] = [
  ...WITHOUT_HEADER,
  {
    content: 'Encryption SDK message',
    header: 'no header',
    manner: 'multipart',
    folder: 'multipart-message',
    deniedBy: [],
    expected: ends.STAYS,
  },
  { header: 'no header', manner: 'zero bytes', folder: 'empty', deniedBy: [], expected: ends.NOT_SEALED },
  {
    content: 'Encryption SDK message',
    header: 'aws:kms, other key',
    manner: 'put',
    folder: 'message-under-kms',
    deniedBy: ['DenyWrongEncryption'],
    expected: ends.WRONG_SCHEME,
  },
];

export const CLIENT_SIDE_BUCKET_CASES: readonly UploadCase[] = CASES.map((each) => ({ bucket: 'ClientSideBucket', ...each }));
