import { RegionInfo } from 'aws-cdk-lib/region-info';
import { encryptionsIn, placedKeys, type Unchecked } from './encryption-config';
import type { Fault } from './fault';
import type { GuardConfig, GuardedBucketConfig } from './guard-config';
import { at } from './readers';

/** Where the CLI's profile deploys to, as far as it is known. */
export interface Home {
  readonly region?: string | undefined;
}

interface NamedArn {
  /** Absent where a fault was found already. */
  readonly value: string | undefined;
  readonly path: string;
  /** Roles and users have none. */
  readonly hasRegion: boolean;
}

/** S3 uses keys of the bucket's Region, CloudWatch topics of its own, and nothing reaches from one partition into another. */
export function arnFaults(config: Unchecked<GuardConfig>, home: Home): Fault[] {
  const region = config.region ?? home.region;
  if (region === undefined) return [];
  const where = config.region === undefined ? `${region}, the Region of the CLI's profile` : region;
  // Undefined for a Region that this CDK does not know yet.
  const { partition } = RegionInfo.get(region);
  return arnsOf(config).flatMap(({ value, path, hasRegion }) => {
    const [, ofArn, , regionOfArn] = value?.split(':') ?? [];
    if (value === undefined) return [];
    if (hasRegion && regionOfArn !== region) {
      return [{ path, what: `is not in ${where}`, value, remedy: 'Use one of the Region of the stack.' }];
    }
    if (partition === undefined || ofArn === partition) return [];
    const what = `is of the partition ${ofArn}, and ${where} is of ${partition}`;
    return [{ path, what, value, remedy: `Use one whose ARN begins with arn:${partition}:.` }];
  });
}

function arnsOf({ buckets, alarms, quarantine }: Unchecked<GuardConfig>): NamedArn[] {
  const ofBuckets = (buckets ?? []).flatMap((bucket = {}, index) =>
    [...keysOf(bucket), ...rolesOf(bucket)].map(within(`buckets[${index}]`)),
  );
  const readers = named(quarantine?.readers, 'quarantine.readers');
  return [...ofBuckets, { value: alarms?.topicArn, path: 'alarms.topicArn', hasRegion: true }, ...readers];
}

function keysOf(bucket: Unchecked<GuardedBucketConfig>): NamedArn[] {
  return encryptionsIn(bucket).flatMap(({ encryption, path }) =>
    placedKeys(encryption).map((key) => within(path)({ ...key, hasRegion: true })),
  );
}

function rolesOf({ exemptions = [], configurationAdmins, replicationRoles }: Unchecked<GuardedBucketConfig>): NamedArn[] {
  return [
    ...exemptions.flatMap((exemption, index) => named(exemption?.principalArns, `exemptions[${index}].principalArns`)),
    ...named(configurationAdmins, 'configurationAdmins'),
    ...named(replicationRoles, 'replicationRoles'),
  ];
}

function named(arns: readonly (string | undefined)[] = [], path: string): NamedArn[] {
  return arns.map((value, index) => ({ value, path: `${path}[${index}]`, hasRegion: false }));
}

function within(path: string): (arn: NamedArn) => NamedArn {
  return (arn) => ({ ...arn, path: at(path, arn.path) });
}
