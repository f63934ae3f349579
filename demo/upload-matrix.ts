import { CLIENT_SIDE_BUCKET_CASES } from './matrix/client-side-bucket';
import { DSSE_BUCKET_CASES } from './matrix/dsse-bucket';
import { KMS_BUCKET_CASES } from './matrix/kms-bucket';
import { MENDED_BUCKET_CASES } from './matrix/mended-bucket';
import { S3_BUCKET_CASES } from './matrix/s3-bucket';
import type { UploadCase } from './matrix/upload-case';

/** Everything that the demo uploads, in this order. */
export const UPLOAD_MATRIX: readonly UploadCase[] = [
  ...KMS_BUCKET_CASES,
  ...S3_BUCKET_CASES,
  ...DSSE_BUCKET_CASES,
  ...CLIENT_SIDE_BUCKET_CASES,
  ...MENDED_BUCKET_CASES,
];
