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

/** Of a key policy, `*` is the key that has it. */
export const THIS_KEY = ['*'];

/** The account, and not only its root user. */
export const root = (partition: string, account: string) => `arn:${partition}:iam::${account}:root`;

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
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html). It does so where the client gives no `aws:s3:arn` of its own:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
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
