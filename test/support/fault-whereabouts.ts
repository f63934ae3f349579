import { isNull, type Uploaded, type Uploader } from './fault-uploads';
import type { InMemoryObjectStore, StoredVersion } from './in-memory-object-store';
import { QUARANTINE } from './lambda-enforcer-world';

/** What lies in quarantine, and where. */
export type Placed = StoredVersion & { readonly place: string };

/** Where everything is at this moment. */
export class Whereabouts {
  constructor(
    private readonly store: InMemoryObjectStore,
    private readonly uploader: Uploader,
  ) {}

  copiesOf(object: Uploaded): Placed[] {
    return this.inQuarantine('objects/').filter((copy) => this.isOf(copy, object));
  }

  /** Of this very write, not of another with the same content. */
  ownCopiesOf(object: Uploaded): Placed[] {
    return this.copiesOf(object).filter((copy) => this.recordOf(copy) === object);
  }

  receiptsFor(object: Uploaded): Placed[] {
    const copies = new Set(this.copiesOf(object).map(({ versionId }) => versionId));
    return this.inQuarantine('receipts/').filter(({ body }) => copies.has(JSON.parse(body).copy?.versionId));
  }

  /** By its place: the copy of a copy has the metadata of the first. */
  recordOf(copy: Placed): Uploaded | undefined {
    const those = this.uploader.recordsLike(copy);
    if (those.length < 2) return those[0];
    const named = those.filter((each) => copy.place.includes(isNull(each) ? `/etag-${each.etag}-` : `/${each.storedId}`));
    return named.find((each) => copy.place.endsWith(`-${compactDate(each.at)}`)) ?? named[0];
  }

  /** A copy in parts was begun, and neither completed nor given up. */
  isBeingCopied({ key, storedId, etag, at }: Uploaded): boolean {
    const place = `objects/${this.uploader.bucket}/${key}/${storedId === 'null' ? `etag-${etag}-${compactDate(at)}` : storedId}`;
    return this.store.multipart.find({ bucket: QUARANTINE, key: place }) !== undefined;
  }

  inQuarantine(prefix: string): Placed[] {
    const places = this.store.keysOf(QUARANTINE).filter((key) => key.startsWith(prefix));
    return places.flatMap((place) => this.store.versionsOf(QUARANTINE, place).map((version) => ({ ...version, place })));
  }

  inSource(object: Uploaded): StoredVersion | undefined {
    return this.versionsOf(object.key).find((version) => this.uploader.recordOf(version) === object);
  }

  versionsOf(key: string): readonly StoredVersion[] {
    return this.store.versionsOf(this.uploader.bucket, key);
  }

  /** What readers get. */
  newest(key: string): Uploaded | undefined {
    const version = this.versionsOf(key).at(-1);
    return version === undefined || version.deleteMarker ? undefined : this.uploader.recordOf(version);
  }

  /** All that cannot be told apart by key and ETag, itself among them. */
  twinsOf({ key, etag }: Pick<Uploaded, 'key' | 'etag'>): Uploaded[] {
    return this.uploader.written.filter((each) => each.key === key && each.etag === etag);
  }

  /** What the enforcer wrote to stand in its place, and in the place of that. */
  standInsFor(object: Uploaded): Uploaded[] {
    const standsFor = ({ copyOf }: Uploaded): boolean => copyOf !== undefined && (copyOf === object || standsFor(copyOf));
    return this.uploader.written.filter(standsFor);
  }

  /** Two null versions with one ETag cannot be told apart, by anyone: the documented exception. */
  private isOf(copy: Placed, object: Uploaded): boolean {
    if (copy.body !== object.body) return false;
    const record = this.recordOf(copy);
    const isTwin = record !== undefined && isNull(record) && isNull(object) && record.key === object.key && record.etag === object.etag;
    return record === object || isTwin;
  }
}

/** As places in quarantine have it. */
function compactDate(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}
