import type { EncryptionFields } from '../../lib/domain/observation';
import type { EncryptionRequirement } from '../../lib/domain/requirement';
import { contextOf, type EncryptionHeaders, type RequestContext } from './policy-requests';

/** What S3 knows of a bucket when an object is written. */
export interface ModelBucket {
  readonly partition: string;
  readonly region: string;
  /** Encryption of an upload without header. */
  readonly defaultEncryption: EncryptionFields;
  /** Account → alias name → key id. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface ModelWrite {
  readonly action: 's3:PutObject' | 's3:ReplicateObject' | 's3:UpdateObjectEncryption';
  readonly headers: EncryptionHeaders;
  /** Account of the requester. */
  readonly account: string;
}

/** What S3 lets nobody read before it is restored: https://docs.aws.amazon.com/AmazonS3/latest/userguide/archived-objects.html */
export function isArchived(storageClass: string | undefined): boolean {
  return storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE';
}

/** The encryption fields of a later HeadObject; undefined where S3 refuses the request by itself. */
export type ModelAnswer = EncryptionFields | undefined;

interface ModelRow {
  readonly request: string;
  readonly when: (write: ModelWrite) => boolean;
  readonly stores: (write: ModelWrite, bucket: ModelBucket) => ModelAnswer;
}

const GUIDE = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/';

/**
 * What S3 makes of a request; the first row that fits decides. It is independent of the library, and knows nothing of what a bucket
 * accepts.
 *
 * Assumption, not seen on AWS: a replica, which keeps the encryption of its source (userguide/bucket-encryption.html) or gets the key
 * that the replication rule names, is authorised with condition keys that say what it will be encrypted with: the algorithm always, the
 * key by its full ARN. So a replica is a row like an upload with these headers. Were they absent, replicas would pass the policy like
 * uploads without headers, and the enforcer would find those that differ from the default.
 */
export const WHAT_S3_MAKES: readonly ModelRow[] = [
  {
    request: `re-keying in place: always SSE-KMS, under a key named by its full ARN (${GUIDE}update-sse-encryption.html)`,
    when: ({ action }) => action === 's3:UpdateObjectEncryption',
    stores: ({ headers: { algorithm, key } }) => (algorithm === 'aws:kms' && isKeyArn(key) ? kms(algorithm, key) : undefined),
  },
  {
    request: `SSE-C together with another encryption: InvalidArgument (${GUIDE}ServerSideEncryptionCustomerKeys.html)`,
    when: ({ headers }) => headers.customerAlgorithm !== undefined && (headers.algorithm !== undefined || headers.key !== undefined),
    stores: () => undefined,
  },
  {
    request: 'SSE-C: HeadObject reports the customer algorithm, and no other encryption',
    when: ({ headers }) => headers.customerAlgorithm !== undefined,
    stores: ({ headers }) => ({ SSECustomerAlgorithm: headers.customerAlgorithm }),
  },
  {
    request: `KMS without a key: the AWS managed key aws/s3, not the bucket's default (${GUIDE}UsingKMSEncryption.html)`,
    when: ({ headers }) => isKms(headers.algorithm) && headers.key === undefined,
    stores: ({ headers, account }, bucket) => kms(headers.algorithm, keyArnIn(account, AWS_MANAGED_KEY_ID, bucket)),
  },
  {
    request: `KMS with a key: aliases and bare ids are resolved in the requester's account (${GUIDE}UsingKMSEncryption.html)`,
    when: ({ headers }) => isKms(headers.algorithm),
    stores: ({ headers, account }, bucket) => {
      const keyArn = resolved(headers.key ?? '', account, bucket);
      return keyArn === undefined ? undefined : kms(headers.algorithm, keyArn);
    },
  },
  {
    request: 'a KMS key without KMS encryption: InvalidArgument',
    when: ({ headers }) => headers.key !== undefined,
    stores: () => undefined,
  },
  {
    request: `AES256: headers win over the default (${GUIDE}default-bucket-encryption.html)`,
    when: ({ headers }) => headers.algorithm === 'AES256',
    stores: () => ({ ServerSideEncryption: 'AES256' }),
  },
  {
    request: `no header: the bucket's default encryption (${GUIDE}default-bucket-encryption.html)`,
    when: ({ headers }) => headers.algorithm === undefined,
    stores: (_, { defaultEncryption }) => defaultEncryption,
  },
  { request: 'any other value, such as aws:fsx: not offered to clients', when: () => true, stores: () => undefined },
];

/** Of the AWS managed key aws/s3, which differs in every account: nobody requires it by ARN. */
export const AWS_MANAGED_KEY_ID = '5e3a11ed-0000-4000-8000-a35000000053';

export function write(bucket: ModelBucket, request: ModelWrite): ModelAnswer {
  return WHAT_S3_MAKES.find(({ when }) => when(request))?.stores(request, bucket);
}

/** What a bucket that requires this encrypts with when an upload says nothing; SSE-C cannot be a default. */
export function defaultOf(requirement: EncryptionRequirement): EncryptionFields {
  switch (requirement.scheme) {
    case 'SSE-KMS':
      return kms('aws:kms', requirement.keyArns[0]);
    case 'DSSE-KMS':
      return kms('aws:kms:dsse', requirement.keyArns[0]);
    case 'client-side':
      return defaultOf(requirement.serverSide);
    case 'SSE-S3':
    case 'SSE-C':
      return { ServerSideEncryption: 'AES256' };
  }
}

/**
 * What S3 fills the condition key of the KMS key with. AWS does not say; it may be the header as it was spelled, absent without one, or
 * the key that S3 will use, header or not.
 */
export type KeyCondition = 'the header' | 'the key in use';

export function conditionKeysOf(bucket: ModelBucket, request: ModelWrite, keyCondition: KeyCondition): RequestContext {
  const { headers } = request;
  if (keyCondition === 'the header') return contextOf(headers);
  return contextOf({ ...headers, key: write(bucket, request)?.SSEKMSKeyId ?? headers.key });
}

function isKms(algorithm: string | undefined): boolean {
  return algorithm === 'aws:kms' || algorithm === 'aws:kms:dsse';
}

export function isKeyArn(spelling: string | undefined): boolean {
  return spelling?.includes(':key/') === true;
}

function kms(algorithm: string | undefined, keyArn: string | undefined): EncryptionFields {
  return { ServerSideEncryption: algorithm, SSEKMSKeyId: keyArn };
}

function keyArnIn(account: string, keyId: string, { partition, region }: ModelBucket): string {
  return `arn:${partition}:kms:${region}:${account}:key/${keyId}`;
}

/** Undefined for an alias that the account does not have. */
function resolved(spelling: string, requester: string, bucket: ModelBucket): string | undefined {
  if (isKeyArn(spelling)) return spelling;
  const [account = requester, name = spelling] = spelling.startsWith('arn:') ? spelling.split(':').slice(4) : [];
  const keyId = name.startsWith('alias/') ? bucket.aliases[account]?.[name] : name;
  return keyId === undefined ? undefined : keyArnIn(account, keyId, bucket);
}
