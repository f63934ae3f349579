import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import type { ReleaseResult } from '../../lambda/quarantine-release/result';
import type { Receipt } from '../../lambda/shared/receipt';
import type { Action } from '../../lib/domain/action';
import { objectCreated, sqsEvent } from './events';
import type { StoredVersion } from './in-memory-object-store';
import { BUCKET, QUARANTINE, SSE_C, SSE_KMS } from './lambda-enforcer-world';
import { type Kind, refusalsOf } from './object-matrix-cells';
import { type Refusals, refusingStore } from './object-matrix-store';
import { type Walked, walk } from './object-matrix-walk';
import { ask, emptying, type ReleaseWorld, receiptIn } from './release-world';

/** What happens to an object in quarantine, and under its old key, before anybody asks for its release. */
export interface Since {
  readonly written?: 'SSE-KMS' | 'SSE-C';
  /** Of the copy: what Object Lock says of it. */
  readonly lock?: string;
  /** Of the copy: S3 answers so to requests about it. */
  readonly s3?: Refusals;
  /** Of the copy: its retention has ended. */
  readonly expired?: boolean;
}

/** An object that was quarantined, and whoever can be asked for it. */
export interface Quarantined {
  readonly walked: Walked;
  readonly made: ReleaseWorld;
  readonly receipt: Receipt;
  readonly receiptKey: string;
  /** Every version under the old key, as it was before anything was asked. */
  readonly before: readonly StoredVersion[];
}

/** Really quarantines an object of this kind; then come an hour, and what happens since. */
export async function quarantinedBy(kind: Kind, action: Action): Promise<Quarantined> {
  const walked = await walk(kind.object, refusalsOf(kind), action);
  const empty = emptying(walked);
  const { key } = walked.written;
  const receipt = receiptIn(empty);
  const { written, lock, s3 = {}, expired } = kind.since ?? {};
  if (written !== undefined) walked.store.put(BUCKET, key, { body: 'newer', encryption: written === 'SSE-C' ? SSE_C : SSE_KMS });
  if (lock !== undefined) empty.records.locks.set(receipt.copy.versionId, lock);
  if (expired) await walked.store.deleteVersion(receipt.copy);
  const store = refusingStore(refusingStore(walked.store, refusalsOf(kind)), s3, QUARANTINE);
  const made = { ...empty, ports: { ...walked.ports, store }, release: { ...empty.release, store } };
  return { walked, made, receipt, receiptKey: made.receiptKey(), before: versionsNow({ walked }) };
}

export function versionsNow({ walked: { store, written } }: Pick<Quarantined, 'walked'>): readonly StoredVersion[] {
  return [...store.versionsOf(BUCKET, written.key)];
}

/** Every version of both buckets. */
export function everything({ walked: { store } }: Quarantined): Readonly<Record<string, readonly StoredVersion[]>> {
  const of = (bucket: string) => store.keysOf(bucket).map((key) => [`${bucket}/${key}`, [...store.versionsOf(bucket, key)]] as const);
  return Object.fromEntries([BUCKET, QUARANTINE].flatMap(of));
}

/** The first invocation has no time for parts; what it leaves, others go on with. */
export async function askUntilDone({ made }: Quarantined, request: object): Promise<{ told: ReleaseResult; invocations: number }> {
  let told = await ask(made, request, { timeIsUp: AbortSignal.abort() });
  let invocations = 1;
  for (; told.status === 'unfinished' && invocations < 5; invocations += 1) told = await ask(made, request);
  return { told, invocations };
}

/** What the verifier counts when the event of the version that was put back comes. */
export async function countedAsPutBack({ walked: { written, reports }, made }: Quarantined, { versionId, etag }: StoredVersion) {
  const event = objectCreated({
    bucket: BUCKET,
    key: written.key,
    etag: etag.replaceAll('"', ''),
    ...(versionId !== 'null' && { versionId }),
  });
  const earlier = reports.counts.length;
  await processBatch(sqsEvent({ message: event }), { ...made.ports, now: made.release.now });
  return reports.counts.slice(earlier);
}
