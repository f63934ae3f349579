import { Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IConstruct } from 'constructs';
import type { KeyReplica } from '../domain/key-administration';
import { keyIdentity } from '../domain/key-identity';
import { MAX_KEY_POLICY_BYTES } from '../domain/key-policy';
import { deployingRoleArn } from './deploying-role';
import { renderedBytes } from './policy-size';
import { isRoleOrUserArn, partitionOf } from './principal-arn';
import { requireValid } from './require-valid';
import { areDifferent } from './same-home';

/** @throws Error where a replica is asked for that KMS would not make, or told what its primary key decides */
export function requireReplicaProps(
  key: IConstruct,
  { primaryKeyArn, multiRegion, rotationPeriod }: { primaryKeyArn?: string; multiRegion?: boolean; rotationPeriod?: unknown },
): void {
  if (primaryKeyArn === undefined) return;
  requireValid(key, multiRegion === undefined && rotationPeriod === undefined, {
    what: 'multiRegion and rotationPeriod of a replica are those of its primary key',
    value: { multiRegion, rotationPeriod: rotationPeriod && String(rotationPeriod) },
    remedy: 'Leave them out.',
  });
  if (Token.isUnresolved(primaryKeyArn)) return;
  const primary = keyIdentity(primaryKeyArn);
  const isMultiRegion = primary.kind === 'key-arn' && primary.keyId.startsWith('mrk-');
  const { account, region } = Stack.of(key);
  const isElsewhere = primary.kind === 'key-arn' && primary.region !== region && !areDifferent(primary.account, account);
  requireValid(key, isMultiRegion && isElsewhere, {
    what: 'primaryKeyArn is not the ARN of a multi-Region key of this account in another Region',
    value: primaryKeyArn,
    remedy: 'Pass arn:<partition>:kms:<another Region>:<this account>:key/mrk-<key id>.',
  });
}

/** @throws Error where one is no role or user of the key's account: KMS lets no others administer a key */
export function administratorsOf(key: IConstruct, administrators: string[] | undefined): string[] | undefined {
  if (administrators === undefined) return undefined;
  requireValid(key, Array.isArray(administrators) && administrators.length > 0, {
    what: 'keyAdministrators is no list of at least one ARN',
    value: administrators,
    remedy: 'Name at least one role, or leave it out.',
  });
  for (const arn of administrators) {
    const isOfAccount = Token.isUnresolved(arn) || !areDifferent(String(arn).split(':')[4], Stack.of(key).account);
    requireValid(key, isRoleOrUserArn(arn, partitionOf(key)) && isOfAccount, {
      what: 'keyAdministrators are roles and users of the account of the key, each by its ARN without wildcards',
      value: arn,
      remedy: 'Pass for example arn:aws:iam::111122223333:role/key-admin, not the ARN of a session, an account or a service.',
    });
  }
  return [...new Set([...administrators, deployingRoleArn(key, 'keyAdministrators')])];
}

/**
 * The roles that deploy the replicas: the bootstrap gives each Region one, named as that of this stack, but for the Region
 * (https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html). A role that bears no Region is the same everywhere.
 *
 * @throws Error where the key cannot be replicated there
 */
export function replicasOf(key: IConstruct, regions: string[] | undefined, isPrimary: boolean): KeyReplica[] {
  if (regions === undefined) return [];
  requireValid(key, isPrimary, {
    what: 'replicaRegions of a key that has no replicas',
    value: regions,
    remedy: 'Set multiRegion: true where the key is made; leave them out of a replica.',
  });
  requireValid(key, Array.isArray(regions) && regions.length > 0, {
    what: 'replicaRegions is no list of at least one Region',
    value: regions,
    remedy: 'Name at least one, or leave it out.',
  });
  for (const region of regions) requireReplicaRegion(key, region);
  const role = deployingRoleArn(key, 'replicaRegions');
  return [...new Set(regions)].map((region) => ({ region, roleArn: role.replaceAll(Stack.of(key).region, region) }));
}

function requireReplicaRegion(key: IConstruct, region: string): void {
  const [own, partition] = [Stack.of(key).region, partitionOf(key)];
  const isRegion = typeof region === 'string' && /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(region);
  const theirs = isRegion ? RegionInfo.get(region).partition : undefined;
  // A Region that the CDK does not know yet has no partition.
  const isReachable = partition === undefined || theirs === undefined || theirs === partition;
  requireValid(key, isRegion && region !== own && isReachable, {
    what: 'replicaRegions are other Regions of the partition of the key, by their names',
    value: region,
    remedy: 'Pass for example us-east-1.',
  });
}

/** @throws Error where it is given, and not a whole number in that range */
export function requireWholeDays(key: IConstruct, name: string, days: number | undefined, least: number, most: number): number | undefined {
  const isValid = days === undefined || Token.isUnresolved(days) || (Number.isInteger(days) && days >= least && days <= most);
  requireValid(key, isValid, {
    what: `${name} must be whole days, from ${least} to ${most}`,
    value: days,
    remedy: 'Choose a number in that range, or leave it out.',
  });
  return days;
}

/** @throws Error where KMS would not take as much */
export function requireKeyPolicySize(key: IConstruct, statements: readonly object[]): void {
  const bytes = renderedBytes(key, { Version: '2012-10-17', Statement: statements });
  requireValid(key, bytes <= MAX_KEY_POLICY_BYTES, {
    what: `the key policy is larger than the ${MAX_KEY_POLICY_BYTES} bytes that KMS takes`,
    value: `up to ${bytes} bytes`,
    remedy: 'Name fewer buckets, or some of them together by how their names begin; or make a key for some of them.',
  });
}
