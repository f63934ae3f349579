import type { NotCopied, ObjectStore, ObjectVersion, Tags } from '../../lambda/shared/object-store';
import type { Versioning } from './in-memory-object-store';

export interface ContractUpload {
  readonly body: string;
  readonly encryption?: 'SSE-S3' | 'SSE-KMS' | 'SSE-C';
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Tags;
  readonly notCopied?: NotCopied;
}

export interface Content {
  readonly body: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Tags;
}

/** What the contract needs besides the store: an uploader, and a look at what is there. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** The key of `SSE-KMS` uploads and of copies. */
  readonly kmsKeyArn: string;
  createBucket(versioning: Versioning): Promise<string>;
  setVersioning(bucket: string, versioning: 'enabled' | 'suspended'): Promise<void>;
  /** Returns the ETag in quotes. */
  put(bucket: string, key: string, upload: ContractUpload): Promise<{ versionId: string | undefined; etag: string }>;
  /** Deletes without a version id; the id of the delete marker, if one was laid. */
  remove(bucket: string, key: string): Promise<string | undefined>;
  content(object: ObjectVersion): Promise<Content>;
  /** Version ids of what is there under a key, delete markers left out. */
  versionIds(bucket: string, key: string): Promise<string[]>;
}

export type ContractCase = readonly [name: string, run: (under: StoreUnderTest) => Promise<void>];

export const KEY = 'folder/object.txt';
export const A_VERSION = { body: 'content', metadata: { origin: 'test' }, tags: { team: 'blue' } } as const;

export async function given(under: StoreUnderTest, versioning: Versioning, uploaded: ContractUpload = A_VERSION) {
  const bucket = await under.createBucket(versioning);
  return { bucket, key: KEY, ...(await under.put(bucket, KEY, uploaded)) };
}

export async function targetIn(under: StoreUnderTest, key = 'objects/copy') {
  return { bucket: await under.createBucket('enabled'), key, kmsKeyArn: under.kmsKeyArn };
}
