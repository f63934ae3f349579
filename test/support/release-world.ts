import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { processRequest } from '../../lambda/quarantine-release/process-request';
import type { ReleaseRecord, ReleaseRecords } from '../../lambda/quarantine-release/release-record';
import type { ReleasePorts } from '../../lambda/quarantine-release/result';
import type { TargetCondition } from '../../lambda/shared/object-store';
import type { Receipt } from '../../lambda/shared/receipt';
import type { BucketRule } from '../../lib/domain/bucket-rule';
import { objectCreated, sqsEvent } from './events';
import type { InMemoryObjectStore, Upload, Versioning } from './in-memory-object-store';
import { BUCKET, CONFIG, QUARANTINE, QUARANTINE_KEY, REQUIRE_KMS, SSE_S3, upload, type World, world } from './lambda-enforcer-world';

export const KEY = 'reports/2026.csv';
/** An hour after the objects of the world were written. */
export const LATER = '2026-11-12T11:00:00.000Z';
export const REQUEST = { action: 'release', reason: 'false alarm', requestedBy: 'Ada', dryRun: false } as const;

/** Records in the in-memory quarantine. */
export class InMemoryReleaseRecords implements ReleaseRecords {
  /** Of Object Lock, by version id. */
  readonly locks = new Map<string, string>();

  constructor(private readonly store: InMemoryObjectStore) {}

  async read(key: string) {
    const there = this.current(key);
    return there && { record: JSON.parse(there.body) as ReleaseRecord, etag: there.etag };
  }

  async write(key: string, record: ReleaseRecord, condition: TargetCondition) {
    const etag = this.current(key)?.etag;
    if ('ifNoneMatch' in condition ? etag !== undefined : etag !== condition.ifMatch) return undefined;
    const encryption = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: QUARANTINE_KEY };
    return this.store.put(QUARANTINE, key, { body: JSON.stringify(record), encryption }).etag;
  }

  async versionsOf(copyKey: string) {
    return this.store.versionsOf(QUARANTINE, copyKey).map(({ versionId, deleteMarker }) => {
      return { versionId, isDeleteMarker: deleteMarker, lock: this.locks.get(versionId) };
    });
  }

  async deleteMarkerOn({ bucket, key }: { readonly bucket: string; readonly key: string }) {
    const there = this.store.versionsOf(bucket, key).at(-1);
    // S3 tells whole seconds.
    const lastModified = there && new Date(Math.floor(there.lastModified.getTime() / 1000) * 1000);
    return there?.deleteMarker ? { versionId: there.versionId, lastModified } : undefined;
  }

  private current(key: string) {
    const there = this.store.versionsOf(QUARANTINE, key).at(-1);
    return there?.deleteMarker ? undefined : there;
  }
}

export interface ReleaseWorld extends World {
  readonly records: InMemoryReleaseRecords;
  readonly release: ReleasePorts;
  /** `<metric> <bucket>` */
  readonly measured: string[];
  readonly events: Readonly<Record<string, unknown>>[];
  /** Of the first object that was quarantined. */
  readonly receiptKey: () => string;
}

/** A quarantine that the enforcer itself has filled, and the function that empties it. */
export async function releaseWorld(
  objects: readonly Upload[] = [{ body: 'secret', encryption: SSE_S3 }],
  { versioning, rule = REQUIRE_KMS }: { versioning?: Versioning; rule?: BucketRule } = {},
): Promise<ReleaseWorld> {
  const made = world({ ...(versioning && { versioning }), rule });
  for (const object of objects) await quarantined(made, object);
  return emptying(made);
}

/** The function that empties a quarantine, an hour later, where the rules are what they were. */
export function emptying(made: World): ReleaseWorld {
  made.store.now = () => new Date(LATER);
  const records = new InMemoryReleaseRecords(made.store);
  const measured: string[] = [];
  const events: Readonly<Record<string, unknown>>[] = [];
  const release: ReleasePorts = {
    store: made.store,
    records,
    rules: made.ports.rules,
    config: CONFIG,
    now: () => new Date(LATER),
    remainingMillis: () => 900_000,
    timeIsUp: new AbortController().signal,
    requestId: 'request-1',
    announce: async (detail) => {
      events.push(detail);
    },
    log: (_, fields) => made.reports.logs.push(fields),
    logError: (_, error, fields) => made.reports.errors.push({ error, fields }),
    measure: (metric, bucket) => measured.push(`${metric} ${bucket}`),
  };
  const receiptKey = () => made.store.keysOf(QUARANTINE).find((key) => key.startsWith('receipts/')) ?? 'receipts/none.json';
  return { ...made, records, release, measured, events, receiptKey };
}

export async function quarantined(made: World, object: Upload, key = KEY): Promise<void> {
  await processBatch(sqsEvent({ message: objectCreated(upload(made.store, object, key)) }), made.ports);
}

/** Asks for the first object that was quarantined, unless the request says otherwise; answers with its only result. */
export async function ask(made: ReleaseWorld, request: object = {}, ports: Partial<ReleasePorts> = {}) {
  const receipt = `s3://${QUARANTINE}/${made.receiptKey()}`;
  const { results } = await processRequest({ ...REQUEST, receipt, ...request }, { ...made.release, ...ports });
  const [result] = results;
  if (result === undefined || results.length > 1) throw new Error('not one result');
  return result;
}

export function receiptIn(made: ReleaseWorld): Receipt {
  return JSON.parse(made.store.versionsOf(QUARANTINE, made.receiptKey()).at(-1)?.body ?? '');
}

export function recordIn(made: ReleaseWorld): ReleaseRecord | undefined {
  const key = made.store.keysOf(QUARANTINE).find((each) => each.startsWith('releases/'));
  return key === undefined ? undefined : JSON.parse(made.store.versionsOf(QUARANTINE, key).at(-1)?.body ?? '');
}

export function currentIn(made: ReleaseWorld) {
  return made.store.versionsOf(BUCKET, KEY).at(-1);
}
