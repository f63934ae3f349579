import { RegionInfo } from 'aws-cdk-lib/region-info';
import { encryptionsIn, placedKeys, type Unchecked } from './encryption-config';
import type { Fault } from './fault';
import type {
  AlarmConfig,
  AuditConfig,
  DataConfig,
  DeploymentConfig,
  GuardConfig,
  GuardedBucketConfig,
  KeysConfig,
  TamperAlertsConfig,
} from './guard-config';
import { type Home, isKeyId } from './home';
import { at } from './readers';
import { auditHome } from './stack-names';

interface NamedArn {
  /** Absent where a fault was found already. */
  readonly value: string | undefined;
  readonly path: string;
  /** Roles and users have none. */
  readonly hasRegion: boolean;
}

/** S3 uses keys of the bucket's Region, CloudWatch topics of its own, and nothing reaches from one partition into another. */
export function arnFaults(config: Unchecked<GuardConfig>, home: Home): Fault[] {
  const { data, keys, audit = {} } = config;
  return [
    ...faultsOf(auditHome(config), auditArns(audit), home, 'audit'),
    ...(data ?? []).flatMap((deployment = {}, index) => faultsOf(deployment, dataArns(deployment), home, `data[${index}]`)),
    ...(keys ?? []).flatMap((deployment = {}, index) => faultsOf(deployment, keysArns(deployment), home, `keys[${index}]`)),
  ];
}

function faultsOf(deployment: Pick<Unchecked<DeploymentConfig>, 'region'>, arns: readonly NamedArn[], home: Home, place: string): Fault[] {
  const region = deployment.region ?? home.region;
  if (region === undefined) return [];
  const where = deployment.region === undefined ? `${region}, the Region of the CLI's profile` : region;
  // Undefined for a Region that this CDK does not know yet.
  const { partition } = RegionInfo.get(region);
  return arns.map(within(place)).flatMap(({ value, path, hasRegion }) => {
    const [, ofArn, , regionOfArn] = value?.split(':') ?? [];
    if (value === undefined || isKeyId(value)) return [];
    if (hasRegion && regionOfArn !== region) {
      return [{ path, what: `is not in ${where}`, value, remedy: 'Use one of the Region of the stack.' }];
    }
    if (partition === undefined || ofArn === partition) return [];
    const what = `is of the partition ${ofArn}, and ${where} is of ${partition}`;
    return [{ path, what, value, remedy: `Use one whose ARN begins with arn:${partition}:.` }];
  });
}

function dataArns({ buckets, alarms, quarantine, tamperAlerts }: Unchecked<DataConfig>): NamedArn[] {
  const ofBuckets = (buckets ?? []).flatMap((bucket = {}, index) =>
    [...keysOf(bucket), ...rolesOf(bucket)].map(within(`buckets[${index}]`)),
  );
  return [...ofBuckets, ...alertArns(alarms, tamperAlerts), ...named(quarantine?.readers, 'quarantine.readers')];
}

function keysArns({ keys, alarms, tamperAlerts }: Unchecked<KeysConfig>): NamedArn[] {
  const ofKeys = (keys ?? []).flatMap((key = {}, index) => [
    { value: key.arn, path: `keys[${index}].arn`, hasRegion: true },
    ...named(key.administrators, `keys[${index}].administrators`),
  ]);
  return [...ofKeys, ...alertArns(alarms, tamperAlerts)];
}

/** Keys that are asked about may be of any Region. */
function auditArns({ keys, auditors, alarms, tamperAlerts }: Unchecked<AuditConfig>): NamedArn[] {
  return [...named(keys, 'keys'), ...named(auditors, 'auditors'), ...alertArns(alarms, tamperAlerts)];
}

function alertArns(alarms: Unchecked<AlarmConfig> | undefined, tamperAlerts: Unchecked<TamperAlertsConfig> | undefined): NamedArn[] {
  const topic = { value: alarms?.topicArn, path: 'alarms.topicArn', hasRegion: true };
  return [topic, ...named(tamperAlerts?.deployingRoles, 'tamperAlerts.deployingRoles')];
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
