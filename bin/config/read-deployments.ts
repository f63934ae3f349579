import { keyArn, keyId, keyName } from './arns';
import type { Unchecked } from './encryption-config';
import type { Fault } from './fault';
import type { AuditConfig, DataConfig, DeliveryConfig, KeysConfig, SharedKeyConfig } from './guard-config';
import { bucket, bucketName } from './read-bucket';
import {
  accountId,
  administrators,
  alarms,
  kmsQuotaIncrease,
  monitoring,
  objectLock,
  outputs,
  place,
  quarantine,
  regionName,
  roles,
  stackName,
  tamperAlerts,
} from './read-sections';
import { days, listOf, optional, type Read, record, text, wholeNumber, withDefault, yesOrNo } from './readers';

/** An enforcer serves no more: IAM takes ten policies for its role by default. A stack has room for more: docs/deployment.md. */
export const MAX_BUCKETS = 80;

/** What one account and Region gets. */
export const data: Read<DataConfig> = record<DataConfig>(
  { must: 'must be an object with buckets', remedy: 'For example { "buckets": [{ "id": "Data" }] }.' },
  {
    ...place,
    stackName: withDefault('S3EncryptionGuard', stackName),
    buckets: listOf(bucket, {
      least: 1,
      most: MAX_BUCKETS,
      must: `must be a list of 1 to ${MAX_BUCKETS} buckets, which is what one enforcer serves`,
      remedy: 'For example [{ "id": "Data" }]; put what is too much into a configuration of its own.',
      distinct: ['id'],
    }),
    alarms,
    accessLogs: withDefault(
      { retentionDays: 365 },
      record(
        { must: 'must be an object with retentionDays', remedy: 'Leave it out for 365 days.' },
        { retentionDays: days('Leave accessLogs out for 365 days.') },
      ),
    ),
    quarantine,
    monitoring,
    tamperAlerts,
    kmsQuotaIncrease,
    outputs,
  },
  canaryFaults,
);

function canaryFaults({ buckets = [], monitoring: { canary } = {} }: Unchecked<DataConfig>): Fault[] {
  if (canary === undefined || buckets.length < MAX_BUCKETS) return [];
  const what = `has a bucket of its own, and ${MAX_BUCKETS} is what one enforcer serves`;
  return [{ path: 'monitoring.canary', what, value: buckets.length, remedy: 'Leave it out, or one of the buckets.' }];
}

const sharedKey: Read<SharedKeyConfig> = record<SharedKeyConfig>(
  { must: 'must be an object with at least an id', remedy: 'For example { "id": "Orders" }.' },
  {
    id: keyId,
    arn: optional(keyArn),
    alias: optional(
      text(/^alias\/(?!aws\/)[A-Za-z0-9/_-]{1,250}$/, {
        must: 'must begin with alias/, and not with alias/aws/, and go on with letters, digits, /, _ and -',
        remedy: 'For example alias/orders; it is for people of the key account only.',
      }),
    ),
    rotationDays: optional(wholeNumber(90, 2560, 'Leave it out for 365 days.')),
    multiRegion: optional(yesOrNo('Leave it out for false. It cannot be changed later.')),
    primaryKeyArn: optional(keyArn),
    administrators,
    trailingDaysWithoutKeyUsage: optional(wholeNumber(1, 3650, 'Leave it out for no guard.')),
  },
);

export const keys: Read<KeysConfig> = record<KeysConfig>(
  { must: 'must be an object with account, region and keys', remedy: 'Leave keys out for none of its own account.' },
  {
    account: accountId,
    region: regionName,
    stackName: withDefault('S3EncryptionKeys', stackName),
    keys: listOf(sharedKey, { least: 1, most: 50, must: 'must be a list of 1 to 50 keys', remedy: 'For example [{ "id": "Orders" }].' }),
    alarms,
    tamperAlerts,
  },
);

const delivery: Read<DeliveryConfig> = record<DeliveryConfig>(
  { must: 'must be an object with bucketName and keyArn', remedy: 'They are outputs of the stack, once it is deployed.' },
  { bucketName, keyArn },
);

export const audit: Read<AuditConfig> = record<AuditConfig>(
  { must: 'must be an object, {} for the defaults', remedy: 'Leave it out for no trail.' },
  {
    ...place,
    stackName: withDefault('S3EncryptionAudit', stackName),
    retentionDays: withDefault(365, wholeNumber(90, 36_500, 'Leave it out for 365 days.')),
    objectLock,
    delivery: optional(delivery),
    keys: withDefault(
      [],
      listOf(keyName, {
        least: 1,
        most: 100,
        must: 'must be a list of 1 to 100 keys',
        remedy: 'Leave it out for those that the log has seen.',
      }),
    ),
    auditors: roles,
    alarms,
    tamperAlerts,
  },
);
