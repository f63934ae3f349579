import type { EncryptionFields } from '../../lib/domain/observation';
import type { EncryptionHeaders } from './policy-requests';

/**
 * What S3 does with the encryption headers of a write, independent of the library: it knows nothing of requirements.
 * Rules: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html (headers win over the default),
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html (no key: aws/s3; alias and bare id: requester's account).
 */
export interface ModelBucket {
  readonly partition: string;
  readonly region: string;
  /** Encryption of an upload without header. */
  readonly defaultEncryption: EncryptionFields;
  /** Account → alias name → key id. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export type ModelAnswer =
  /** The encryption fields of a later HeadObject. */
  { readonly stored: EncryptionFields } | { readonly refused: string };

/** Of the AWS managed key aws/s3, which differs in every account: nobody requires it by ARN. */
export const AWS_MANAGED_KEY_ID = '5e3a11ed-0000-4000-8000-a35000000053';

export function putObject(bucket: ModelBucket, headers: EncryptionHeaders, requester: string): ModelAnswer {
  const { algorithm, key, customerAlgorithm } = headers;
  if (customerAlgorithm !== undefined) {
    if (algorithm !== undefined || key !== undefined) return { refused: 'InvalidArgument: SSE-C together with another encryption' };
    return { stored: { SSECustomerAlgorithm: customerAlgorithm } };
  }
  if (algorithm === 'aws:kms' || algorithm === 'aws:kms:dsse') {
    return { stored: { ServerSideEncryption: algorithm, SSEKMSKeyId: keyArn(bucket, key, requester) } };
  }
  if (key !== undefined) return { refused: 'InvalidArgument: a KMS key without KMS encryption' };
  if (algorithm === 'AES256') return { stored: { ServerSideEncryption: 'AES256' } };
  return algorithm === undefined ? { stored: bucket.defaultEncryption } : { refused: 'InvalidArgument: encryption not offered to clients' };
}

/** Always SSE-KMS under the key of that full ARN: https://docs.aws.amazon.com/AmazonS3/latest/userguide/update-sse-encryption.html */
export function updateObjectEncryption(arn: string): ModelAnswer {
  return { stored: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: arn } };
}

function keyArn({ partition, region, aliases }: ModelBucket, spelling: string | undefined, requester: string): string {
  if (spelling?.includes(':key/')) return spelling;
  const home = `arn:${partition}:kms:${region}:${requester}:key/`;
  if (spelling === undefined) return home + AWS_MANAGED_KEY_ID;
  return home + (aliases[requester]?.[spelling] ?? spelling);
}
