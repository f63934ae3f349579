import { isDeepStrictEqual } from 'node:util';
import type { ObjectVersion } from '../../lambda/shared/object-store';
import { type Accepted, complies, isLarge, isNull, KINDS, type Uploaded, type Uploader } from './fault-uploads';
import type { InMemoryObjectStore, StoredVersion } from './in-memory-object-store';
import { QUARANTINE } from './lambda-enforcer-world';
import type { StoreCall } from './lambda-intercepted-store';

/** What must hold in every schedule, whatever goes wrong in it. */
export const INVARIANTS = {
  'bytes lost': 'no version’s bytes are ever lost',
  'deleted unjudged': 'nothing is deleted, or hidden, that the rule of now accepts',
  'deleted unconfirmed': 'nothing is deleted before HEAD was answered for its copy',
  'deleted without receipt': 'nothing is deleted before its receipt is written',
  'left behind': 'metadata, tags and annotations that an object had when the invocation that moved it began are those of a copy',
  'compliant touched': 'a compliant object is neither copied nor tagged nor moved',
  'receipt lies': 'a receipt names a copy of the very object that it says it is of',
  'not in one place': 'no version ends in both places, or in neither, or stays where it must not',
  'message without verdict': 'no message is taken off the queue before a verdict on each of its objects was told, or passed on whole',
  'false verdict': 'no verdict says what is not so',
  untold: 'what was moved was announced',
  'dead for no reason': 'without faults, only what is no event ends in the dead-letter queue',
  'left open': 'without faults, no copy in parts is left open',
  'worked on after its end': 'nothing is asked of S3 for an invocation that Lambda has its answer of',
  'never quiet': 'there is an end to it',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Breach {
  readonly invariant: Invariant;
  readonly what: string;
}

/** The rules that a bucket had, and since when. */
/** How old a rule may be that somebody goes by: remembered for a minute, after an answer that took up to ten seconds. */
export const OLDEST_RULE_MILLIS = 70_000;

export type RuleHistory = readonly { readonly accepted: Accepted; readonly since: number }[];

/** What was in force at any time of a span. */
export function acceptedWithin(rules: RuleHistory, from: number, to: number): Accepted[] {
  return rules
    .filter(({ since }, at) => since <= to && (rules[at + 1]?.since ?? Number.POSITIVE_INFINITY) >= from)
    .map(({ accepted }) => accepted);
}

/** Looks at each effect of the enforcer on S3 as it happens. Knows what was written, and nothing of how the enforcer works. */
export class Ledger {
  readonly breaches: Breach[] = [];
  /** What the enforcer removed, as far as anyone saw. */
  readonly removed = new Set<Uploaded>();
  private readonly confirmed = new Set<string>();

  constructor(
    private readonly store: InMemoryObjectStore,
    private readonly uploader: Uploader,
    private readonly rules: RuleHistory,
    private readonly now: () => number,
  ) {}

  breach(invariant: Invariant, what: string): void {
    this.breaches.push({ invariant, what });
  }

  /** The effects of the store are there at once; only answers take time. */
  async watch<T>({ operation, args }: StoreCall, startedAt: number, perform: () => Promise<T>): Promise<T> {
    const { bucket, key } = args[0] as ObjectVersion;
    if (operation === 'deleteVersion' || operation === 'deleteCurrent') return this.watchDelete(bucket, key, startedAt, perform);
    if (operation === 'copy' || operation === 'completeCopy' || operation === 'putDocument') return this.watchWrite(startedAt, perform);
    return perform();
  }

  /** To be called once an answer has arrived; what nobody got to know confirms nothing. */
  arrived({ operation, args }: StoreCall, answer: unknown): void {
    if (!operation.startsWith('head')) return;
    const { bucket, versionId } = args[0] as ObjectVersion;
    if (bucket === QUARANTINE && (answer as { status: string }).status === 'found') this.confirmed.add(versionId ?? '');
  }

  copiesOf(object: Uploaded): StoredVersion[] {
    return this.inQuarantine('objects/').filter((copy) => this.isOf(copy, object));
  }

  /** Of this very write, not of another with the same content. */
  ownCopiesOf(object: Uploaded): StoredVersion[] {
    return this.copiesOf(object).filter((copy) => this.uploader.recordOf(copy) === object);
  }

  receiptsFor(object: Uploaded): StoredVersion[] {
    const copies = new Set(this.copiesOf(object).map(({ versionId }) => versionId));
    return this.inQuarantine('receipts/').filter(({ body }) => copies.has(JSON.parse(body).copy?.versionId));
  }

  /** A copy in parts was begun, and neither completed nor given up. */
  isBeingCopied({ key, storedId, etag, at }: Uploaded): boolean {
    const date = new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '');
    const place = `objects/${this.uploader.bucket}/${key}/${storedId === 'null' ? `etag-${etag}-${date}Z` : storedId}`;
    return this.store.multipart.find({ bucket: QUARANTINE, key: place }) !== undefined;
  }

  inQuarantine(prefix: string): StoredVersion[] {
    const keys = this.store.keysOf(QUARANTINE).filter((key) => key.startsWith(prefix));
    return keys.flatMap((key) => this.store.versionsOf(QUARANTINE, key));
  }

  inSource(object: Uploaded): StoredVersion | undefined {
    const versions = this.store.versionsOf(this.uploader.bucket, object.key);
    return versions.find((version) => this.uploader.recordOf(version) === object);
  }

  /** Two null versions with one ETag cannot be told apart, by anyone: the documented exception. */
  private isOf(copy: StoredVersion, object: Uploaded): boolean {
    const record = this.uploader.recordOf(copy);
    const isTwin = record !== undefined && isNull(record) && isNull(object) && record.key === object.key && record.etag === object.etag;
    return copy.body === object.body && (record === object || isTwin);
  }

  private watchDelete<T>(bucket: string, key: string, startedAt: number, perform: () => Promise<T>): Promise<T> {
    const before = [...this.store.versionsOf(bucket, key)];
    const performing = perform();
    const after = this.store.versionsOf(bucket, key);
    const isHidden = after.length > before.length;
    const touched = before.filter((version, at) => !after.includes(version) || (isHidden && at === before.length - 1));
    for (const version of touched) {
      const record = version.deleteMarker ? undefined : this.uploader.recordOf(version);
      if (record === undefined) continue;
      if (!after.includes(version)) this.removed.add(record);
      else record.covered = true;
      this.checkDelete(record, startedAt, after.includes(version));
      if (!after.includes(version)) this.checkTakenAlong(record, version, startedAt);
    }
    return performing;
  }

  private checkDelete(object: Uploaded, startedAt: number, isThere: boolean): void {
    const name = `${object.key} ${object.id} (${object.kind})`;
    // Two with the same content under SSE-S3 have one ETag. Where versioning was switched on, the newer is hidden in place of the older.
    const copies = isThere ? this.twinsOf(object).flatMap((each) => this.copiesOf(each)) : this.copiesOf(object);
    const receipts = isThere ? this.twinsOf(object).flatMap((each) => this.receiptsFor(each)) : this.receiptsFor(object);
    if (!isThere && copies.length === 0) this.breach('bytes lost', name);
    if (this.isAccepted(object, startedAt)) this.breach('deleted unjudged', name);
    if (!copies.some(({ versionId }) => this.confirmed.has(versionId))) this.breach('deleted unconfirmed', name);
    if (receipts.length === 0) this.breach('deleted without receipt', name);
  }

  /** Of null versions with the same bytes and the same date, which has whole seconds, one is like the other. */
  private checkTakenAlong(object: Uploaded, version: StoredVersion, startedAt: number): void {
    const isLike = ({ at }: Uploaded) => Math.floor(at / 1000) === Math.floor(object.at / 1000);
    if (object.at >= startedAt || (isNull(object) && this.twinsOf(object).filter(isLike).length > 1)) return;
    const before = object.said.filter(({ at }) => at <= startedAt).at(-1) ?? object.said[0];
    const tags = [before, ...object.said.filter(({ at }) => at > startedAt), version].map((said) => said.tags);
    const isWhole = (copy: StoredVersion) =>
      tags.some((each) => isDeepStrictEqual(each, copy.tags)) && before.annotations.every((each) => copy.annotations.includes(each));
    if (!this.ownCopiesOf(object).some(isWhole)) this.breach('left behind', `${object.key} ${object.id} (${object.kind})`);
  }

  /** All that cannot be told apart by key and ETag, itself among them. */
  twinsOf({ key, etag }: Pick<Uploaded, 'key' | 'etag'>): Uploaded[] {
    return this.uploader.written.filter((each) => each.key === key && each.etag === etag);
  }

  private watchWrite<T>(startedAt: number, perform: () => Promise<T>): Promise<T> {
    const before = new Set(this.inQuarantine(''));
    const performing = perform();
    for (const version of this.inQuarantine('')) {
      if (!before.has(version)) this.checkWritten(version, startedAt);
    }
    return performing;
  }

  private checkWritten(version: StoredVersion, startedAt: number): void {
    const record = this.uploader.recordOf(version);
    if (record !== undefined && this.isAccepted(record, startedAt)) this.breach('compliant touched', `copied: ${record.key} ${record.id}`);
    if (record !== undefined || version.metadata['upload'] !== undefined) return;
    const receipt = JSON.parse(version.body) as { origin?: { key: string; etag: string }; copy?: { versionId: string } };
    if (receipt.origin === undefined) return;
    const { key, etag } = receipt.origin;
    const origins = this.twinsOf({ key, etag: etag.replaceAll('"', '') });
    const copies = new Set(origins.flatMap((each) => this.copiesOf(each)).map(({ versionId }) => versionId));
    if (!copies.has(receipt.copy?.versionId ?? '')) this.breach('receipt lies', `of ${key} ${etag}`);
  }

  /** By every rule that was in force since whoever did this began: a rule that had ended before excuses nothing. */
  private isAccepted(object: Uploaded, startedAt: number): boolean {
    return acceptedWithin(this.rules, startedAt, this.now()).every((accepted) => complies(object, accepted));
  }

  isMovable(object: Uploaded): boolean {
    const { kind, said } = object;
    // A copy in parts would leave them behind.
    const isStuck = isLarge(object) && said[0].annotations.length > 0;
    return kind !== 'sse-c' && !('refuses' in KINDS[kind]) && !isStuck;
  }
}
