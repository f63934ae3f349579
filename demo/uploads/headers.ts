import { randomBytes } from 'node:crypto';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { Deployment } from '../deployment';
import { FOREIGN_ACCOUNT, THIRD_ACCOUNT } from '../engine/environment';
import type { UploadCase } from '../matrix/upload-case';
import { createKeyOf, createOwnKey } from './foreign-keys';

export interface CustomerKey {
  readonly SSECustomerAlgorithm: string;
  readonly SSECustomerKey: string;
}

/** What the three ways to create an object (PutObject, CopyObject, CreateMultipartUpload) take alike. */
export interface EncryptionHeaders extends Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId'>, Partial<CustomerKey> {}

export async function encryptionHeaders({ bucket, header }: UploadCase, deployment: Deployment): Promise<EncryptionHeaders> {
  const rightKey = bucket === 'DsseBucket' ? deployment.DsseBucketKey : deployment.KmsBucketKey;
  switch (header) {
    case 'no header':
      return {};
    case 'AES256':
      return { ServerSideEncryption: 'AES256' };
    case 'aws:kms, right key':
      return underKms(rightKey);
    case 'aws:kms, other key':
      return underKms(deployment.OtherKey);
    case 'aws:kms, foreign key':
      return underKms(await createKeyOf(FOREIGN_ACCOUNT));
    case 'aws:kms, unshared key':
      return underKms(await createKeyOf(accountOf(rightKey)));
    case 'aws:kms, third account':
      return underKms(await createKeyOf(THIRD_ACCOUNT));
    case 'aws:kms, disabled key':
      return underKms(await createOwnKey());
    case 'aws:kms, no key':
      return { ServerSideEncryption: 'aws:kms' };
    case 'aws:kms:dsse, right key':
      return { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: rightKey };
    case 'aws:kms:dsse, other key':
      return { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: deployment.OtherKey };
    case 'aws:kms:dsse, no key':
      return { ServerSideEncryption: 'aws:kms:dsse' };
    case 'SSE-C':
      // The SDK adds the key's MD5.
      return { SSECustomerAlgorithm: 'AES256', SSECustomerKey: randomBytes(32).toString('base64') };
  }
}

function accountOf(keyArn = ''): string {
  return keyArn.split(':')[4] ?? '';
}

function underKms(keyArn: string | undefined): EncryptionHeaders {
  return { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn };
}

/** The customer-provided key of these headers: needed to look at the object again. */
export function customerKeyOf({ SSECustomerAlgorithm, SSECustomerKey }: EncryptionHeaders): CustomerKey | undefined {
  if (SSECustomerAlgorithm === undefined || SSECustomerKey === undefined) return undefined;
  return { SSECustomerAlgorithm, SSECustomerKey };
}
