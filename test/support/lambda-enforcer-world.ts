import type { BucketRules } from '../../lambda/encryption-enforcer/bucket-rules';
import type { EnforcerConfig } from '../../lambda/encryption-enforcer/config';
import type { WrittenObject } from '../../lambda/encryption-enforcer/parse-event';
import type { BatchPorts } from '../../lambda/encryption-enforcer/process-batch';
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
  const reports: Reports = { logs: [], errors: [], counts: [], announced: [] };
  const ports: BatchPorts = {
    store,
    config: CONFIG,
    rules: rulesThatSay(rule),
    now: () => new Date(NOW),
    remainingMillis: () => 120_000,
    log: (_, fields) => reports.logs.push(fields),
    logError: (_, error, fields) => reports.errors.push({ error, fields }),
    count: (metric, bucket) => reports.counts.push(`${metric} ${bucket}`),
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
