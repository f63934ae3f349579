/**
 * The ways to encrypt an S3 object, under the names AWS prints.
 * Everything that differs between them and is not code stands in SERVER_SIDE_SCHEMES: a new scheme starts here.
 */
export type ServerSideScheme = 'SSE-S3' | 'SSE-KMS' | 'DSSE-KMS' | 'SSE-C';

export type Scheme = ServerSideScheme | 'client-side';

/** Values of the header `x-amz-server-side-encryption` that a bucket can have as its default. */
export type ServerSideEncryption = 'AES256' | 'aws:kms' | 'aws:kms:dsse';

export interface SchemeFacts {
  /** What a bucket encrypts with when an upload says nothing. SSE-C cannot be a bucket default. */
  readonly defaultEncryption: ServerSideEncryption;
  /** Whether objects are encrypted under KMS keys that the requirement must name. */
  readonly usesKmsKeys: boolean;
  /** DSSE-KMS has no S3 Bucket Key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingDSSEncryption.html */
  readonly supportsBucketKey: boolean;
  /** Whether the uploader sends the key with each request (SSE-C). Blocked where it is not accepted. */
  readonly customerProvidedKeys: boolean;
  /**
   * Requests that S3 makes to KMS for one of its own without a bucket key
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html). Of DSSE-KMS AWS says that it makes more than SSE-KMS, not how many
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingDSSEncryption.html): one for each layer is an assumption, on the safe side.
   */
  readonly kmsRequests: 0 | 1 | 2;
}

export const SERVER_SIDE_SCHEMES: Readonly<Record<ServerSideScheme, SchemeFacts>> = {
  'SSE-S3': { defaultEncryption: 'AES256', usesKmsKeys: false, supportsBucketKey: false, customerProvidedKeys: false, kmsRequests: 0 },
  'SSE-KMS': { defaultEncryption: 'aws:kms', usesKmsKeys: true, supportsBucketKey: true, customerProvidedKeys: false, kmsRequests: 1 },
  'DSSE-KMS': {
    defaultEncryption: 'aws:kms:dsse',
    usesKmsKeys: true,
    supportsBucketKey: false,
    customerProvidedKeys: false,
    kmsRequests: 2,
  },
  'SSE-C': { defaultEncryption: 'AES256', usesKmsKeys: false, supportsBucketKey: false, customerProvidedKeys: true, kmsRequests: 0 },
};

export function isServerSideScheme(value: unknown): value is ServerSideScheme {
  return typeof value === 'string' && Object.hasOwn(SERVER_SIDE_SCHEMES, value);
}
