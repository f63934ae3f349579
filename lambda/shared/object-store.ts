import type { EncryptionFields } from '../../lib/domain/observation';
import type { TargetEncryption } from '../../lib/domain/target-encryption';

/** Names one object, and one version of it where the bucket has versions. */
export interface ObjectVersion {
  readonly bucket: string;
  readonly key: string;
  /** Absent in an unversioned bucket; `null` for a version that was written while versioning was off. */
  readonly versionId?: string | undefined;
}

/** Without an id of its own, a version can be taken by a newer one at any time, and only its ETag tells them apart. */
export function isNullVersion({ versionId }: { readonly versionId?: string | undefined }): boolean {
  return versionId === undefined || versionId === 'null';
}

/** Whether S3 took another version than the null one that was meant: one with an id of its own, which lies on top of it. */
export function isAnotherVersion(meant: ObjectVersion, answer: { readonly versionId?: string | undefined }): boolean {
  return isNullVersion(meant) && !isNullVersion(answer);
}

/** Events give an ETag without the quotes that S3 prints it in. */
export function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}

/** What S3 says of an object without its content. */
export interface ObjectHead {
  readonly encryption: EncryptionFields;
  /** Bytes. */
  readonly size: number;
  /** In quotes, as S3 prints it. */
  readonly etag: string;
  readonly versionId?: string | undefined;
  /** When the object was created; re-keying in place does not change it. */
  readonly lastModified?: Date | undefined;
  /** `REPLICA` of a copy that S3 replicated here. */
  readonly replicationStatus?: string | undefined;
  readonly notCopied?: NotCopied | undefined;
  /** User metadata, names without `x-amz-meta-`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Of the whole content, where S3 states one and was asked. */
  readonly checksum?: Checksum | undefined;
}

/** Undefined where S3 states no checksum of the whole content for both, by the same algorithm. */
export function sameContent({ checksum: a }: ObjectHead, { checksum: b }: ObjectHead): boolean | undefined {
  return a === undefined || b === undefined || a.algorithm !== b.algorithm ? undefined : a.value === b.value;
}

/** What S3 gives a copy only where the request states it. */
export interface NotCopied {
  /** `STANDARD` where it is not stated. */
  readonly storageClass?: string | undefined;
  readonly websiteRedirectLocation?: string | undefined;
}

export interface Checksum {
  /** As S3 names its field, such as `ChecksumCRC64NVME`. */
  readonly algorithm: string;
  readonly value: string;
}

export type HeadAnswer =
  | { readonly status: 'found'; readonly head: ObjectHead }
  /** It does not exist, or a delete marker stands in its place. */
  | { readonly status: 'gone' }
  | { readonly status: 'bad-request' }
  | { readonly status: 'forbidden' };

/** S3 says no, and will say so again. */
export interface Refusal {
  readonly status: 'refused';
  readonly why: string;
}

/** The object is no longer the one that was judged. */
export interface Changed {
  readonly status: 'gone' | 'changed';
}

export type CopyAnswer = { readonly status: 'copied'; readonly versionId: string | undefined } | Changed | Refusal;
export type StartAnswer = { readonly status: 'started'; readonly uploadId: string } | Changed | Refusal;
export type PartAnswer = { readonly status: 'copied'; readonly part: CopiedPart } | UploadGone | Changed | Refusal;
export type DeleteAnswer = { readonly status: 'deleted' } | Changed | Refusal;
export type RekeyAnswer = { readonly status: 'rekeyed' | 'gone' } | Refusal;
export type Tags = Readonly<Record<string, string>>;
/** With the id of the version that S3 took. */
export type TagsAnswer =
  | { readonly status: 'found'; readonly tags: Tags; readonly versionId?: string | undefined }
  | { readonly status: 'gone' }
  | Refusal;
export type TaggingAnswer = { readonly status: 'tagged'; readonly versionId?: string | undefined } | { readonly status: 'gone' } | Refusal;
/** `size`: of the whole object. */
export type ReadAnswer = { readonly status: 'read'; readonly bytes: Uint8Array; readonly size: number } | Changed | Refusal;
export type AnnotationsAnswer = { readonly status: 'none' | 'some' } | Changed | Refusal;
export type CompleteAnswer =
  | { readonly status: 'copied'; readonly versionId: string | undefined }
  | UploadGone
  /** What lies there does not meet the condition. */
  | { readonly status: 'changed' }
  /** A part was copied again since it was named, and is another by now. */
  | { readonly status: 'part-changed' };

/** Somebody completed it, or gave it up. */
export interface UploadGone {
  readonly status: 'upload-gone';
}

/** One part of a multipart copy. */
export interface CopiedPart {
  readonly number: number;
  readonly etag: string;
}

/** A part that is to be copied; both ends belong to it. */
export interface PartRange {
  readonly number: number;
  readonly first: number;
  readonly last: number;
}

/** A multipart copy under way. */
export interface MultipartCopy {
  readonly target: { readonly bucket: string; readonly key: string };
  readonly uploadId: string;
}

export interface CopyTarget {
  readonly bucket: string;
  readonly key: string;
  readonly kmsKeyArn: string;
}

/** The place of a copy that has to be encrypted as required there. */
export interface EncryptedTarget {
  readonly bucket: string;
  readonly key: string;
  readonly encryption: TargetEncryption;
  readonly notCopied?: NotCopied | undefined;
  /** In place of those of the source. */
  readonly tags?: Tags | undefined;
}

/** What the current object under the key of a copy has to be when the copy arrives. A delete marker is no object. */
export type TargetCondition =
  /** Has this ETag. */
  | { readonly ifMatch: string }
  /** There is none. */
  | { readonly ifNoneMatch: true };

/**
 * What the enforcer asks of S3. Answers that decide what happens next are values; whatever may pass by itself
 * (throttling, outages, expired credentials) is a RetryableError.
 */
export interface ObjectStore {
  head(object: ObjectVersion): Promise<HeadAnswer>;
  /** HEAD with a customer-provided key that no object is encrypted under. */
  headWithThrowAwayKey(object: ObjectVersion): Promise<HeadAnswer>;
  /** The first bytes of an object, fewer where it is smaller; while its ETag is `etag`, if one is given. That needs leave to decrypt. */
  readStart(object: ObjectVersion, bytes: number, etag?: string): Promise<ReadAnswer>;
  /** Copies that version with its metadata, tags and annotations, while its ETag is `etag`. */
  copy(source: ObjectVersion, etag: string, target: CopyTarget): Promise<CopyAnswer>;
  /**
   * The same to any place, while what is there meets the condition, or whatever is there. `changed` and `gone` may mean either: the source, or what was to be there.
   * Where the place is that of the source, the copy lies on top of it, or replaces it if the bucket has no versions.
   */
  copyAs(source: ObjectVersion, etag: string, target: EncryptedTarget, condition?: TargetCondition): Promise<CopyAnswer>;
  /** The same as `head()`, with the checksum; that needs leave to decrypt. */
  headWithChecksum(object: ObjectVersion): Promise<HeadAnswer>;
  /** Begins a copy in parts, with metadata and tags, while the ETag is `etag`. Annotations do not come along. */
  startCopy(source: ObjectVersion, etag: string, target: CopyTarget | EncryptedTarget): Promise<StartAnswer>;
  /** A copy in parts to this target that was begun, and neither completed nor given up. */
  findCopy(target: CopyTarget): Promise<MultipartCopy | undefined>;
  copiedParts(copy: MultipartCopy): Promise<readonly CopiedPart[] | undefined>;
  copyPart(source: ObjectVersion, etag: string, copy: MultipartCopy, range: PartRange, abort: AbortSignal): Promise<PartAnswer>;
  /** The copy is there at once, if what was there meets the condition, or whatever was there. */
  completeCopy(copy: MultipartCopy, parts: readonly CopiedPart[], abort: AbortSignal, condition?: TargetCondition): Promise<CompleteAnswer>;
  abandonCopy(copy: MultipartCopy): Promise<void>;
  /** Removes that version for good. */
  deleteVersion(object: ObjectVersion & { readonly versionId: string }): Promise<DeleteAnswer>;
  /** Deletes the current object, while its ETag is `etag`. Where versioning is on, that only lays a delete marker on top. */
  deleteCurrent(object: ObjectVersion, etag: string): Promise<DeleteAnswer>;
  /**
   * Encrypts that version anew in place, with SSE-KMS and an S3 Bucket Key, by UpdateObjectEncryption: its content, ETag and date stay. S3 has no
   * condition for it.
   */
  rekey(object: ObjectVersion & { readonly versionId: string }, kmsKeyArn: string): Promise<RekeyAnswer>;
  annotations(object: ObjectVersion): Promise<AnnotationsAnswer>;
  tags(object: ObjectVersion): Promise<TagsAnswer>;
  replaceTags(object: ObjectVersion, tags: Tags): Promise<TaggingAnswer>;
  putDocument(target: CopyTarget, body: string): Promise<void>;
  /** Undefined where there is none. */
  readDocument(bucket: string, key: string): Promise<string | undefined>;
}
