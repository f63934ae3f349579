import type { EncryptionFields } from '../../lib/domain/observation';
import { CONTENT_OF_V3, V2, V3, WRAPPED_KEY_OF_V3 } from '../domain/client-side/sample-objects';
import type { Upload } from './in-memory-object-store';
import { OTHER_KEY, REQUIRED_KEY } from './lambda-enforcer-world';

const GIB = 1024 ** 3;
const INSTRUCTION_FILE = { 'x-amz-crypto-instr-file': '' };

/** What clients append to the key of an object, for the file that holds its envelope. */
export const SUFFIX = '.instruction';

export const isFileKey = (key: string) => key.endsWith(SUFFIX);
/** The key of the instruction file of an object, or of the object of an instruction file. */
export const partnerKey = (key: string) => (isFileKey(key) ? key.slice(0, -SUFFIX.length) : `${key}${SUFFIX}`);

/** How S3 encrypts an object. */
export type EncryptedAs = 'kms' | 's3' | 'other-key' | 'foreign-key' | 'dsse' | 'sse-c';

/** Which encryption the rules of a schedule accept. Written down here, not asked of the code under test. */
export type Accepted = Exclude<EncryptedAs, 'sse-c'> | 'client-side';

export const FOREIGN_KEY = REQUIRED_KEY.replace('111122223333', '444455556666');

export const FIELDS: Readonly<Record<EncryptedAs, EncryptionFields>> = {
  kms: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: REQUIRED_KEY },
  s3: { ServerSideEncryption: 'AES256' },
  'other-key': { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: OTHER_KEY },
  'foreign-key': { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: FOREIGN_KEY },
  dsse: { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: REQUIRED_KEY },
  'sse-c': { SSECustomerAlgorithm: 'AES256' },
};

export function encryptedAs({ encryption }: { readonly encryption: EncryptionFields }): EncryptedAs | undefined {
  const names = Object.keys(FIELDS) as EncryptedAs[];
  return names.find((name) => JSON.stringify(FIELDS[name]) === JSON.stringify(encryption));
}

export interface Kind {
  readonly encryptedAs: EncryptedAs;
  readonly large?: boolean;
  /** What its client says of an envelope. `whole`: all in metadata; V2, V3: the data key, or all, lies in an instruction file. */
  readonly envelope?: 'whole' | 'V2 without key' | 'V3 without key';
  /** Of which version an instruction file holds the data key. `none`: what it holds is no envelope. */
  readonly file?: 'V2' | 'V3' | 'none';
  /** Does not say in its metadata that it is an instruction file. */
  readonly unmarked?: boolean;
  /** Has the tag of a violation, from before. */
  readonly marked?: boolean;
  readonly refuses?: Upload['refuses'];
}

export const KINDS = {
  kms: { encryptedAs: 'kms' },
  s3: { encryptedAs: 's3' },
  sealed: { encryptedAs: 's3', envelope: 'whole' },
  'other-key': { encryptedAs: 'other-key' },
  'foreign-key': { encryptedAs: 'foreign-key' },
  dsse: { encryptedAs: 'dsse' },
  'sse-c': { encryptedAs: 'sse-c' },
  marked: { encryptedAs: 's3', marked: true },
  'large-s3': { encryptedAs: 's3', large: true },
  'large-kms': { encryptedAs: 'kms', large: true },
  'large-other-key': { encryptedAs: 'other-key', large: true },
  locked: { encryptedAs: 's3', refuses: { delete: 'AccessDenied: Object Lock', rekey: 'AccessDenied: Object Lock' } },
  archived: { encryptedAs: 's3', refuses: { copy: 'InvalidObjectState: archived' } },
  'lone-v2': { encryptedAs: 's3', envelope: 'V2 without key' },
  'lone-v3': { encryptedAs: 's3', envelope: 'V3 without key' },
  'sealed-other-key': { encryptedAs: 'other-key', envelope: 'whole' },
  'lone-v3-other-key': { encryptedAs: 'other-key', envelope: 'V3 without key' },
  'file-v2': { encryptedAs: 's3', file: 'V2' },
  'file-v3': { encryptedAs: 's3', file: 'V3' },
  'forged-file': { encryptedAs: 's3', file: 'none' },
  'unmarked-file': { encryptedAs: 's3', file: 'V3', unmarked: true },
  'other-key-file': { encryptedAs: 'other-key', file: 'V3' },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

/** What people write: in most buckets, in those for large objects, where re-encryption has the most to do, and where clients encrypt: objects, and the files beside them. */
export const HABITS = {
  usual: {
    ...{ kms: 25, s3: 30, sealed: 8, 'other-key': 15, 'sse-c': 6, 'large-s3': 3, 'large-kms': 1, 'large-other-key': 3 },
    ...{ locked: 3, archived: 3 },
  },
  large: {
    ...{ kms: 10, s3: 8, sealed: 2, 'other-key': 5, 'sse-c': 3, 'large-s3': 30, 'large-kms': 12, 'large-other-key': 30 },
    ...{ locked: 1, archived: 1 },
  },
  mended: {
    ...{ kms: 15, s3: 35, 'other-key': 12, 'foreign-key': 6, dsse: 8, 'sse-c': 3, marked: 10, 'large-s3': 4, 'large-other-key': 2 },
    ...{ locked: 6, archived: 5 },
  },
  objects: {
    ...{ 'lone-v3': 46, 'lone-v2': 18, 'lone-v3-other-key': 8, sealed: 7, 'sealed-other-key': 6, s3: 10, 'other-key': 4 },
    ...{ 'sse-c': 3, 'large-s3': 4, locked: 2, archived: 2 },
  },
  files: { 'file-v3': 52, 'file-v2': 18, 'forged-file': 8, 'unmarked-file': 6, 'other-key-file': 6, s3: 5, 'sse-c': 5 },
} as const satisfies Record<string, Readonly<Partial<Record<KindName, number>>>>;

export type Habit = keyof typeof HABITS;

/** Whether the file holds what decrypts the object. A body of a few bytes is no ciphertext of V2; what has no metadata otherwise may be one. */
export function belongsTo(file: KindName, object: KindName): boolean {
  const { file: version }: Kind = KINDS[file];
  const { envelope, large = false, file: other }: Kind = KINDS[object];
  if (version === 'V3') return envelope === 'V3 without key';
  return version === 'V2' && other === undefined && (envelope === 'V2 without key' || (large && envelope === undefined));
}

/** What it is once it is encrypted otherwise: nothing keeps a copy from being deleted or copied. */
export function kindAs(kind: KindName, as: EncryptedAs): KindName {
  const names = Object.keys(KINDS) as KindName[];
  const { envelope, file, unmarked }: Kind = KINDS[kind];
  const isLike = ({ envelope: ofOther, ...other }: Kind) =>
    other.encryptedAs === as &&
    ofOther === envelope &&
    other.file === file &&
    other.unmarked === unmarked &&
    !other.refuses &&
    !other.marked;
  return names.find((name) => isLike(KINDS[name])) ?? as;
}

/** Of what nothing but its key says that it is one: no two are alike. */
export function newBody(kind: KindName, id: string): string {
  const { file }: Kind = KINDS[kind];
  const context = (algorithm: string) => JSON.stringify({ 'aws:x-amz-cek-alg': algorithm, upload: id });
  if (file === 'V3') return JSON.stringify({ ...WRAPPED_KEY_OF_V3, 'x-amz-t': context('115') });
  if (file === 'V2') return JSON.stringify({ ...V2.metadata, 'x-amz-matdesc': context('AES/GCM/NoPadding') });
  return file === 'none' ? JSON.stringify({ 'x-amz-3': `forged ${id}` }) : `content ${id}`;
}

/** What a kind means to S3, but for its tags. */
export function uploadOf(name: KindName, body: string): Upload {
  const { encryptedAs: as, large, envelope, file, unmarked, refuses }: Kind = KINDS[name];
  const metadata = { ...(file && !unmarked && INSTRUCTION_FILE), ...METADATA[envelope ?? 'none'] };
  return {
    body,
    encryption: FIELDS[as],
    metadata,
    // As long as it is the same content, it is as large.
    ...(large && { size: 5 * GIB + 1 + Number(body.slice('content '.length)) * 1_000_003 }),
    ...(envelope && { size: V3.size }),
    ...(refuses && { refuses }),
  };
}

const METADATA = { none: {}, whole: V3.metadata, 'V2 without key': {}, 'V3 without key': CONTENT_OF_V3 } as const;
