/** What S3 says about the encryption of one object version. */
export type ObservedEncryption =
  | { readonly kind: 'SSE-S3' }
  | { readonly kind: 'SSE-KMS' | 'DSSE-KMS'; readonly keyId: string | undefined }
  | { readonly kind: 'SSE-C' }
  /** Stored before S3 encrypted by default (January 2023). */
  | { readonly kind: 'none' }
  /** A value that this version does not know, such as `aws:fsx` or `aws:backup`. */
  | { readonly kind: 'unknown'; readonly value: string }
  /** S3 refuses to describe the object, and not for the reason that it is SSE-C. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** The fields of a HeadObject answer that speak of encryption, as the SDK names them. */
export interface EncryptionFields {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
}

export function observedEncryption(head: EncryptionFields): ObservedEncryption {
  if (head.SSECustomerAlgorithm !== undefined) return { kind: 'SSE-C' };
  switch (head.ServerSideEncryption) {
    case undefined:
      return { kind: 'none' };
    case 'AES256':
      return { kind: 'SSE-S3' };
    case 'aws:kms':
      return { kind: 'SSE-KMS', keyId: head.SSEKMSKeyId };
    case 'aws:kms:dsse':
      return { kind: 'DSSE-KMS', keyId: head.SSEKMSKeyId };
    default:
      return { kind: 'unknown', value: head.ServerSideEncryption };
  }
}

/** One line for people: `SSE-KMS under arn:aws:kms:…`. */
export function describeObservation(observed: ObservedEncryption): string {
  switch (observed.kind) {
    case 'SSE-S3':
    case 'SSE-C':
      return observed.kind;
    case 'SSE-KMS':
    case 'DSSE-KMS':
      return observed.keyId === undefined ? `${observed.kind}, key not reported` : `${observed.kind} under ${observed.keyId}`;
    case 'none':
      return 'not encrypted by S3';
    case 'unknown':
      return `unknown value "${observed.value}"`;
    case 'unreadable':
      return `unreadable: ${observed.why}`;
  }
}
