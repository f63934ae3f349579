import type { ReleaseRecord } from '../../lambda/quarantine-release/release-record';
import type { ReleaseResult } from '../../lambda/quarantine-release/result';
import type { FaultStore } from './fault-store';
import type { StoredVersion } from './in-memory-object-store';
import { BUCKET, QUARANTINE, REQUIRED_KEY } from './lambda-enforcer-world';

export const RELEASE_INVARIANTS = {
  'put back twice': 'an object is put back once',
  'newer overwritten': 'what is not older, or has no version id of its own, is not overwritten, unless the request says so',
  'deletion undone': 'what somebody deleted since is not put back, unless the request says so',
  'not whole': 'what is put back has the bytes, the metadata and the tags of the object, and is encrypted as required',
  lost: 'the object is in quarantine, unless it was discarded',
  'dry run wrote': 'a dry run touches nothing',
  'false answer': 'what is said to be released lies there, and what is said to be discarded is gone',
  'parts left': 'what was discarded leaves no parts of its release behind',
  untold: 'what was put back, and what was discarded, is announced',
  'never final': 'whoever asks often enough gets an answer that stays',
  'own work not known': 'what a try put back is known to the next as released',
} as const;

export interface Breach {
  readonly invariant: keyof typeof RELEASE_INVARIANTS;
  readonly what: string;
}

export interface ReleaseRequestLike {
  readonly action: string;
  readonly overwrite: boolean;
  readonly dryRun: boolean;
}

const READS: readonly string[] = ['head', 'headWithChecksum', 'tags', 'readDocument', 'copiedParts', 'list'];
/** A delete marker that comes so soon may be the enforcer's own, where it had to delete without a version id. */
const OWN_MARKER_MILLIS = 900_000;

/** Knows what lies where at every moment, and nothing of how the function works. */
export class ReleaseLedger {
  readonly breaches: Breach[] = [];
  readonly announced: string[] = [];
  private readonly put: StoredVersion[] = [];
  private readonly written = new Set<string>();
  /** What lay on top when a request last looked for delete markers: nobody can hinder one that comes later. */
  private readonly seen = new WeakMap<ReleaseRequestLike, StoredVersion>();
  private isDiscarded = false;
  private isToldReleased = false;

  constructor(
    private readonly store: FaultStore,
    private readonly key: string,
    private readonly quarantinedDate: Date,
    private readonly quarantinedAt: Date,
    private readonly hasOwnVersion: boolean,
  ) {}

  breach(invariant: Breach['invariant'], what: string): void {
    this.breaches.push({ invariant, what });
  }

  wrote({ etag }: { readonly etag: string }): void {
    this.written.add(etag);
  }

  /** One call at the moment at which it has its effect. */
  async watch<T>(operation: string, request: ReleaseRequestLike, perform: () => Promise<T>): Promise<T> {
    const before = [...this.store.versionsOf(BUCKET, this.key)];
    const [onTop] = before.slice(-1);
    if (operation === 'list' && onTop !== undefined) this.seen.set(request, onTop);
    const performing = perform();
    const after = this.store.versionsOf(BUCKET, this.key);
    if (request.dryRun && !READS.includes(operation)) this.breach('dry run wrote', operation);
    const added = after.find((version) => !before.includes(version));
    if (added !== undefined) this.checkPut(added, onTop, request);
    const replaced = before.find((version) => version !== onTop && !version.deleteMarker && !after.includes(version));
    if (added !== undefined && replaced !== undefined && !request.overwrite) this.breach('newer overwritten', `${replaced.body}, below`);
    if (operation === 'deleteVersion' && request.action === 'discard') this.isDiscarded = true;
    else if (!this.isDiscarded && this.copies().length === 0) this.breach('lost', operation);
    return performing;
  }

  private checkPut(added: StoredVersion, below: StoredVersion | undefined, request: ReleaseRequestLike): void {
    this.put.push(added);
    // Whoever says so wants back even what was put back, and deleted since.
    const isWanted = below?.deleteMarker === true && request.overwrite;
    if (this.put.length > 1 && !isWanted) this.breach('put back twice', added.versionId);
    const { body, metadata, tags, encryption } = added;
    const isWhole = body === 'secret' && metadata['of'] === 'secret' && tags['team'] === 'blue';
    if (!isWhole || encryption.SSEKMSKeyId !== REQUIRED_KEY) this.breach('not whole', JSON.stringify(added));
    if (below === undefined || request.overwrite) return;
    if (below.deleteMarker) {
      this.checkOnMarker(below, request);
      return;
    }
    const isOlder = below.lastModified < this.quarantinedDate && below.versionId !== 'null';
    if (!isOlder) this.breach('newer overwritten', `${below.body} of ${below.lastModified.toISOString()}`);
  }

  private checkOnMarker(marker: StoredVersion, request: ReleaseRequestLike): void {
    const mayBeOwn = !this.hasOwnVersion && marker.lastModified.getTime() <= this.quarantinedAt.getTime() + OWN_MARKER_MILLIS;
    if (this.seen.get(request) === marker && !mayBeOwn) this.breach('deletion undone', marker.lastModified.toISOString());
  }

  hear({ status }: ReleaseResult): void {
    if (status === 'discarded' && this.copies().length > 0) this.breach('false answer', 'discarded, and there');
    if (status === 'discarded' && this.isUploadOpen) this.breach('parts left', 'the upload that the record names');
    if (status === 'released' || status === 'already-released') this.isToldReleased = true;
    if (status === 'released' && this.put.length === 0 && this.written.size === 0)
      this.breach('false answer', 'released, and not put back');
  }

  ended({ status }: ReleaseResult): void {
    const current = this.store.versionsOf(BUCKET, this.key).at(-1);
    const isOwn = current !== undefined && this.put.includes(current);
    const isKnown = status === 'released' || status === 'already-released' || this.isDiscarded;
    if (isOwn && !isKnown) this.breach('own work not known', status);
  }

  checkEnding(): void {
    if (this.isToldReleased && !this.announced.includes('released')) this.breach('untold', 'released');
    if (this.isDiscarded && this.copies().length === 0 && this.isToldDiscarded && !this.announced.includes('discarded'))
      this.breach('untold', 'discarded');
  }

  private get isToldDiscarded(): boolean {
    return this.recordsIn('discards/').some(({ state }) => state === 'done');
  }

  /** Of one whose id never arrived, nobody knows that it is not somebody else's. */
  private get isUploadOpen(): boolean {
    const target = { bucket: BUCKET, key: this.key };
    return this.recordsIn('releases/').some(({ uploadId = '' }) => this.store.multipart.has({ target, uploadId }));
  }

  private recordsIn(prefix: string): Partial<ReleaseRecord>[] {
    const keys = this.store.keysOf(QUARANTINE).filter((key) => key.startsWith(prefix));
    return keys.map((key) => JSON.parse(this.store.versionsOf(QUARANTINE, key).at(-1)?.body ?? '{}'));
  }

  private copies(): StoredVersion[] {
    const keys = this.store.keysOf(QUARANTINE).filter((key) => key.startsWith('objects/'));
    return keys.flatMap((key) => this.store.versionsOf(QUARANTINE, key)).filter(({ deleteMarker }) => !deleteMarker);
  }
}
