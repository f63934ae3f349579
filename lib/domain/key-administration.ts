import { type KeyHome, type KeyStatementJson, root, THIS_KEY } from './key-policy';

/** What of a key policy is not about its use: who changes, removes and replicates the key. */

/** Who may administer a key. */
export interface KeyAdministration {
  /** ARNs; absent for whomever the IAM policies of the account let. */
  readonly principalArns?: readonly string[] | undefined;
  readonly isMultiRegion: boolean;
}

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

/** Where replicas of a key are to be, and the role that makes each there. */
export interface KeyReplica {
  readonly region: string;
  readonly roleArn: string;
}

/**
 * Who makes a replica asks it of the primary key, from the Region of the replica, and writes the policy of the replica: so each role may do
 * so for its Region only (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-replica-region).
 */
export function replicationStatements(home: KeyHome, replicas: readonly KeyReplica[]): KeyStatementJson[] {
  return replicas.flatMap(({ region, roleArn }) => {
    const name = region.split('-').map((part) => part.charAt(0).toUpperCase() + part.slice(1));
    const byRole = { ArnEquals: { 'aws:PrincipalArn': roleArn } };
    const common = { Effect: 'Allow' as const, Principal: { AWS: root(home.partition, home.account) }, Resource: THIS_KEY };
    return [
      {
        Sid: `AllowReplicationTo${name.join('')}`,
        ...common,
        Action: ['kms:ReplicateKey'],
        Condition: { ...byRole, StringEquals: { 'kms:ReplicaRegion': region } },
      },
      // By itself: a request to look at a key states no Region of a replica.
      { Sid: `AllowDescribeKeyFrom${name.join('')}`, ...common, Action: ['kms:DescribeKey'], Condition: byRole },
    ];
  });
}

/** KMS keeps key material and rotation of primary and replicas alike: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-auth-slr.html */
export function synchronizationStatement({ partition, account }: KeyHome): KeyStatementJson {
  const role = 'role/aws-service-role/mrk.kms.amazonaws.com/AWSServiceRoleForKeyManagementServiceMultiRegionKeys';
  return {
    Sid: 'AllowSynchronizationByKms',
    Effect: 'Allow',
    Principal: { AWS: root(partition, account) },
    Action: ['kms:SynchronizeMultiRegionKey'],
    Resource: THIS_KEY,
    Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:${partition}:iam::${account}:${role}` } },
  };
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
