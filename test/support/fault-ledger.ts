import { isDeepStrictEqual } from 'node:util';
import { type ObjectVersion, unquoted } from '../../lambda/shared/object-store';
import type { Breach, Invariant } from './fault-invariants';
import type { Oracle } from './fault-oracle';
import { isNull, type Uploaded, type Uploader } from './fault-uploads';
import type { Placed, Whereabouts } from './fault-whereabouts';
import type { StoredVersion } from './in-memory-object-store';
import { BUCKET, QUARANTINE } from './lambda-enforcer-world';
import type { StoreCall } from './lambda-intercepted-store';

/** Looks at each effect of the enforcer on S3 as it happens. Knows what was written, and nothing of how the enforcer works. */
export class Ledger {
  readonly breaches: Breach[] = [];
  /** What the enforcer removed, as far as anyone saw. */
  readonly removed = new Set<Uploaded>();
  /** How often each version was looked at by its id. */
  private readonly looks = new Map<string, number>();
  private readonly confirmed = new Set<string>();

  constructor(
    readonly where: Whereabouts,
    readonly uploader: Uploader,
    readonly oracle: Oracle,
    readonly now: () => number,
  ) {}

  breach(invariant: Invariant, what: string): void {
    this.breaches.push({ invariant, what });
  }

  /** The effects of the store are there at once; only answers take time. */
  watch<T>({ operation, args }: StoreCall, startedAt: number, perform: () => Promise<T>): Promise<T> {
    const { bucket, key, versionId = '' } = args[0] as ObjectVersion;
    switch (operation) {
      case 'deleteVersion':
      case 'deleteCurrent':
        return this.watchDelete(key, startedAt, perform);
      case 'copy':
      case 'completeCopy':
      case 'putDocument':
        return this.watchWrite(startedAt, perform);
      case 'head':
        if (bucket === BUCKET) this.looks.set(versionId, this.looksAt(versionId) + 1);
    }
    return perform();
  }

  /** To be called once an answer has arrived; what nobody got to know confirms nothing. */
  arrived({ operation, args }: StoreCall, answer: unknown): void {
    if (!operation.startsWith('head')) return;
    const { bucket, versionId } = args[0] as ObjectVersion;
    if (bucket === QUARANTINE && (answer as { status: string }).status === 'found') this.confirmed.add(versionId ?? '');
  }

  looksAt(versionId: string): number {
    return this.looks.get(versionId) ?? 0;
  }

  noteNewest(key: string): void {
    this.oracle.noteNewest(key, this.where.newest(key), this.now());
  }

  private watchDelete<T>(key: string, startedAt: number, perform: () => Promise<T>): Promise<T> {
    const before = [...this.where.versionsOf(key)];
    const performing = perform();
    const after = this.where.versionsOf(key);
    const isHidden = after.length > before.length;
    this.checkGone(before, after, startedAt);
    const hidden = isHidden ? before.at(-1) : undefined;
    const record = hidden && !hidden.deleteMarker && after.includes(hidden) ? this.uploader.recordOf(hidden) : undefined;
    if (record !== undefined) {
      record.covered = true;
      this.checkDelete(record, startedAt, true);
    }
    this.noteNewest(key);
    return performing;
  }

  /** Whatever is there no more, by a delete, or because a copy took its place. */
  checkGone(before: readonly StoredVersion[], after: readonly StoredVersion[], startedAt: number): void {
    for (const version of before) {
      if (version.deleteMarker || after.includes(version)) continue;
      const record = this.uploader.recordOf(version);
      if (record === undefined || record.discarded) continue;
      this.removed.add(record);
      this.checkDelete(record, startedAt, false);
      this.checkTakenAlong(record, version, startedAt);
    }
  }

  private checkDelete(object: Uploaded, startedAt: number, isThere: boolean): void {
    const { where } = this;
    const name = `${object.key} ${object.id} (${object.kind})`;
    // Two with the same content under SSE-S3 have one ETag. Where versioning was switched on, the newer is hidden in place of the older.
    const those = isThere ? where.twinsOf(object) : [object];
    const copies = those.flatMap((each) => where.copiesOf(each));
    if (!isThere && copies.length === 0) this.breach('bytes lost', name);
    if (!this.mayMove(object, startedAt)) this.breach('deleted unjudged', name);
    if (!copies.some(({ versionId }) => this.confirmed.has(versionId))) this.breach('deleted unconfirmed', name);
    if (those.every((each) => where.receiptsFor(each).length === 0)) this.breach('deleted without receipt', name);
  }

  /** Of null versions with the same bytes and the same date, which has whole seconds, one is like the other. */
  private checkTakenAlong(object: Uploaded, version: StoredVersion, startedAt: number): void {
    const isLike = ({ at }: Uploaded) => Math.floor(at / 1000) === Math.floor(object.at / 1000);
    if (object.at >= startedAt || (isNull(object) && this.where.twinsOf(object).filter(isLike).length > 1)) return;
    const before = object.said.filter(({ at }) => at <= startedAt).at(-1) ?? object.said[0];
    const tags = [before, ...object.said.filter(({ at }) => at > startedAt), version].map((said) => said.tags);
    const isWhole = (copy: StoredVersion) =>
      tags.some((each) => isDeepStrictEqual(each, copy.tags)) && before.annotations.every((each) => copy.annotations.includes(each));
    if (!this.where.ownCopiesOf(object).some(isWhole)) this.breach('left behind', `${object.key} ${object.id} (${object.kind})`);
  }

  private watchWrite<T>(startedAt: number, perform: () => Promise<T>): Promise<T> {
    const before = new Set(this.where.inQuarantine('').map(({ versionId }) => versionId));
    const performing = perform();
    for (const version of this.where.inQuarantine('')) {
      if (!before.has(version.versionId)) this.checkWritten(version, startedAt);
    }
    return performing;
  }

  private checkWritten(version: Placed, startedAt: number): void {
    const record = this.where.recordOf(version);
    if (record !== undefined && !this.mayMove(record, startedAt)) this.breach('compliant touched', `copied: ${record.key} ${record.id}`);
    if (record !== undefined || version.metadata['upload'] !== undefined) return;
    const { origin, copy, replacedBy } = JSON.parse(version.body) as {
      origin?: { key: string; etag: string };
      copy?: { versionId: string };
      replacedBy?: string;
    };
    if (origin === undefined) return;
    const origins = this.where.twinsOf({ key: origin.key, etag: unquoted(origin.etag) });
    const copies = new Set(origins.flatMap((each) => this.where.copiesOf(each)).map(({ versionId }) => versionId));
    const standIns = origins.flatMap((each) => this.where.standInsFor(each)).map(({ storedId }) => storedId);
    const isTrue = copies.has(copy?.versionId ?? '') && (replacedBy === undefined || standIns.includes(replacedBy));
    if (!isTrue) this.breach('receipt lies', `of ${origin.key} ${origin.etag}`);
  }

  /** Null versions with one ETag cannot be told apart, by anyone, though one may be right by its metadata, or have time left: the documented exception. */
  private mayMove(object: Uploaded, startedAt: number): boolean {
    const those = isNull(object) ? this.where.twinsOf(object) : [object];
    return those.some((each) => this.oracle.mayBe('moved', each, startedAt, this.now()));
  }
}
