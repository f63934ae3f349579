import { ALIAS_NAME, BARE_RIGHT_ID, FOREIGN_ACCOUNT_KEY, OTHER_KEY, OTHER_REGION_KEY, RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';

/** Condition keys that S3 fills from a request. */
export type RequestContext = Readonly<Record<string, string>>;

export interface EncryptionHeaders {
  /** `x-amz-server-side-encryption` */
  readonly algorithm?: string | undefined;
  /** `x-amz-server-side-encryption-aws-kms-key-id`, as spelled by the client */
  readonly key?: string | undefined;
  /** `x-amz-server-side-encryption-customer-algorithm` */
  readonly customerAlgorithm?: string | undefined;
}

export function contextOf({ algorithm, key, customerAlgorithm }: EncryptionHeaders): RequestContext {
  return {
    ...(algorithm !== undefined && { 's3:x-amz-server-side-encryption': algorithm }),
    ...(key !== undefined && { 's3:x-amz-server-side-encryption-aws-kms-key-id': key }),
    ...(customerAlgorithm !== undefined && { 's3:x-amz-server-side-encryption-customer-algorithm': customerAlgorithm }),
  };
}

/** The words of the case files. */
export const HEADERS: Readonly<Record<string, EncryptionHeaders>> = {
  'no header': {},
  AES256: { algorithm: 'AES256' },
  'aws:kms, right key': { algorithm: 'aws:kms', key: RIGHT_KEY },
  'aws:kms, second key': { algorithm: 'aws:kms', key: SECOND_KEY },
  'aws:kms, other key': { algorithm: 'aws:kms', key: OTHER_KEY },
  'aws:kms, same id in a foreign account': { algorithm: 'aws:kms', key: FOREIGN_ACCOUNT_KEY },
  'aws:kms, same id in another Region': { algorithm: 'aws:kms', key: OTHER_REGION_KEY },
  'aws:kms, alias of the right key': { algorithm: 'aws:kms', key: ALIAS_NAME },
  'aws:kms, bare id of the right key': { algorithm: 'aws:kms', key: BARE_RIGHT_ID },
  'aws:kms, no key': { algorithm: 'aws:kms' },
  'aws:kms:dsse, right key': { algorithm: 'aws:kms:dsse', key: RIGHT_KEY },
  'aws:kms:dsse, second key': { algorithm: 'aws:kms:dsse', key: SECOND_KEY },
  'aws:kms:dsse, other key': { algorithm: 'aws:kms:dsse', key: OTHER_KEY },
  'aws:kms:dsse, same id in a foreign account': { algorithm: 'aws:kms:dsse', key: FOREIGN_ACCOUNT_KEY },
  'aws:kms:dsse, no key': { algorithm: 'aws:kms:dsse' },
  'aws:fsx': { algorithm: 'aws:fsx' },
  'SSE-C': { customerAlgorithm: 'AES256' },
  'SSE-C besides AES256': { algorithm: 'AES256', customerAlgorithm: 'AES256' },
};

/**
 * The key condition is said to hold the key that S3 will use, header or not
 * (https://github.com/sqlxpert/aws-rcp-s3-require-encryption-kms). A bucket with a default key must then still take uploads without header.
 */
export const DEFAULT_KEY_REPORTED: Readonly<Record<string, EncryptionHeaders>> = {
  'no header, S3 reports the default key': { key: RIGHT_KEY },
};

/** Ways to reach S3, and the statements that must stop them. Plain HTTP has no TLS version. */
export const TRANSPORTS: readonly (readonly [string, RequestContext, readonly string[]])[] = [
  ['HTTPS with TLS 1.3', { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' }, []],
  ['HTTPS with TLS 1.2', { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.2' }, []],
  ['HTTPS with TLS 1.1', { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.1' }, ['DenyOldTlsVersions']],
  ['HTTPS with TLS 1.0', { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.0' }, ['DenyOldTlsVersions']],
  ['plain HTTP', { 'aws:SecureTransport': 'false' }, ['DenyInsecureTransport']],
];
