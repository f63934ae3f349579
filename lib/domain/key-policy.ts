import type { PolicyCondition } from './policy-statement';

/**
 * Who may use a KMS key through S3: the statements of the key's own policy, and those of whoever uses it. A principal of another account needs
 * both (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html). S3 asks KMS in the name of whoever asks S3.
 */

/** One statement of a key policy, where it names principals, or of an identity policy, where it does not. */
export interface KeyStatementJson {
  /** Left out of identity policies, in which several may come together. */
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: { readonly AWS: string | readonly string[] };
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: PolicyCondition;
}

/** Where a key lies. */
export interface KeyHome {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Whom the owner of a key lets use it, and for which buckets. */
export interface KeyConsumers {
  readonly accounts: readonly string[];
  readonly organizationId?: string | undefined;
  /** A `*` at the end stands for whatever the names go on with. */
  readonly bucketArns: readonly string[];
}

/** Who may administer a key. */
export interface KeyAdministration {
  /** ARNs; absent for whomever the IAM policies of the account let. */
  readonly principalArns?: readonly string[] | undefined;
  readonly isMultiRegion: boolean;
}

export type KeyUse = 'read' | 'write' | 'replicate-from' | 'replicate-to' | 'update-object-encryption';

/**
 * What S3 asks of a key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 *
 * Who writes has to decrypt as well: the data key of a multipart upload with each part, and the S3 Bucket Key.
 */
export const KEY_ACTIONS: Readonly<Record<KeyUse, readonly string[]>> = {
  read: ['kms:Decrypt'],
  write: ['kms:GenerateDataKey', 'kms:Decrypt'],
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
  'replicate-from': ['kms:Decrypt'],
  'replicate-to': ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:Decrypt'],
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/update-sse-encryption.html
  'update-object-encryption': ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
};

/** Administration as it is delegated: everything but use. Grants are use, too, so that they can be taken back, but not given. */
const ADMINISTRATION = [
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'kms:PutKeyPolicy',
  'kms:ListKeyPolicies',
  'kms:UpdateKeyDescription',
  'kms:EnableKey',
  'kms:DisableKey',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
  'kms:EnableKeyRotation',
  'kms:DisableKeyRotation',
  'kms:RotateKeyOnDemand',
  'kms:GetKeyRotationStatus',
  'kms:ListKeyRotations',
  'kms:GetKeyLastUsage',
  'kms:CreateAlias',
  'kms:UpdateAlias',
  'kms:DeleteAlias',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:ListResourceTags',
  'kms:ListGrants',
  'kms:RevokeGrant',
];
const MULTI_REGION_ADMINISTRATION = ['kms:ReplicateKey', 'kms:UpdatePrimaryRegion'];

/** Of a key policy, `*` is the key that has it. */
const THIS_KEY = ['*'];

const root = (partition: string, account: string) => `arn:${partition}:iam::${account}:root`;

/** The account's own statement: whoever its IAM policies let, may administer the key. Not use it: for that, the account is a consumer as any other. */
export function administrationStatement(home: KeyHome, { principalArns, isMultiRegion }: KeyAdministration): KeyStatementJson {
  const account = root(home.partition, home.account);
  return {
    Sid: 'DelegateAdministration',
    Effect: 'Allow',
    Principal: { AWS: account },
    Action: isMultiRegion ? [...ADMINISTRATION, ...MULTI_REGION_ADMINISTRATION] : ADMINISTRATION,
    Resource: THIS_KEY,
    // The root user among them: without it, a key whose administrators are gone could only be mended by AWS Support.
    ...(principalArns && { Condition: { ArnEquals: { 'aws:PrincipalArn': [...principalArns, account] } } }),
  };
}

/** The owner's half: consumers may use the key through S3, for objects of these buckets, and look at what key it is. */
export function consumerStatements(home: KeyHome, consumers: KeyConsumers): KeyStatementJson[] {
  return consumersOf(home, consumers).flatMap(({ name, principal, uses, condition }) => {
    const common = { Effect: 'Allow' as const, Principal: { AWS: principal }, Resource: THIS_KEY };
    const Action = [...new Set(uses.flatMap((use) => KEY_ACTIONS[use]))];
    return [
      { Sid: `AllowUseThroughS3By${name}`, ...common, Action, Condition: throughS3(home.region, consumers.bucketArns, condition) },
      // By itself: it has no encryption context, and consoles ask for it without S3.
      { Sid: `AllowDescribeKeyBy${name}`, ...common, Action: ['kms:DescribeKey'], Condition: condition },
    ];
  });
}

interface Consumer {
  readonly name: string;
  readonly principal: string | readonly string[];
  readonly uses: readonly KeyUse[];
  readonly condition: PolicyCondition;
}

function consumersOf({ partition, account: owner }: KeyHome, { accounts, organizationId }: KeyConsumers): Consumer[] {
  const others = accounts.filter((account) => account !== owner);
  const uses: readonly KeyUse[] = ['write', 'replicate-to'];
  const ofAccounts = (name: string, ids: readonly string[], own: readonly KeyUse[]): Consumer[] => {
    const principal = ids.map((id) => root(partition, id));
    return ids.length === 0 ? [] : [{ name, principal, uses: own, condition: { StringEquals: { 'kms:CallerAccount': ids } } }];
  };
  return [
    // UpdateObjectEncryption takes keys of the bucket's own account only.
    ...ofAccounts('ThisAccount', others.length < accounts.length ? [owner] : [], [...uses, 'update-object-encryption']),
    ...ofAccounts('Accounts', others, uses),
    ...(organizationId === undefined ? [] : [ofOrganization(organizationId, owner, uses)]),
  ];
}

/**
 * Principals of other accounts need the consent of their IAM policies besides. Those of the key's own account would not, since the
 * policy would name them themselves, by `*`: so that account is left out.
 */
function ofOrganization(organizationId: string, owner: string, uses: readonly KeyUse[]): Consumer {
  const condition = { StringEquals: { 'aws:PrincipalOrgID': organizationId }, StringNotEquals: { 'kms:CallerAccount': owner } };
  return { name: 'Organization', principal: '*', uses, condition };
}

/** The consumer's half, for its own IAM policies: one use of keys, for objects of these buckets. */
export function useStatement(use: KeyUse, keyArns: readonly string[], region: string, bucketArns: readonly string[]): KeyStatementJson {
  return { Effect: 'Allow', Action: KEY_ACTIONS[use], Resource: keyArns, Condition: throughS3(region, bucketArns) };
}

/**
 * S3 in its Region, under this name in every partition (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service),
 * for what lies in these buckets: S3 states the ARN of the object, or with an S3 Bucket Key that of the bucket
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html).
 */
function throughS3(region: string, bucketArns: readonly string[], more: PolicyCondition = {}): PolicyCondition {
  return {
    ...more,
    StringEquals: { ...more['StringEquals'], 'kms:ViaService': `s3.${region}.amazonaws.com` },
    StringLike: { 'kms:EncryptionContext:aws:s3:arn': bucketArns.flatMap((arn) => [arn, `${arn}/*`]) },
  };
}

/**
 * A grant lets its holder use a key past the key policy. S3 needs none, so grants are left to AWS services; Control Tower's
 * rule CT.KMS.PR.3 wants exactly this condition.
 */
export function denyGrantsStatement() {
  return {
    Sid: 'DenyGrantsNotForAwsServices',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: ['kms:CreateGrant'],
    Resource: ['*'],
    Condition: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
  } as const;
}

/**
 * A key that was used lately stays in use. KMS counts whole days since the last cryptographic operation, or since the key was made:
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-trailing-days-without-key-usage
 */
export function denyRemovalOfUsedKeyStatement(days: number): KeyStatementJson {
  return {
    Sid: 'DenyRemovalOfUsedKey',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'],
    Resource: THIS_KEY,
    Condition: { NumericLessThan: { 'kms:TrailingDaysWithoutKeyUsage': days } },
  };
}

/** Whether the account may use the key; of accounts that only its organization could tell, yes. */
export function trustsAccount(
  { account: owner }: Pick<KeyHome, 'account'>,
  { accounts, organizationId }: KeyConsumers,
  account: string,
): boolean {
  return accounts.includes(account) || (organizationId !== undefined && account !== owner);
}

/** Whether the key may be used for objects of the bucket. */
export function coversBucket({ bucketArns }: KeyConsumers, bucketName: string): boolean {
  return bucketArns.map(bucketNameIn).some((name) => (name.endsWith('*') ? bucketName.startsWith(name.slice(0, -1)) : bucketName === name));
}

/** All but the partition, which is the same wherever the key is. */
function bucketNameIn(bucketArn: string): string {
  return bucketArn.slice(bucketArn.indexOf(':::') + ':::'.length);
}

/** Largest key policy, in bytes: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
export const MAX_KEY_POLICY_BYTES = 32 * 1024;
