import { isDeepStrictEqual } from 'node:util';
import type { WrittenObject } from '../../lambda/encryption-enforcer/parse-event';
import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import type { Action } from '../../lib/domain/action';
import type { BucketRule } from '../../lib/domain/bucket-rule';
import type { EncryptionFields } from '../../lib/domain/observation';
import { CLIENT_SIDE } from './client-side-objects';
import { clientSideRule, S3EC } from './client-side-world';
import { objectCreated, sqsRecord } from './events';
import type { StoredVersion, Upload, Versioning } from './in-memory-object-store';
import { BUCKET, CONFIG, OTHER_KEY, QUARANTINE, REQUIRE_KMS, SSE_KMS, SSE_S3, upload, type World, world } from './lambda-enforcer-world';
import { type Refusals, refusingStore } from './object-matrix-store';

/** An object as object-matrix.json describes it; what is not said is an object of a few bytes under SSE-S3, in a versioned bucket. */
export interface KindOfObject {
  readonly versioning?: Versioning;
  /** What happens to its bucket after it was written. */
  readonly then?: 'versioned' | 'overwritten';
  /** How what it is overwritten with is encrypted. */
  readonly newer?: string;
  /** There is a version before it. */
  readonly older?: boolean;
  readonly encryption?: string;
  readonly gibibytes?: number;
  readonly body?: string;
  readonly key?: string;
  readonly keyBytes?: number;
  /** How many. */
  readonly tags?: number;
  readonly metadataBytes?: number;
  readonly annotations?: boolean;
  /** Of a bucket that requires client-side encryption: an object of `client-side-objects.ts`. */
  readonly clientSide?: keyof typeof CLIENT_SIDE;
  /** Whether envelopes may lie in instruction files there. */
  readonly instructionFiles?: boolean;
}

/** What is there after an object was enforced. */
export interface Walked extends World {
  readonly uploaded: Upload;
  readonly written: WrittenObject;
  /** What S3 says of an object that is as required. */
  readonly required: EncryptionFields;
  readonly failures: number;
  /** Of the bucket, the version that was enforced. */
  readonly original: StoredVersion | undefined;
  readonly isHidden: boolean;
  /** What is as required now, and was uploaded otherwise. */
  readonly mended: StoredVersion | undefined;
  readonly copies: readonly StoredVersion[];
  readonly receipts: readonly string[];
}

const YEARS_AGO = new Date('2020-02-02T02:02:02Z');
const FOREIGN_KEY = 'arn:aws:kms:eu-west-1:444455556666:key/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';

const ENCRYPTIONS: Readonly<Record<string, EncryptionFields>> = {
  'SSE-C': { SSECustomerAlgorithm: 'AES256' },
  'other key': { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: OTHER_KEY },
  'foreign key': { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: FOREIGN_KEY },
  'DSSE-KMS': { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: OTHER_KEY },
  'aws:backup': { ServerSideEncryption: 'aws:backup' },
};

/** Puts an object of this kind into a guarded bucket, and gives its event to the handler, and then whatever that sends to itself. */
export async function walk(kind: KindOfObject, refusals: Refusals, action: Action): Promise<Walked> {
  const here = world({ versioning: kind.versioning ?? 'enabled', rule: { ...ruleFor(kind), action } });
  const uploaded = uploadOf(kind);
  const key = kind.key ?? 'k'.repeat(kind.keyBytes ?? 8);
  if (kind.older) upload(here.store, { body: 'older', encryption: SSE_KMS, lastModified: YEARS_AGO }, key);
  const written = upload(here.store, uploaded, key);
  if (kind.then !== undefined) here.store.setVersioning(BUCKET, 'enabled');
  if (kind.then === 'overwritten') upload(here.store, { body: 'newer', encryption: ENCRYPTIONS[kind.newer ?? ''] ?? SSE_KMS }, key);
  const store = refusingStore(here.store, refusals);
  const failures = await enforceAll(written, { ...here, ports: { ...here.ports, store } });
  const required = kind.clientSide === undefined ? SSE_KMS : SSE_S3;
  return { ...here, uploaded, written, required, failures, ...whatIsThere(here, written, uploaded, required) };
}

function ruleFor({ clientSide, instructionFiles = false }: KindOfObject): BucketRule {
  if (clientSide === undefined) return REQUIRE_KMS;
  return clientSideRule(instructionFiles ? { formats: [S3EC], instructionFileSuffix: '.instruction' } : {});
}

function uploadOf(kind: KindOfObject): Upload {
  if (kind.clientSide !== undefined) {
    const { body, metadata = {}, ...sealed }: Upload = CLIENT_SIDE[kind.clientSide];
    const encryption = ENCRYPTIONS[kind.encryption ?? ''] ?? sealed.encryption;
    return { ...sealed, encryption, body: body ?? '', metadata, annotations: [], tags: {} };
  }
  const { encryption, gibibytes, body = 'secret', tags = 1, metadataBytes = 10 } = kind;
  return {
    body,
    ...(gibibytes !== undefined && { size: gibibytes * 1024 ** 3 }),
    encryption: encryption === undefined ? SSE_S3 : (ENCRYPTIONS[encryption] ?? {}),
    metadata: { author: 'a'.repeat(metadataBytes - 'author'.length) },
    annotations: kind.annotations ? ['summary'] : [],
    tags: Object.fromEntries(Array.from({ length: tags }, (_, at) => [`tag-${at}`, 'value'])),
  };
}

/** How many messages go back to the queue, which after some tries means: to the dead letters. */
async function enforceAll(written: WrittenObject, { ports: withoutClock, reports }: World): Promise<number> {
  let now = withoutClock.now().getTime();
  const ports = { ...withoutClock, now: () => new Date(now) };
  const { batchItemFailures } = await processBatch({ Records: [sqsRecord('event', objectCreated(written))] }, ports);
  let failures = batchItemFailures.length;
  for (let sent = reports.sent.shift(); sent !== undefined; sent = reports.sent.shift()) {
    now += sent.delaySeconds * 1000;
    const eventSourceARN = sent.queue === 'large-objects' ? CONFIG.queues.largeObjectsArn : 'arn:aws:sqs:eu-west-1:111122223333:events';
    const answer = await processBatch({ Records: [{ ...sqsRecord('anew', sent.body), eventSourceARN }] }, ports);
    failures += answer.batchItemFailures.length;
  }
  return failures;
}

function whatIsThere({ store }: World, { key, etag }: WrittenObject, { metadata, encryption }: Upload, required: EncryptionFields) {
  const versions = store.versionsOf(BUCKET, key);
  const inQuarantine = store.keysOf(QUARANTINE);
  return {
    original: versions.find((version) => version.etag === `"${etag}"`),
    mended: isDeepStrictEqual(encryption, required)
      ? undefined
      : versions.find((version) => isDeepStrictEqual([version.metadata, version.encryption], [metadata, required])),
    isHidden: versions.at(-1)?.deleteMarker === true,
    copies: inQuarantine.filter((name) => name.startsWith('objects/')).flatMap((name) => store.versionsOf(QUARANTINE, name)),
    receipts: inQuarantine.filter((name) => /^receipts\/.*\.json$/s.test(name)),
  };
}
