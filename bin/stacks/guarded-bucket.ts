import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { EncryptedBucket, type EncryptionEnforcer, EnforcementAction, ObjectEncryption } from '../../lib';
import type { ActionName, GuardedBucketConfig, ObjectLockConfig } from '../config/guard-config';
import type { AccessLogs } from './access-logs';
import { createKey, importKey } from './keys';
import { removeRemains } from './lifecycle';

export interface Surroundings {
  readonly enforcer: EncryptionEnforcer;
  readonly accessLogs: AccessLogs;
  /** Where new keys are made: their ids are those of the buckets. */
  readonly keys: Construct;
  /** Where outputs are made: an id of the configuration may be another one with `Name` after it. */
  readonly outputs: Construct;
}

const ACTIONS: Readonly<Record<ActionName, EnforcementAction>> = {
  report: EnforcementAction.REPORT,
  tag: EnforcementAction.TAG,
  quarantine: EnforcementAction.QUARANTINE,
};

/** One bucket of the configuration. */
export function addGuardedBucket(
  scope: Construct,
  config: GuardedBucketConfig,
  { enforcer, accessLogs, keys, outputs }: Surroundings,
): EncryptedBucket {
  const guarded = new EncryptedBucket(scope, config.id, {
    bucketName: config.name,
    encryption: encryptionOf(keys, config),
    action: ACTIONS[config.action],
    enforcer,
    versioned: config.versioned,
    objectLockDefaultRetention: config.objectLock && retentionOf(config.objectLock),
    lifecycleRules: lifecycleOf(config),
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  accessLogs.receiveFrom(guarded.bucket, `buckets/${config.id}/`);
  new CfnOutput(outputs, config.id, { value: guarded.bucket.bucketName }).overrideLogicalId(`Bucket${config.id}`);
  return guarded;
}

/** Undefined is the library's default: SSE-KMS under a new key. */
function encryptionOf(newKeys: Construct, { id, scheme, keyArns = [] }: GuardedBucketConfig): ObjectEncryption | undefined {
  const keys = keyArns.map((arn) => importKey(Stack.of(newKeys), arn));
  switch (scheme) {
    case 'SSE-S3':
      return ObjectEncryption.sseS3();
    case 'SSE-KMS':
      return keys.length > 0 ? ObjectEncryption.sseKms(...keys) : undefined;
    case 'DSSE-KMS':
      return ObjectEncryption.dsseKms(...(keys.length > 0 ? keys : [createKey(newKeys, id, `Objects of the bucket ${id}`)]));
    case 'SSE-C':
      return ObjectEncryption.sseC();
    case 'client-side':
      return ObjectEncryption.clientSide();
  }
}

function retentionOf({ mode, days }: ObjectLockConfig): s3.ObjectLockRetention {
  const duration = Duration.days(days);
  return mode === 'COMPLIANCE' ? s3.ObjectLockRetention.compliance(duration) : s3.ObjectLockRetention.governance(duration);
}

function lifecycleOf({ versioned, expireAfterDays, expireNoncurrentAfterDays }: GuardedBucketConfig): s3.LifecycleRule[] {
  const remains = removeRemains(versioned);
  if (expireAfterDays === undefined && expireNoncurrentAfterDays === undefined) return [remains];
  const inDays = (count: number | undefined) => (count === undefined ? undefined : Duration.days(count));
  const keep = { id: 'Retention', expiration: inDays(expireAfterDays), noncurrentVersionExpiration: inDays(expireNoncurrentAfterDays) };
  return [keep, remains];
}
