import { createHash } from 'node:crypto';
import type {
  AnnotationsAnswer,
  Changed,
  CopiedPart,
  CopyAnswer,
  CopyTarget,
  DeleteAnswer,
  EncryptedTarget,
  HeadAnswer,
  MultipartCopy,
  ObjectStore,
  ObjectVersion,
  PartRange,
  ReadAnswer,
  Refusal,
  RekeyAnswer,
  TaggingAnswer,
  Tags,
  TagsAnswer,
  TargetCondition,
} from '../../lambda/shared/object-store';
import type { EncryptionFields } from '../../lib/domain/observation';
import type { TargetEncryption } from '../../lib/domain/target-encryption';
import { InMemoryBuckets, type StoredVersion, type Upload } from './in-memory-buckets';
import { InMemoryMultipart } from './in-memory-multipart';

export type { StoredVersion, Upload, Versioning } from './in-memory-buckets';

const MAX_COPY_BYTES = 5 * 1024 ** 3;
const GONE = { status: 'gone' } as const;

/** The part of Amazon S3 that the enforcer meets. Held to the same contract as `S3ObjectStore`: see object-store-contract.ts. */
export class InMemoryObjectStore extends InMemoryBuckets implements ObjectStore {
  readonly multipart = new InMemoryMultipart(({ bucket, key }, upload) => this.put(bucket, key, upload).versionId);

  async head(object: ObjectVersion): Promise<HeadAnswer> {
    return this.answerHead(object, 'bad-request', undefined);
  }

  async headWithChecksum(object: ObjectVersion): Promise<HeadAnswer> {
    const answer = await this.head(object);
    const version = this.findExisting(object);
    if (answer.status !== 'found' || version === undefined) return answer;
    const value = createHash('sha1').update(version.body).digest('base64');
    return { status: 'found', head: { ...answer.head, checksum: { algorithm: 'ChecksumSHA1', value } } };
  }

  async headWithThrowAwayKey(object: ObjectVersion): Promise<HeadAnswer> {
    return this.answerHead(object, 'forbidden', 'bad-request');
  }

  async readStart(object: ObjectVersion, bytes: number, etag?: string): Promise<ReadAnswer> {
    const version = this.findExisting(object);
    if (version === undefined) return GONE;
    if (isSseC(version)) return refused('InvalidRequest: the object was stored using a form of Server Side Encryption');
    if (version.refuses.read !== undefined) return refused(version.refuses.read);
    if (etag !== undefined && !sameEtag(version.etag, etag)) return { status: 'changed' };
    return { status: 'read', bytes: version.bytes.subarray(0, bytes), size: version.size };
  }

  async copy(source: ObjectVersion, etag: string, { bucket, key, kmsKeyArn }: CopyTarget): Promise<CopyAnswer> {
    return this.copyTo(source, etag, { bucket, key, encryption: { scheme: 'SSE-KMS', keyArn: kmsKeyArn } });
  }

  async copyAs(source: ObjectVersion, etag: string, target: EncryptedTarget, condition?: TargetCondition): Promise<CopyAnswer> {
    return this.copyTo(source, etag, target, condition);
  }

  private copyTo(source: ObjectVersion, etag: string, target: EncryptedTarget, condition?: TargetCondition): CopyAnswer {
    this.bucket(target.bucket);
    this.bucket(source.bucket);
    const original = this.copyable(source, etag);
    if ('status' in original) return original;
    if (original.size > MAX_COPY_BYTES) return refused('InvalidRequest: the specified copy source is larger than 5368709120 bytes');
    const inTheWay = condition && this.inTheWay(target, condition);
    if (inTheWay !== undefined) return inTheWay;
    const { body, bytes, size, metadata, annotations } = original;
    const encryption = fieldsOf(target.encryption);
    const { notCopied = {}, tags = original.tags } = target;
    const { versionId } = this.put(target.bucket, target.key, { encryption, body, bytes, size, metadata, tags, annotations, notCopied });
    return { status: 'copied', versionId };
  }

  async startCopy(source: ObjectVersion, etag: string, target: CopyTarget | EncryptedTarget) {
    const original = this.copyable(source, etag);
    if ('status' in original) return original;
    const stated = 'encryption' in target ? target : { encryption: { scheme: 'SSE-KMS' as const, keyArn: target.kmsKeyArn } };
    const { notCopied = {}, tags = original.tags } = stated as Partial<EncryptedTarget>;
    return this.multipart.start(target, { encryption: fieldsOf(stated.encryption), metadata: original.metadata, notCopied, tags });
  }

  async findCopy(target: CopyTarget) {
    return this.multipart.find(target);
  }

  async copiedParts(copy: MultipartCopy) {
    return this.multipart.parts(copy);
  }

  async copyPart(source: ObjectVersion, etag: string, copy: MultipartCopy, range: PartRange) {
    const original = this.copyable(source, etag);
    return 'status' in original ? original : this.multipart.copyPart(original, copy, range);
  }

  async completeCopy(copy: MultipartCopy, parts: readonly CopiedPart[], _abort?: AbortSignal, condition?: TargetCondition) {
    const isInTheWay = this.multipart.has(copy) && condition !== undefined && this.inTheWay(copy.target, condition) !== undefined;
    return isInTheWay ? ({ status: 'changed' } as const) : this.multipart.complete(copy, parts);
  }

  async abandonCopy(copy: MultipartCopy) {
    this.multipart.abandon(copy);
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

  async rekey(object: ObjectVersion & { readonly versionId: string }, keyArn: string): Promise<RekeyAnswer> {
    const version = this.findExisting(object);
    if (version === undefined) return GONE;
    const { ServerSideEncryption: scheme } = version.encryption;
    if (scheme !== 'AES256' && scheme !== 'aws:kms') return refused('InvalidRequest: only SSE-S3 and SSE-KMS are supported');
    if (version.refuses.rekey !== undefined) return refused(version.refuses.rekey);
    const versions = this.versionsOf(object.bucket, object.key);
    versions[versions.indexOf(version)] = { ...version, encryption: fieldsOf({ scheme: 'SSE-KMS', keyArn }) };
    return { status: 'rekeyed' };
  }

  async annotations(object: ObjectVersion): Promise<AnnotationsAnswer> {
    const version = this.findExisting(object);
    if (version === undefined) return GONE;
    return { status: version.annotations.length > 0 ? 'some' : 'none' };
  }

  async tags(object: ObjectVersion): Promise<TagsAnswer> {
    const version = this.findExisting(object);
    if (version === undefined) return GONE;
    if (version.refuses.tags !== undefined) return refused(version.refuses.tags);
    return { status: 'found', tags: version.tags, versionId: this.toldId(version, object) };
  }

  async replaceTags(object: ObjectVersion, tags: Tags): Promise<TaggingAnswer> {
    const version = this.findExisting(object);
    if (version === undefined) return GONE;
    if (version.refuses.tags !== undefined) return refused(version.refuses.tags);
    if (Object.keys(tags).length > 10) return refused('BadRequest: Object tags cannot be greater than 10');
    const versions = this.versionsOf(object.bucket, object.key);
    versions[versions.indexOf(version)] = { ...version, tags: { ...tags } };
    return { status: 'tagged', versionId: this.toldId(version, object) };
  }

  async putDocument(target: CopyTarget, body: string): Promise<void> {
    this.put(target.bucket, target.key, { ...underKey(target), body });
  }

  async readDocument(bucket: string, key: string): Promise<string | undefined> {
    this.bucket(bucket);
    return this.findExisting({ bucket, key })?.body;
  }

  private copyable(source: ObjectVersion, etag: string): StoredVersion | Changed | Refusal {
    const original = this.find(source);
    if (original === undefined || original.deleteMarker) return GONE;
    if (isSseC(original)) return refused('InvalidRequest: the object was stored using a form of Server Side Encryption');
    if (original.refuses.copy !== undefined) return refused(original.refuses.copy);
    return sameEtag(original.etag, etag) ? original : { status: 'changed' };
  }

  private inTheWay({ bucket, key }: MultipartCopy['target'], condition: TargetCondition): Changed | undefined {
    const current = this.findExisting({ bucket, key });
    if ('ifNoneMatch' in condition) return current && { status: 'changed' };
    if (current === undefined) return GONE;
    return sameEtag(current.etag, condition.ifMatch) ? undefined : { status: 'changed' };
  }

  private answerHead(object: ObjectVersion, toSseC: 'bad-request' | 'forbidden', toOthers: 'bad-request' | undefined): HeadAnswer {
    const version = this.findExisting(object);
    if (version === undefined) return GONE;
    if (isSseC(version)) return { status: toSseC };
    if (toOthers !== undefined) return { status: toOthers };
    const { size, etag, encryption, notCopied, metadata } = version;
    // Whole seconds.
    const lastModified = new Date(Math.floor(version.lastModified.getTime() / 1000) * 1000);
    return {
      status: 'found',
      head: { encryption, size, etag, versionId: this.toldId(version, object), lastModified, notCopied, metadata },
    };
  }

  private toldId({ versionId }: StoredVersion, { bucket }: ObjectVersion): string | undefined {
    return this.bucket(bucket).versioning === 'never' ? undefined : versionId;
  }
}

function underKey({ kmsKeyArn }: CopyTarget): Upload {
  return { encryption: fieldsOf({ scheme: 'SSE-KMS', keyArn: kmsKeyArn }) };
}

function fieldsOf(encryption: TargetEncryption): EncryptionFields {
  if (encryption.scheme === 'SSE-S3') return { ServerSideEncryption: 'AES256' };
  return { ServerSideEncryption: encryption.scheme === 'SSE-KMS' ? 'aws:kms' : 'aws:kms:dsse', SSEKMSKeyId: encryption.keyArn };
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
