import type { EncryptionHeaders } from '../uploads/headers';

/** The condition keys that S3 fills from the headers of a write. */
export function contextOfHeaders(headers: EncryptionHeaders): Record<string, string> {
  const { ServerSideEncryption: scheme, SSEKMSKeyId: key, SSECustomerAlgorithm: customerAlgorithm } = headers;
  return {
    ...(scheme !== undefined && { 's3:x-amz-server-side-encryption': scheme }),
    ...(key !== undefined && { 's3:x-amz-server-side-encryption-aws-kms-key-id': key }),
    ...(customerAlgorithm !== undefined && { 's3:x-amz-server-side-encryption-customer-algorithm': customerAlgorithm }),
  };
}

/** On AWS everybody comes over HTTPS; the local engine speaks plain HTTP. */
export const OVER_HTTPS = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' } as const;
