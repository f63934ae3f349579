/** The buckets of `demo/app.ts`, by the names of their outputs. */
export const GUARDED_BUCKETS = ['KmsBucket', 'S3Bucket', 'DsseBucket', 'ClientSideBucket', 'MendedBucket'] as const;

export type GuardedBucket = (typeof GUARDED_BUCKETS)[number];

/** What each of them requires. */
export const REQUIRED_SCHEMES: Readonly<Record<GuardedBucket, string>> = {
  KmsBucket: 'SSE-KMS',
  S3Bucket: 'SSE-S3',
  DsseBucket: 'DSSE-KMS',
  ClientSideBucket: 'client-side',
  MendedBucket: 'SSE-KMS',
};

/** The outputs that name their keys. */
export const KEY_OUTPUTS: Readonly<Record<GuardedBucket, 'KmsBucketKey' | 'DsseBucketKey' | 'MendedBucketKey' | undefined>> = {
  KmsBucket: 'KmsBucketKey',
  S3Bucket: undefined,
  DsseBucket: 'DsseBucketKey',
  ClientSideBucket: undefined,
  MendedBucket: 'MendedBucketKey',
};

/** How an upload asks for encryption. `uploads/headers.ts` knows the headers. */
export const HEADERS = [
  'no header',
  'AES256',
  'aws:kms, right key',
  'aws:kms, other key',
  'aws:kms, foreign key',
  'aws:kms, unshared key',
  'aws:kms, third account',
  'aws:kms, disabled key',
  'aws:kms, no key',
  'aws:kms:dsse, right key',
  'aws:kms:dsse, other key',
  'aws:kms:dsse, no key',
  'SSE-C',
] as const;

export type EncryptionHeader = (typeof HEADERS)[number];

/** How an object is written. */
export const MANNERS = ['put', 'multipart', 'copy', 'overwrite', 'zero bytes'] as const;

export type Manner = (typeof MANNERS)[number];

/** What the client made of the file before it sent it. `uploads/sealed.ts` makes it. */
export type SealedContent =
  | 'Encryption SDK message'
  | 'message without key commitment'
  | 'forged message'
  | 'S3 Encryption Client metadata'
  | 'bare x-amz-c';

export type Location = 'its bucket' | 'its bucket, as required' | 'its bucket, tagged' | 'quarantine' | 'quarantine, good one back';

/** What becomes of an object version. */
export interface Ending {
  readonly outcome: 'compliant' | 'reported' | 'tagged' | 'quarantined' | 're-encrypted';
  /** Absent for what is compliant. */
  readonly reason?:
    | 'wrong-scheme'
    | 'wrong-key'
    | 'key-unidentified'
    | 'not-client-side-encrypted'
    | 'malformed-envelope'
    | 'no-key-commitment';
  readonly location: Location;
}

/** The use of a key of another account takes both. */
export type KeyHalf = 'key policy' | 'IAM policy';

/** In which an engine may not be like AWS, so that something ends otherwise. `engine/limits.ts` asks the engine. */
export type EngineLimit = 'DSSE key not reported' | 'KMS permissions not checked' | 'UpdateObjectEncryption destroys';

/**
 * One upload and what must come of it. The answers are written by hand, from what the buckets require, and never
 * computed by the code that is on show: a mismatch ends the demo with exit code 1.
 */
export interface UploadCase {
  readonly bucket: GuardedBucket;
  readonly header: EncryptionHeader;
  readonly manner: Manner;
  /** Absent: the file as it is. */
  readonly content?: SealedContent;
  /** Before the file's name in the object's key. */
  readonly folder: string;
  /** For a key that is odd beyond its folder. */
  readonly shape?: 'ends with a slash' | '1,024 bytes long';
  /** What the bucket policy says on AWS: the Sids of all statements that deny. None: allowed. */
  readonly deniedBy: readonly string[];
  /** Where the key is in another account: which halves of the permission to use the key that the upload names are there. Absent: none is asked. */
  readonly keyHalves?: readonly KeyHalf[];
  /** On AWS, for an upload that got past the policy all the same. */
  readonly expected: Ending;
  /** On an engine that has this limit. */
  readonly underLimit?: { readonly limit: EngineLimit; readonly expected: Ending };
  /** Not uploaded to an engine that has this limit. */
  readonly omittedUnder?: EngineLimit;
  /** Set where AWS answers otherwise than an engine that refuses: such an upload is then skipped, with this reason. */
  readonly ifRefused?: string;
}

/** What is not uploaded to an engine with these limits, since it would show what AWS does not do. */
export function isOmitted({ omittedUnder }: UploadCase, limits: readonly string[]): boolean {
  return omittedUnder !== undefined && limits.includes(omittedUnder);
}

/** What must come of an upload on an engine with these limits. */
export function expectedHere({ expected, underLimit }: UploadCase, limits: readonly EngineLimit[]): Ending {
  return underLimit !== undefined && limits.includes(underLimit.limit) ? underLimit.expected : expected;
}

/** `AES256, multipart`: how an upload was made, for people. */
export function describeUpload({ content, header, manner }: Pick<UploadCase, 'content' | 'header' | 'manner'>): string {
  return [content, header, manner === 'put' ? undefined : MANNER_WORDS[manner]].filter((part) => part !== undefined).join(', ');
}

const MANNER_WORDS: Readonly<Record<Exclude<Manner, 'put'>, string>> = {
  multipart: 'multipart',
  copy: 'copy',
  overwrite: 'overwrite',
  'zero bytes': '0 bytes',
};
