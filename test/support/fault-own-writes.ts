import { isDeepStrictEqual } from 'node:util';
import type { EncryptedTarget, ObjectVersion, Tags } from '../../lambda/shared/object-store';
import { VIOLATION_TAG } from '../../lib/domain/contract';
import { encryptedAs } from './fault-kinds';
import type { Ledger } from './fault-ledger';
import { encryption, isNull, type Uploaded } from './fault-uploads';
import type { StoredVersion } from './in-memory-object-store';
import { BUCKET } from './lambda-enforcer-world';
import type { StoreCall } from './lambda-intercepted-store';

/** Looks at what the enforcer writes to the guarded bucket: copies in the place of objects, their encryption, their tags. */
export class OwnWrites {
  constructor(
    private readonly ledger: Ledger,
    /** CloudTrail tells of it, where somebody listens. */
    private readonly onRekey: (object: Uploaded) => void,
  ) {}

  watch<T>(call: StoreCall, startedAt: number, perform: () => Promise<T>): Promise<T> {
    const { bucket, key, versionId } = call.args[0] as ObjectVersion;
    const before = [...this.ledger.where.versionsOf(key)];
    if (bucket !== BUCKET || !['copyAs', 'rekey', 'replaceTags'].includes(call.operation))
      return this.ledger.watch(call, startedAt, perform);
    const meant = before.find((each) => (versionId === undefined ? each === before.at(-1) : each.versionId === versionId));
    const record = meant && this.ledger.uploader.recordOf(meant);
    const performing = perform();
    if (meant === undefined || record === undefined) return performing;
    if (call.operation === 'copyAs') this.afterCopy(record, before, call.args[2] as EncryptedTarget, startedAt);
    if (call.operation === 'rekey') this.afterRekey(record, startedAt);
    if (call.operation === 'replaceTags') this.afterTags(record, call.args[1] as Tags, startedAt);
    this.ledger.noteNewest(key);
    return performing;
  }

  private afterCopy(original: Uploaded, before: readonly StoredVersion[], { key }: EncryptedTarget, startedAt: number): void {
    const { ledger } = this;
    const after = ledger.where.versionsOf(key);
    const added = after.find((version) => !before.includes(version));
    const version = before.find((each) => ledger.uploader.recordOf(each) === original);
    if (added === undefined || version === undefined) return;
    if (before.at(-1)?.etag !== version.etag) ledger.breach('newer overwritten', this.nameOf(original));
    if (!this.mayMend(original, startedAt)) ledger.breach('compliant touched', `copied onto itself: ${this.nameOf(original)}`);
    // What has taken its place with the same bytes cannot be told from it: it gets the storage class that was asked for, and may be tagged.
    const isOther = isNull(original) && ledger.where.twinsOf(original).length > 1;
    const notCopied = isOther ? version.notCopied : added.notCopied;
    const isFree = isOther || !(VIOLATION_TAG in added.tags);
    const isSame = isFree && isDeepStrictEqual(described({ ...added, notCopied }), described(version));
    const as = encryptedAs(added);
    const isAsRequired = as !== undefined && ledger.oracle.isAsked(original, as, startedAt, ledger.now());
    if (!isSame || !isAsRequired) ledger.breach('not as original', this.nameOf(original));
    ledger.uploader.adopt(added, original);
    if (after.includes(version)) original.covered = true;
    this.giveUpTwin(original, before, after);
    ledger.checkGone(before, after, startedAt);
  }

  /**
   * The documented exception: where versioning was suspended meanwhile, the copy takes the place of a null version. That has the very ETag of the
   * original, or there would be no copy, and so the same bytes, which live on.
   */
  private giveUpTwin(original: Uploaded, before: readonly StoredVersion[], after: readonly StoredVersion[]): void {
    const last = before.at(-1);
    const record = last && !after.includes(last) ? this.ledger.uploader.recordOf(last) : undefined;
    if (record !== undefined && record !== original && record.etag === original.etag) record.discarded = true;
  }

  private afterRekey(object: Uploaded, startedAt: number): void {
    const { ledger } = this;
    const version = ledger.where.inSource(object);
    const as = version && encryptedAs(version);
    if (as === undefined) return;
    if (!this.mayMend(object, startedAt)) ledger.breach('compliant touched', `encrypted anew: ${this.nameOf(object)}`);
    if (as === encryption(object)) return;
    if (!ledger.oracle.isAsked(object, as, startedAt, ledger.now())) ledger.breach('not as original', this.nameOf(object));
    object.encrypted.push({ as, since: ledger.now() });
    this.onRekey(object);
  }

  /** S3 has no conditional tagging: without a version id, what has taken the place of the object may be hit, as documented. */
  private afterTags(object: Uploaded, tags: Tags, startedAt: number): void {
    const { oracle, now } = this.ledger;
    if (!(VIOLATION_TAG in tags) || isNull(object)) return;
    if (!oracle.mayBe('tagged', object, startedAt, now())) this.ledger.breach('tagged though right', this.nameOf(object));
  }

  private mayMend(object: Uploaded, startedAt: number): boolean {
    return this.ledger.oracle.mayBe('encrypted anew', object, startedAt, this.ledger.now());
  }

  private nameOf({ key, id, kind }: Uploaded): string {
    return `${key} ${id} (${kind})`;
  }
}

function described({ body, size, metadata, tags, annotations, notCopied }: StoredVersion) {
  const { [VIOLATION_TAG]: _tag, ...own } = tags;
  return { body, size, metadata, tags: own, annotations, notCopied };
}
