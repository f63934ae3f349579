import { unquoted } from '../../lambda/shared/object-store';
import { VIOLATION_TAG } from '../../lib/domain/contract';
import type { VirtualClock } from './fault-clock';
import {
  type EncryptedAs,
  encryptedAs,
  HABITS,
  type Habit,
  isFileKey,
  KINDS,
  type Kind,
  type KindName,
  kindAs,
  newBody,
  uploadOf,
} from './fault-kinds';
import type { Random } from './fault-random';
import type { InMemoryObjectStore, StoredVersion, Versioning } from './in-memory-object-store';

/** What a writer says of an object, at first or later, all of it each time. */
export interface Said {
  readonly tags: Readonly<Record<string, string>>;
  readonly annotations: readonly string[];
  readonly at: number;
}

/** One object version that was written, and what its writer did to it since. What the enforcer did to it is not told here, but for its encryption. */
export interface Uploaded {
  readonly id: string;
  readonly key: string;
  readonly kind: KindName;
  readonly body: string;
  /** As the store has it: `null` where the version has no id of its own. */
  readonly storedId: string;
  /** As the event has it. */
  readonly versionId: string | undefined;
  /** Without quotes. */
  readonly etag: string;
  /** Never empty; the last is in force. */
  readonly said: [Said, ...Said[]];
  /** Never empty: as it was written, and as it was encrypted anew in place. */
  readonly encrypted: [{ readonly as: EncryptedAs; readonly since: number }, ...{ readonly as: EncryptedAs; readonly since: number }[]];
  readonly at: number;
  /** The enforcer itself wrote it, to stand in the place of this one. */
  readonly copyOf?: Uploaded;
  /** By whoever writes to the bucket: overwritten, or removed for good. That is nobody's loss but his. */
  discarded: boolean;
  /** Something was laid on top of it. */
  covered: boolean;
}

export function isNull({ storedId }: Uploaded): boolean {
  return storedId === 'null';
}

export function isLarge({ kind }: Uploaded): boolean {
  return 'large' in KINDS[kind];
}

/** As it is now. */
export function encryption({ encrypted }: Uploaded): EncryptedAs {
  return (encrypted.at(-1) ?? encrypted[0]).as;
}

interface Ports {
  readonly store: InMemoryObjectStore;
  readonly bucket: string;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly habit: Habit;
  /** S3 tells. */
  readonly onWrite: (object: Uploaded) => void;
  /** Whatever it was. */
  readonly onChange: (key: string) => void;
  readonly trace: (text: () => string) => void;
}

/** Someone who writes to a guarded bucket, keeps a record of it, and knows nothing of the enforcer. */
export class Uploader {
  /** By whomever. */
  readonly written: Uploaded[] = [];
  /** By what their metadata say, which copies have as well. */
  private readonly byId = new Map<string, Uploaded[]>();

  constructor(
    private versioning: Versioning,
    private readonly ports: Ports,
  ) {}

  get bucket(): string {
    return this.ports.bucket;
  }

  /** The record of what lies in the bucket. */
  recordOf(version: StoredVersion): Uploaded | undefined {
    const those = this.recordsLike(version);
    if (those.length < 2) return those[0];
    // One that was encrypted anew, and again as it was before, has the ETag of then.
    return those.filter(({ storedId, etag }) => storedId === version.versionId && etag === unquoted(version.etag)).at(-1);
  }

  /** Of the one that was written first, and of its copies, which all have its metadata. */
  recordsLike({ metadata }: StoredVersion): readonly Uploaded[] {
    return this.byId.get(metadata['upload'] ?? '') ?? [];
  }

  /** What the enforcer wrote: it has an event like any other, and is as good, or as bad, as any other. */
  adopt(version: StoredVersion, copyOf: Uploaded): Uploaded {
    const { key, body } = copyOf;
    const { now } = this.ports.clock;
    const as = encryptedAs(version) ?? 'sse-c';
    const { tags, annotations } = version;
    const record = this.record({ key, body, as, kind: kindAs(copyOf.kind, as), version, said: { tags, annotations, at: now }, copyOf });
    this.byId.get(version.metadata['upload'] ?? '')?.push(record);
    this.ports.onWrite(record);
    return record;
  }

  /** Any deed, at any time. */
  act(key: string): void {
    const { random, habit } = this.ports;
    // A copy onto an object becomes another version, or takes its place.
    const setVersioning = habit === 'mended' ? 14 : 4;
    const deed = random.weighted({ put: 72, say: 10, remove: 12, removeVersion: 6, setVersioning, nothing: 6 });
    if (deed === 'put') this.put(key);
    if (deed === 'say') this.say(key);
    if (deed === 'remove') this.changing(key, 'remove', () => this.ports.store.remove(this.bucket, key));
    if (deed === 'removeVersion') this.removeVersion(key);
    if (deed === 'setVersioning') this.setVersioning();
  }

  put(key: string): void {
    const { store, random, clock } = this.ports;
    const id = `${this.written.length + 1}`;
    const kind = this.chooseKind(key);
    const { marked = false, encryptedAs: as }: Kind = KINDS[kind];
    const body = this.chooseBody(key, kind, id);
    const tags: Said['tags'] = random.chance(0.5) ? { team: id } : {};
    // SSE-C objects cannot have any.
    const annotations = as !== 'sse-c' && random.chance(0.1) ? ['summary'] : [];
    const upload = uploadOf(kind, body);
    const object = {
      ...upload,
      metadata: { upload: id, ...upload.metadata },
      tags: marked ? { ...tags, [VIOLATION_TAG]: 'wrong-scheme' } : tags,
      annotations,
      ...(as !== 'sse-c' && random.chance(0.15) && { notCopied: { storageClass: 'STANDARD_IA' } }),
      lastModified: new Date(clock.now),
    };
    this.changing(key, `put ${id} ${kind} "${body}"`, () => {
      const { versionId, etag } = store.put(this.bucket, key, object);
      const version = { versionId: versionId ?? 'null', etag };
      const written = this.record({ key, body, as, kind, version, said: { tags, annotations, at: clock.now } });
      this.byId.set(id, [written]);
      this.ports.onWrite(written);
    });
  }

  private chooseKind(key: string): KindName {
    const { random, habit } = this.ports;
    const last = this.written.filter((each) => each.key === key && each.copyOf === undefined).at(-1);
    // What is large is often written again as a whole: by a backup, by a job that was repeated.
    if (last !== undefined && isLarge(last) && random.chance(0.5)) return last.kind;
    return random.weighted<KindName>(HABITS[habit === 'objects' && isFileKey(key) ? 'files' : habit] as Record<KindName, number>);
  }

  /** The same content again is the hard case: under SSE-S3 it has the same ETag. */
  private chooseBody(key: string, kind: KindName, id: string): string {
    const sort = (name: KindName) => ('large' in KINDS[name] ? 'large' : 'file' in KINDS[name] ? name : 'small');
    const before = this.written.filter((each) => each.key === key && sort(each.kind) === sort(kind)).at(-1);
    return before !== undefined && this.ports.random.chance(isLarge(before) ? 0.65 : 0.3) ? before.body : newBody(kind, id);
  }

  private record(
    given: Pick<Uploaded, 'key' | 'body' | 'kind' | 'copyOf'> & {
      readonly as: EncryptedAs;
      readonly said: Said;
      readonly version: Pick<StoredVersion, 'versionId' | 'etag'>;
    },
  ): Uploaded {
    const { as, said, version, ...record } = given;
    const { now } = this.ports.clock;
    const written: Uploaded = {
      ...record,
      id: `${this.written.length + 1}`,
      storedId: version.versionId,
      versionId: this.versioning === 'never' ? undefined : version.versionId,
      etag: unquoted(version.etag),
      said: [said],
      encrypted: [{ as, since: now }],
      at: now,
      discarded: false,
      covered: false,
    };
    this.written.push(written);
    return written;
  }

  /** New tags, and maybe an annotation, for whatever is newest. What has the violation tag, only the enforcer may tag. */
  private say(key: string): void {
    const { store, random, clock } = this.ports;
    const version = store.versionsOf(this.bucket, key).at(-1);
    const record = version && this.recordOf(version);
    if (version === undefined || record === undefined || VIOLATION_TAG in version.tags) return;
    const at = clock.now;
    const before = record.said.at(-1)?.annotations ?? [];
    const annotations = encryption(record) !== 'sse-c' && random.chance(0.3) ? ['summary'] : before;
    const said = { tags: { team: `${record.id} at ${at}` }, annotations, at };
    this.ports.trace(() => `uploader: ${key} says of ${record.id}: ${JSON.stringify(said)}`);
    store.describe({ bucket: this.bucket, key, versionId: version.versionId }, said);
    record.said.push(said);
  }

  private removeVersion(key: string): void {
    const { store } = this.ports;
    const [version] = store.versionsOf(this.bucket, key);
    if (version === undefined || this.versioning === 'never') return;
    const { bucket } = this;
    this.changing(key, `remove version ${version.versionId.slice(0, 6)}`, () => {
      void store.deleteVersion({ bucket, key, versionId: version.versionId });
    });
  }

  private setVersioning(): void {
    this.versioning = this.versioning === 'enabled' ? 'suspended' : 'enabled';
    this.ports.trace(() => `uploader: versioning ${this.versioning}`);
    this.ports.store.setVersioning(this.bucket, this.versioning);
  }

  private changing(key: string, what: string, act: () => void): void {
    const { store, trace, onChange } = this.ports;
    trace(() => `uploader: ${key} ${what}`);
    const before = [...store.versionsOf(this.bucket, key)];
    act();
    const after = store.versionsOf(this.bucket, key);
    for (const version of before) {
      const record = this.recordOf(version);
      if (record === undefined) continue;
      if (after.includes(version)) record.covered ||= after.at(-1) !== version;
      else record.discarded = true;
    }
    onChange(key);
  }
}
