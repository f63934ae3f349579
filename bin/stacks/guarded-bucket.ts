import { Annotations, CfnOutput, Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { EncryptedBucket, type EncryptionEnforcer, EnforcementAction, type ExpectedLoad, MinimumTlsVersion } from '../../lib';
import type { ActionName, ExpectedLoadConfig, GuardedBucketConfig, ObjectLockConfig, TlsVersion } from '../config/guard-config';
import type { AccessLogs } from './access-logs';
import { encryptionOf } from './encryption';
import { type KeyOf, requiredKeys } from './keys';
import { removeRemains } from './lifecycle';

export interface Surroundings {
  readonly enforcer: EncryptionEnforcer;
  readonly accessLogs: AccessLogs;
  /** Where new keys for DSSE-KMS are made: their ids are those of the buckets. */
  readonly newKeys: Construct;
  /** The keys that the configuration names. */
  readonly keyOf: KeyOf;
  /** Where outputs are made: an id of the configuration may be another one with `Name` after it. */
  readonly outputs: Construct;
}

const ACTIONS: Readonly<Record<ActionName, EnforcementAction>> = {
  report: EnforcementAction.REPORT,
  tag: EnforcementAction.TAG,
  quarantine: EnforcementAction.QUARANTINE,
  reencrypt: EnforcementAction.REENCRYPT,
};

const TLS_VERSIONS: Readonly<Record<TlsVersion, MinimumTlsVersion>> = {
  '1.2': MinimumTlsVersion.TLS_1_2,
  '1.3': MinimumTlsVersion.TLS_1_3,
};

/** One bucket of the configuration. */
export function addGuardedBucket(
  scope: Construct,
  config: GuardedBucketConfig,
  { enforcer, accessLogs, newKeys, keyOf, outputs }: Surroundings,
): EncryptedBucket {
  const guarded = new EncryptedBucket(scope, config.id, {
    bucketName: config.name,
    encryption: encryptionOf(config, requiredKeys(scope, newKeys, config, keyOf), keyOf),
    action: ACTIONS[config.action],
    enforcer,
    minimumTlsVersion: TLS_VERSIONS[config.minimumTlsVersion],
    configurationAdmins: config.configurationAdmins && [...config.configurationAdmins],
    replicationRoles: config.replicationRoles && [...config.replicationRoles],
    versioned: config.versioned,
    objectLockDefaultRetention: config.objectLock && retentionOf(config.objectLock),
    lifecycleRules: lifecycleOf(config),
    expectedLoad: config.expectedLoad && loadOf(config.expectedLoad),
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  if (config.minimumTlsVersion === '1.3') acceptTls13(guarded);
  accessLogs.receiveFrom(guarded.bucket, `buckets/${config.id}/`);
  new CfnOutput(outputs, config.id, { value: guarded.bucket.bucketName }).overrideLogicalId(`Bucket${config.id}`);
  return guarded;
}

/** The schema says whom it locks out where the version is chosen; a warning at each synthesis would hide others. */
function acceptTls13(bucket: Construct): void {
  Annotations.of(bucket).acknowledgeWarning('cdk-s3-encryption-guard:MinimumTls13', 'The configuration says minimumTlsVersion: "1.3".');
}

export function retentionOf({ mode, days }: ObjectLockConfig): s3.ObjectLockRetention {
  const duration = Duration.days(days);
  return mode === 'COMPLIANCE' ? s3.ObjectLockRetention.compliance(duration) : s3.ObjectLockRetention.governance(duration);
}

function loadOf({ objectSizeMiB, ...load }: ExpectedLoadConfig): ExpectedLoad {
  return { ...load, ...(objectSizeMiB !== undefined && { objectSize: Size.bytes(Math.ceil(objectSizeMiB * 1024 * 1024)) }) };
}

function lifecycleOf({ versioned, expireAfterDays, expireNoncurrentAfterDays }: GuardedBucketConfig): s3.LifecycleRule[] {
  const remains = removeRemains(versioned);
  if (expireAfterDays === undefined && expireNoncurrentAfterDays === undefined) return [remains];
  const inDays = (count: number | undefined) => (count === undefined ? undefined : Duration.days(count));
  const keep = { id: 'Retention', expiration: inDays(expireAfterDays), noncurrentVersionExpiration: inDays(expireNoncurrentAfterDays) };
  return [keep, remains];
}
