import { VIOLATION_TAG } from '../../lib/domain/contract';
import type { EncryptionFields } from '../../lib/domain/observation';
import { V3 } from '../domain/client-side/sample-objects';
import type { VirtualClock } from './fault-clock';
import type { Random } from './fault-random';
import type { InMemoryObjectStore, StoredVersion, Upload, Versioning } from './in-memory-object-store';
import { OTHER_KEY, REQUIRED_KEY } from './lambda-enforcer-world';

const GIB = 1024 ** 3;

/** Which encryption the rules of a schedule accept. Written down here, not asked of the code under test. */
export type Accepted = 'kms' | 's3' | 'client-side';

interface Kind {
  readonly encryptedAs: 'kms' | 's3' | 'other-key' | 'sse-c';
  readonly large?: boolean;
  /** With the envelope of a client in its metadata. */
  readonly sealed?: boolean;
  readonly refuses?: Upload['refuses'];
}

export const KINDS = {
  kms: { encryptedAs: 'kms' },
  s3: { encryptedAs: 's3' },
  sealed: { encryptedAs: 's3', sealed: true },
  'other-key': { encryptedAs: 'other-key' },
  'sse-c': { encryptedAs: 'sse-c' },
  'large-s3': { encryptedAs: 's3', large: true },
  'large-kms': { encryptedAs: 'kms', large: true },
  'large-other-key': { encryptedAs: 'other-key', large: true },
  locked: { encryptedAs: 's3', refuses: { delete: 'AccessDenied: Object Lock' } },
  archived: { encryptedAs: 's3', refuses: { copy: 'InvalidObjectState: archived' } },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

/** What people write, in most buckets and in those for large objects. */
export const HABITS = {
  usual: {
    kms: 25,
    s3: 30,
    sealed: 8,
    'other-key': 15,
    'sse-c': 6,
    'large-s3': 3,
    'large-kms': 1,
    'large-other-key': 3,
    locked: 3,
    archived: 3,
  },
  large: {
    kms: 20,
    s3: 10,
    sealed: 3,
    'other-key': 5,
    'sse-c': 5,
    'large-s3': 30,
    'large-kms': 5,
    'large-other-key': 30,
    locked: 1,
    archived: 1,
  },
} as const satisfies Record<string, Readonly<Record<KindName, number>>>;

const FIELDS: Readonly<Record<Kind['encryptedAs'], EncryptionFields>> = {
  kms: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: REQUIRED_KEY },
  s3: { ServerSideEncryption: 'AES256' },
  'other-key': { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: OTHER_KEY },
  'sse-c': { SSECustomerAlgorithm: 'AES256' },
};

/** What a writer says of an object, at first or later, all of it each time. */
export interface Said {
  readonly tags: Readonly<Record<string, string>>;
  readonly annotations: readonly string[];
  readonly at: number;
}

/** One object version that was written, and what its writer did to it since. What the enforcer did is not told here. */
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
  readonly at: number;
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

export function complies({ kind }: Uploaded, accepted: Accepted): boolean {
  return accepted === 'client-side' ? 'sealed' in KINDS[kind] : KINDS[kind].encryptedAs === accepted;
}

/** Someone who writes to a guarded bucket, keeps a record of it, and knows nothing of the enforcer. */
export class Uploader {
  readonly written: Uploaded[] = [];
  private readonly byId = new Map<string, Uploaded>();

  constructor(
    private readonly store: InMemoryObjectStore,
    readonly bucket: string,
    private versioning: Versioning,
    private readonly clock: VirtualClock,
    private readonly random: Random,
    private readonly habit: keyof typeof HABITS,
    private readonly onWrite: (object: Uploaded) => void,
    private readonly trace: (text: () => string) => void,
  ) {}

  /** The record of what lies somewhere. */
  recordOf(version: StoredVersion): Uploaded | undefined {
    return this.byId.get(version.metadata['upload'] ?? '');
  }

  /** Any deed, at any time. */
  act(key: string): void {
    const deed = this.random.weighted({ put: 72, say: 10, remove: 12, removeVersion: 6, setVersioning: 4, nothing: 6 });
    if (deed === 'put') this.put(key);
    if (deed === 'say') this.say(key);
    if (deed === 'remove') this.changing(key, 'remove', () => this.store.remove(this.bucket, key));
    if (deed === 'removeVersion') this.removeVersion(key);
    if (deed === 'setVersioning') this.setVersioning();
  }

  put(key: string): void {
    const id = `${this.written.length + 1}`;
    const last = this.written.filter((each) => each.key === key).at(-1);
    // What is large is often written again as a whole: by a backup, by a job that was repeated.
    const isAgain = last !== undefined && isLarge(last) && this.random.chance(0.5);
    const kind = isAgain ? last.kind : this.random.weighted<KindName>(HABITS[this.habit]);
    const { encryptedAs, large = false, sealed = false, refuses }: Kind = KINDS[kind];
    // The same content again is the hard case: under SSE-S3 it has the same ETag.
    const before = this.written.filter((each) => each.key === key && isLarge(each) === large).at(-1);
    const body = before !== undefined && (isAgain || this.random.chance(0.3)) ? before.body : `content ${id}`;
    const tags: Said['tags'] = this.random.chance(0.5) ? { team: id } : {};
    // SSE-C objects cannot have any.
    const annotations = encryptedAs !== 'sse-c' && this.random.chance(0.1) ? ['summary'] : [];
    const object = {
      body,
      encryption: FIELDS[encryptedAs],
      metadata: { upload: id, ...(sealed && V3.metadata) },
      tags,
      annotations,
      lastModified: new Date(this.clock.now),
      // As long as it is the same content, it is as large.
      ...(large && { size: 5 * GIB + 1 + Number(body.slice('content '.length)) * 1_000_003 }),
      ...(sealed && { size: V3.size }),
      ...(refuses && { refuses }),
    };
    this.changing(key, `put ${id} ${kind} "${body}"`, () => {
      const { versionId, etag } = this.store.put(this.bucket, key, object);
      const storedId = versionId ?? 'null';
      const at = this.clock.now;
      const written: Uploaded = {
        id,
        key,
        kind,
        body,
        storedId,
        versionId,
        etag: etag.replaceAll('"', ''),
        said: [{ tags, annotations, at }],
        at,
        discarded: false,
        covered: false,
      };
      this.written.push(written);
      this.byId.set(id, written);
      this.onWrite(written);
    });
  }

  /** New tags, and maybe an annotation, for whatever is newest. What has the violation tag, only the enforcer may tag. */
  private say(key: string): void {
    const version = this.store.versionsOf(this.bucket, key).at(-1);
    const record = version && this.recordOf(version);
    if (version === undefined || record === undefined || VIOLATION_TAG in version.tags) return;
    const at = this.clock.now;
    const before = record.said.at(-1)?.annotations ?? [];
    const annotations = KINDS[record.kind].encryptedAs !== 'sse-c' && this.random.chance(0.3) ? ['summary'] : before;
    const said = { tags: { team: `${record.id} at ${at}` }, annotations, at };
    this.trace(() => `uploader: ${key} says of ${record.id}: ${JSON.stringify(said)}`);
    this.store.describe({ bucket: this.bucket, key, versionId: version.versionId }, said);
    record.said.push(said);
  }

  private removeVersion(key: string): void {
    const [version] = this.store.versionsOf(this.bucket, key);
    if (version === undefined || this.versioning === 'never') return;
    const { bucket } = this;
    this.changing(key, `remove version ${version.versionId.slice(0, 6)}`, () => {
      void this.store.deleteVersion({ bucket, key, versionId: version.versionId });
    });
  }

  private setVersioning(): void {
    this.versioning = this.versioning === 'enabled' ? 'suspended' : 'enabled';
    this.trace(() => `uploader: versioning ${this.versioning}`);
    this.store.setVersioning(this.bucket, this.versioning);
  }

  private changing(key: string, what: string, act: () => void): void {
    this.trace(() => `uploader: ${key} ${what}`);
    const before = [...this.store.versionsOf(this.bucket, key)];
    act();
    const after = this.store.versionsOf(this.bucket, key);
    for (const version of before) {
      const record = this.recordOf(version);
      if (record === undefined) continue;
      if (after.includes(version)) record.covered ||= after.at(-1) !== version;
      else record.discarded = true;
    }
  }
}
