import { StorageClass } from '@aws-sdk/client-s3';
import { VIOLATION_TAG } from '../../lib/domain/contract';
import { ALIAS_NAME, BARE_RIGHT_ID, FOREIGN_ACCOUNT_KEY, OTHER_KEY, OTHER_REGION_KEY, RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';

/** Condition keys that S3 fills from a request; some hold several values. */
export type RequestContext = Readonly<Record<string, string | string[]>>;

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
  'aws:kms:dsse, alias of the right key': { algorithm: 'aws:kms:dsse', key: ALIAS_NAME },
  'aws:kms:dsse, no key': { algorithm: 'aws:kms:dsse' },
  'aws:fsx': { algorithm: 'aws:fsx' },
  'SSE-C': { customerAlgorithm: 'AES256' },
  'SSE-C besides AES256': { algorithm: 'AES256', customerAlgorithm: 'AES256' },
};

/** Condition keys of requests that do not say how to encrypt: what tags the object has, and which the request sets. */
export const TAGGING: Readonly<Record<string, RequestContext>> = {
  'no tag': {},
  'the object has the violation tag': { [`s3:ExistingObjectTag/${VIOLATION_TAG}`]: 'not-required-scheme' },
  'the object has another tag': { 's3:ExistingObjectTag/project': 'apollo' },
  'sets the violation tag': { 's3:RequestObjectTagKeys': [VIOLATION_TAG] },
  'sets the violation tag in capitals': { 's3:RequestObjectTagKeys': [VIOLATION_TAG.toUpperCase()] },
  'sets the violation tag and another': { 's3:RequestObjectTagKeys': ['project', VIOLATION_TAG] },
  'sets another tag': { 's3:RequestObjectTagKeys': ['project'] },
};

/** Uploads that name their storage class; every one that the SDK knows, though S3 takes not all of them from clients. */
export const STORING: Readonly<Record<string, RequestContext>> = Object.fromEntries(
  Object.values(StorageClass).map((storageClass) => [`into ${storageClass}`, { 's3:x-amz-storage-class': storageClass }]),
);

/** Ways to reach S3. Plain HTTP has no TLS version. */
export const TRANSPORTS: Readonly<Record<string, RequestContext>> = {
  'TLS 1.3': { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' },
  'TLS 1.2': { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.2' },
  'TLS 1.1': { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.1' },
  'TLS 1.0': { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.0' },
  HTTP: { 'aws:SecureTransport': 'false' },
};
