import { createHash } from 'node:crypto';
import { RetryableError } from '../../lambda/shared/errors';
import type { NotCopied, ObjectVersion, Tags } from '../../lambda/shared/object-store';
import type { EncryptionFields } from '../../lib/domain/observation';

/** `never`: versioning was not switched on yet. It can be suspended later, but never taken back. */
export type Versioning = 'never' | 'enabled' | 'suspended';

export interface Upload {
  readonly body?: string;
  /** Its content, where that is no text; then the body is but a name for it. */
  readonly bytes?: Buffer;
  /** Said to be this large, whatever the body. */
  readonly size?: number;
  readonly encryption?: EncryptionFields;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Tags;
  /** Names; their content does not matter here. */
  readonly annotations?: readonly string[];
  readonly notCopied?: NotCopied;
  /** When it was created. */
  readonly lastModified?: Date;
  /** Error codes with which S3 refuses this version: archived, locked, under a key that the caller may not use. */
  readonly refuses?: {
    readonly read?: string;
    readonly copy?: string;
    readonly delete?: string;
    readonly tags?: string;
    readonly rekey?: string;
  };
}

export interface StoredVersion extends Required<Upload> {
  readonly versionId: string;
  /** In quotes. */
  readonly etag: string;
  readonly deleteMarker: boolean;
}

interface Bucket {
  versioning: Versioning;
  /** Oldest first. */
  readonly versions: Map<string, StoredVersion[]>;
}

/** Of whatever is not said to be older or newer. */
const CREATED = new Date('2026-11-12T09:59:00Z');

/** Buckets and their versions, as whoever uploads and looks meets them. */
export class InMemoryBuckets {
  private readonly buckets = new Map<string, Bucket>();
  private serial = 0;
  /** What is written without a date of its own has this one. */
  now = () => CREATED;

  createBucket(name: string, versioning: Versioning): void {
    this.buckets.set(name, { versioning, versions: new Map() });
  }

  setVersioning(name: string, versioning: 'enabled' | 'suspended'): void {
    this.bucket(name).versioning = versioning;
  }

  /** What an uploader does. */
  put(bucket: string, key: string, upload: Upload): { versionId: string | undefined; etag: string } {
    const {
      body = '',
      encryption = { ServerSideEncryption: 'AES256' },
      metadata = {},
      tags = {},
      annotations = [],
      notCopied = {},
      lastModified = this.now(),
      refuses = {},
    } = upload;
    const bytes = upload.bytes ?? Buffer.from(body);
    const size = upload.size ?? bytes.length;
    const etagNow = this.etagOf(body, encryption);
    const described = { metadata, tags, annotations, notCopied, lastModified };
    const version = { body, bytes, size, encryption, ...described, refuses, etag: etagNow, deleteMarker: false };
    const { versionId, etag } = this.add(bucket, key, version);
    return { versionId: this.bucket(bucket).versioning === 'never' ? undefined : versionId, etag };
  }

  /** What anyone may do to a version later: its ETag and its date stay. */
  describe(object: ObjectVersion, { tags, annotations }: Required<Pick<Upload, 'tags' | 'annotations'>>): void {
    const version = this.findExisting(object);
    const versions = this.versionsOf(object.bucket, object.key);
    if (version !== undefined) versions[versions.indexOf(version)] = { ...version, tags, annotations };
  }

  /** What anyone does who deletes without a version id. */
  remove(bucket: string, key: string): string | undefined {
    if (this.bucket(bucket).versioning === 'never') this.versionsOf(bucket, key).pop();
    else return this.add(bucket, key, { ...NOTHING, lastModified: this.now(), deleteMarker: true }).versionId;
    return undefined;
  }

  /** Objects and delete markers, oldest first. */
  versionsOf(bucket: string, key: string): StoredVersion[] {
    const { versions } = this.bucket(bucket);
    const those = versions.get(key) ?? [];
    versions.set(key, those);
    return those;
  }

  keysOf(bucket: string): string[] {
    return [...this.bucket(bucket).versions].filter(([, versions]) => versions.length > 0).map(([key]) => key);
  }

  private add(bucket: string, key: string, version: Omit<StoredVersion, 'versionId'>): StoredVersion {
    const versionId = this.bucket(bucket).versioning === 'enabled' ? this.unique('version').slice(0, 32) : 'null';
    if (versionId === 'null') this.drop(bucket, key, 'null');
    const added = { ...version, versionId };
    this.versionsOf(bucket, key).push(added);
    return added;
  }

  protected drop(bucket: string, key: string, versionId: string): void {
    const versions = this.versionsOf(bucket, key);
    const at = versions.findIndex((version) => version.versionId === versionId);
    if (at >= 0) versions.splice(at, 1);
  }

  protected findExisting(object: ObjectVersion): StoredVersion | undefined {
    const version = this.find(object);
    return version?.deleteMarker ? undefined : version;
  }

  protected find({ bucket, key, versionId }: ObjectVersion): StoredVersion | undefined {
    const versions = this.buckets.get(bucket)?.versions.get(key) ?? [];
    return versionId === undefined ? versions.at(-1) : versions.find((version) => version.versionId === versionId);
  }

  protected bucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw new RetryableError(`S3 answered 404: NoSuchBucket: ${name}`);
    return bucket;
  }

  /** The MD5 of the content only where S3 holds the key; otherwise two objects with the same content differ. */
  private etagOf(body: string, { ServerSideEncryption }: EncryptionFields): string {
    return `"${ServerSideEncryption === 'AES256' ? createHash('md5').update(body).digest('hex') : this.unique('etag').slice(0, 32)}"`;
  }

  private unique(purpose: string): string {
    this.serial += 1;
    return createHash('sha256').update(`${purpose}-${this.serial}`).digest('hex');
  }
}

const NOTHING = {
  body: '',
  bytes: Buffer.alloc(0),
  size: 0,
  encryption: {},
  metadata: {},
  tags: {},
  annotations: [],
  notCopied: {},
  lastModified: CREATED,
  refuses: {},
  etag: '',
} as const;
