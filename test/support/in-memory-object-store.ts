import { createHash } from 'node:crypto';
import { RetryableError } from '../../lambda/shared/errors';
import type {
  CopyAnswer,
  CopyTarget,
  DeleteAnswer,
  HeadAnswer,
  ObjectStore,
  ObjectVersion,
  TaggingAnswer,
  Tags,
  TagsAnswer,
} from '../../lambda/shared/object-store';
import type { EncryptionFields } from '../../lib/domain/observation';

/** `never`: versioning was not switched on yet. It can be suspended later, but never taken back. */
export type Versioning = 'never' | 'enabled' | 'suspended';

export interface Upload {
  readonly body?: string;
  /** Said to be this large, whatever the body. */
  readonly size?: number;
  readonly encryption?: EncryptionFields;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Tags;
  /** When it was created. */
  readonly lastModified?: Date;
  /** Error codes with which S3 refuses this version: archived, locked, under a key that the caller may not use. */
  readonly refuses?: { readonly copy?: string; readonly delete?: string; readonly tags?: string };
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
const MAX_COPY_BYTES = 5 * 1024 ** 3;
const GONE = { status: 'gone' } as const;

/** The part of Amazon S3 that the enforcer meets. Held to the same contract as `S3ObjectStore`: see object-store-contract.ts. */
export class InMemoryObjectStore implements ObjectStore {
  private readonly buckets = new Map<string, Bucket>();
  private serial = 0;

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
      lastModified = CREATED,
      refuses = {},
    } = upload;
    const size = upload.size ?? Buffer.byteLength(body);
    const etagNow = this.etagOf(body, encryption);
    const version = { body, size, encryption, metadata, tags, lastModified, refuses, etag: etagNow, deleteMarker: false };
    const { versionId, etag } = this.add(bucket, key, version);
    return { versionId: this.bucket(bucket).versioning === 'never' ? undefined : versionId, etag };
  }

  /** What anyone does who deletes without a version id. */
  remove(bucket: string, key: string): string | undefined {
    if (this.bucket(bucket).versioning === 'never') this.versionsOf(bucket, key).pop();
    else return this.add(bucket, key, { ...NOTHING, deleteMarker: true }).versionId;
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

  async head(object: ObjectVersion): Promise<HeadAnswer> {
    return this.answerHead(object, 'bad-request', undefined);
  }

  async headWithThrowAwayKey(object: ObjectVersion): Promise<HeadAnswer> {
    return this.answerHead(object, 'forbidden', 'bad-request');
  }

  async copy(source: ObjectVersion, etag: string, target: CopyTarget): Promise<CopyAnswer> {
    this.bucket(target.bucket);
    this.bucket(source.bucket);
    const original = this.find(source);
    if (original === undefined || original.deleteMarker) return GONE;
    if (isSseC(original)) return refused('InvalidRequest: the object was stored using a form of Server Side Encryption');
    if (original.refuses.copy !== undefined) return refused(original.refuses.copy);
    if (!sameEtag(original.etag, etag)) return { status: 'changed' };
    if (original.size > MAX_COPY_BYTES) return refused('InvalidRequest: the specified copy source is larger than 5368709120 bytes');
    const { body, size, metadata, tags } = original;
    return {
      status: 'copied',
      versionId: this.put(target.bucket, target.key, { ...underKey(target), body, size, metadata, tags }).versionId,
    };
  }

  async deleteVersion(object: ObjectVersion & { readonly versionId: string }): Promise<DeleteAnswer> {
    const version = this.find(object);
    if (version?.refuses.delete !== undefined) return refused(version.refuses.delete);
    this.drop(object.bucket, object.key, object.versionId);
    return { status: 'deleted' };
  }

  async deleteCurrent({ bucket, key }: ObjectVersion, etag: string): Promise<DeleteAnswer> {
    const current = this.find({ bucket, key });
    if (current === undefined || current.deleteMarker) return GONE;
    if (!sameEtag(current.etag, etag)) return { status: 'changed' };
    if (current.refuses.delete !== undefined) return refused(current.refuses.delete);
    this.remove(bucket, key);
    return { status: 'deleted' };
  }

  async tags(object: ObjectVersion): Promise<TagsAnswer> {
    const version = this.findExisting(object);
    if (version === undefined) return GONE;
    return version.refuses.tags === undefined ? { status: 'found', tags: version.tags } : refused(version.refuses.tags);
  }

  async replaceTags(object: ObjectVersion, tags: Tags): Promise<TaggingAnswer> {
    const version = this.findExisting(object);
    if (version === undefined) return GONE;
    if (version.refuses.tags !== undefined) return refused(version.refuses.tags);
    if (Object.keys(tags).length > 10) return refused('BadRequest: Object tags cannot be greater than 10');
    const versions = this.versionsOf(object.bucket, object.key);
    versions[versions.indexOf(version)] = { ...version, tags: { ...tags } };
    return { status: 'tagged' };
  }

  async putDocument(target: CopyTarget, body: string): Promise<void> {
    this.put(target.bucket, target.key, { ...underKey(target), body });
  }

  async readDocument(bucket: string, key: string): Promise<string | undefined> {
    this.bucket(bucket);
    return this.findExisting({ bucket, key })?.body;
  }

  private answerHead(object: ObjectVersion, toSseC: 'bad-request' | 'forbidden', toOthers: 'bad-request' | undefined): HeadAnswer {
    const version = this.findExisting(object);
    if (version === undefined) return GONE;
    if (isSseC(version)) return { status: toSseC };
    if (toOthers !== undefined) return { status: toOthers };
    const { size, etag, encryption, lastModified } = version;
    const versionId = this.bucket(object.bucket).versioning === 'never' ? undefined : version.versionId;
    return { status: 'found', head: { encryption, size, etag, versionId, lastModified } };
  }

  private add(bucket: string, key: string, version: Omit<StoredVersion, 'versionId'>): StoredVersion {
    const versionId = this.bucket(bucket).versioning === 'enabled' ? this.unique('version').slice(0, 32) : 'null';
    if (versionId === 'null') this.drop(bucket, key, 'null');
    const added = { ...version, versionId };
    this.versionsOf(bucket, key).push(added);
    return added;
  }

  private drop(bucket: string, key: string, versionId: string): void {
    const versions = this.versionsOf(bucket, key);
    const at = versions.findIndex((version) => version.versionId === versionId);
    if (at >= 0) versions.splice(at, 1);
  }

  private findExisting(object: ObjectVersion): StoredVersion | undefined {
    const version = this.find(object);
    return version?.deleteMarker ? undefined : version;
  }

  private find({ bucket, key, versionId }: ObjectVersion): StoredVersion | undefined {
    const versions = this.buckets.get(bucket)?.versions.get(key) ?? [];
    return versionId === undefined ? versions.at(-1) : versions.find((version) => version.versionId === versionId);
  }

  private bucket(name: string): Bucket {
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

const NOTHING = { body: '', size: 0, encryption: {}, metadata: {}, tags: {}, lastModified: CREATED, refuses: {}, etag: '' } as const;

function underKey({ kmsKeyArn }: CopyTarget): Upload {
  return { encryption: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn } };
}

function isSseC({ encryption }: StoredVersion): boolean {
  return encryption.SSECustomerAlgorithm !== undefined;
}

function sameEtag(a: string, b: string): boolean {
  return a.replaceAll('"', '') === b.replaceAll('"', '');
}

function refused(why: string) {
  return { status: 'refused', why } as const;
}
