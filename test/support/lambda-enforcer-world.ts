import type { EnforcerConfig } from '../../lambda/encryption-enforcer/config';
import type { WrittenObject } from '../../lambda/encryption-enforcer/parse-event';
import type { BatchPorts } from '../../lambda/encryption-enforcer/process-batch';
import type { QueueName } from '../../lambda/encryption-enforcer/resend';
import type { BucketRules } from '../../lambda/shared/bucket-rules';
import type { Measurement } from '../../lambda/shared/enforcer-metrics';
import type { BucketRule } from '../../lib/domain/bucket-rule';
import type { EncryptionFields } from '../../lib/domain/observation';
import { declare } from '../domain/sample-declarations';
import { InMemoryObjectStore, type Upload, type Versioning } from './in-memory-object-store';

export const BUCKET = 'data-bucket';
export const QUARANTINE = 'quarantine-bucket';
export const NOW = '2026-11-12T10:00:00.000Z';

export const REQUIRED_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321';
export const OTHER_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
export const QUARANTINE_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/99999999-8888-4777-a666-555555555555';

export const CONFIG: EnforcerConfig = {
  enforcerName: 'Stack-Enforcer-AB12CD34',
  rulePrefix: '/s3-encryption-guard/Stack-Enforcer-AB12CD34',
  quarantine: { bucket: QUARANTINE, keyArn: QUARANTINE_KEY },
  queues: {
    urls: { events: 'https://sqs/events', 'large-objects': 'https://sqs/large-objects' },
    largeObjectsArn: 'arn:aws:sqs:eu-west-1:111122223333:large-objects',
  },
};

/** What HeadObject says of an object of each kind. */
export const SSE_S3: EncryptionFields = { ServerSideEncryption: 'AES256' };
export const SSE_KMS: EncryptionFields = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: REQUIRED_KEY };
export const SSE_KMS_OTHER_KEY: EncryptionFields = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: OTHER_KEY };
export const SSE_C: EncryptionFields = { SSECustomerAlgorithm: 'AES256' };

export const REQUIRE_KMS: BucketRule = {
  declaration: declare([{ scheme: 'SSE-KMS', keyArns: [REQUIRED_KEY] }]),
  action: 'quarantine',
};

/** Everything that an enforcer reports, in the order in which it does. */
export interface Reports {
  readonly logs: Readonly<Record<string, unknown>>[];
  readonly errors: { readonly error: unknown; readonly fields: Readonly<Record<string, unknown>> }[];
  readonly counts: string[];
  readonly measured: Measurement[];
  readonly sent: { readonly queue: QueueName; readonly body: string; readonly delaySeconds: number }[];
  readonly announced: Readonly<Record<string, unknown>>[];
}

export interface World {
  readonly store: InMemoryObjectStore;
  readonly reports: Reports;
  readonly ports: BatchPorts;
}

/** A guarded bucket, its quarantine, and an enforcer without AWS. */
export function world({ versioning = 'enabled', rule = REQUIRE_KMS }: { versioning?: Versioning; rule?: BucketRule } = {}): World {
  const store = new InMemoryObjectStore();
  store.createBucket(BUCKET, versioning);
  store.createBucket(QUARANTINE, 'enabled');
  const reports: Reports = { logs: [], errors: [], counts: [], measured: [], sent: [], announced: [] };
  const ports: BatchPorts = {
    store,
    config: CONFIG,
    rules: rulesThatSay(rule),
    now: () => new Date(NOW),
    remainingMillis: () => 120_000,
    log: (_, fields) => reports.logs.push(fields),
    logError: (_, error, fields) => reports.errors.push({ error, fields }),
    measure: (measurement) => {
      reports.measured.push(measurement);
      // Milliseconds are no count.
      if (!measurement.metric.endsWith('Age')) reports.counts.push(`${measurement.metric} ${measurement.bucket}`);
    },
    send: async (queue, body, delaySeconds) => {
      reports.sent.push({ queue, body, delaySeconds });
    },
    random: () => 0.5,
    announce: async (detail) => {
      reports.announced.push(detail);
    },
  };
  return { store, reports, ports };
}

export function rulesThatSay(cached: BucketRule, fresh = cached): BucketRules {
  return { cached: async () => cached, fresh: async () => fresh };
}

/** Uploads an object, and returns it as its event names it. */
export function upload(store: InMemoryObjectStore, object: Upload, key = 'reports/2026.csv'): WrittenObject & { readonly etag: string } {
  const { versionId, etag } = store.put(BUCKET, key, object);
  return { bucket: BUCKET, key, versionId, etag: etag.replaceAll('"', '') };
}
