import { type EncryptionRequirement, requiredKeyArns } from './requirement';
import { SCHEMES } from './scheme';

/**
 * The deny statements of a guarded bucket, as JSON: what S3 refuses before an object exists.
 *
 * Default-friendly: a wrong header is denied, no header falls to the bucket's default encryption. That needs
 * `StringNotEquals` together with `Null: false`; `StringNotEqualsIfExists` would deny requests without the header too
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 */
export interface PolicyStatementJson {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Principal: { readonly AWS: '*' };
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | number | readonly string[]>>>>;
}

/** Oldest TLS version that clients may use. */
export const MINIMUM_TLS_VERSION = 1.2;

const SSE_HEADER = 's3:x-amz-server-side-encryption';
const KEY_HEADER = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const CUSTOMER_KEY_HEADER = 's3:x-amz-server-side-encryption-customer-algorithm';

/** Uploads, parts and copies are all `s3:PutObject`; replicas are not. */
const WRITES = ['s3:PutObject', 's3:ReplicateObject'] as const;
/** Re-keys an object in place, without an S3 event: https://docs.aws.amazon.com/AmazonS3/latest/userguide/update-sse-encryption.html */
const REKEY = 's3:UpdateObjectEncryption';

/** Plain HTTP and old TLS are denied for the bucket and its objects. */
export function transportStatements(bucketArn: string): PolicyStatementJson[] {
  const resources = [bucketArn, `${bucketArn}/*`];
  return [
    // The value is the string "false", alone in its statement: Control Tower's rule CT.S3.PR.8 wants exactly that.
    deny('DenyInsecureTransport', ['s3:*'], resources, { Bool: { 'aws:SecureTransport': 'false' } }),
    deny('DenyOldTlsVersions', ['s3:*'], resources, { NumericLessThan: { 's3:TlsVersion': MINIMUM_TLS_VERSION } }),
  ];
}

/** Encryption other than required is denied on every way to write an object. */
export function encryptionStatements(requirement: EncryptionRequirement, bucketArn: string): PolicyStatementJson[] {
  const objects = [`${bucketArn}/*`];
  return [
    ...customerKeyStatements(requirement, objects),
    ...algorithmStatements(requirement, objects),
    ...keyStatements(requirement, objects),
    ...rekeyStatements(requirement, objects),
  ];
}

/** The whole policy of a guarded bucket. */
export function bucketPolicyStatements(requirement: EncryptionRequirement, bucketArn: string): PolicyStatementJson[] {
  return [...transportStatements(bucketArn), ...encryptionStatements(requirement, bucketArn)];
}

function customerKeyStatements({ scheme }: EncryptionRequirement, objects: string[]): PolicyStatementJson[] {
  return SCHEMES[scheme].customerProvidedKeys
    ? [deny('RequireCustomerProvidedKeys', WRITES, objects, { Null: { [CUSTOMER_KEY_HEADER]: 'true' } })]
    : [deny('DenyCustomerProvidedKeys', WRITES, objects, { Null: { [CUSTOMER_KEY_HEADER]: 'false' } })];
}

function algorithmStatements({ scheme }: EncryptionRequirement, objects: string[]): PolicyStatementJson[] {
  const { defaultEncryption, customerProvidedKeys } = SCHEMES[scheme];
  const present = { Null: { [SSE_HEADER]: 'false' } };
  // An SSE-C upload carries no x-amz-server-side-encryption header, so any value of it is wrong.
  const wrong = customerProvidedKeys ? present : { StringNotEquals: { [SSE_HEADER]: defaultEncryption }, ...present };
  return [deny('DenyWrongEncryption', WRITES, objects, wrong)];
}

function keyStatements(requirement: EncryptionRequirement, objects: string[]): PolicyStatementJson[] {
  const keyArns = requiredKeyArns(requirement);
  if (keyArns.length === 0) return [];
  return [
    deny('DenyWrongKey', WRITES, objects, {
      StringNotEquals: { [KEY_HEADER]: keyArns },
      Null: { [KEY_HEADER]: 'false' },
    }),
    // Without a key id S3 takes the AWS managed key aws/s3, not the bucket's default key:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    deny('DenyKmsWithoutKey', WRITES, objects, {
      StringEquals: { [SSE_HEADER]: SCHEMES[requirement.scheme].defaultEncryption },
      Null: { [KEY_HEADER]: 'true' },
    }),
  ];
}

/**
 * UpdateObjectEncryption can only end at SSE-KMS, under a key that the request must name by its full ARN. So it is
 * denied unless it names an accepted key, and altogether where SSE-KMS is not what is required.
 */
function rekeyStatements(requirement: EncryptionRequirement, objects: string[]): PolicyStatementJson[] {
  const condition = requirement.scheme === 'SSE-KMS' ? { StringNotEquals: { [KEY_HEADER]: requirement.keyArns } } : undefined;
  return [deny('DenyUpdateObjectEncryption', [REKEY], objects, condition)];
}

function deny(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  condition?: PolicyStatementJson['Condition'],
): PolicyStatementJson {
  return {
    Sid: sid,
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: actions,
    Resource: resources,
    ...(condition && { Condition: condition }),
  };
}
