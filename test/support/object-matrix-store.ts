import { S3ServiceException } from '@aws-sdk/client-s3';
import type { CopyTarget, EncryptedTarget, ObjectStore, ObjectVersion } from '../../lambda/shared/object-store';
import { changedOrRefused, headStatus, notRekeyed, unreadable, untaggable } from '../../lambda/shared/s3-errors';
import { BUCKET } from './lambda-enforcer-world';
import { intercepted, type Operation } from './lambda-intercepted-store';

/** What S3 answers to a request about the object: `403 InvalidObjectState`; to HEAD, which has no body, `400`. */
export type Refusals = Readonly<Record<string, string>>;

const REQUESTS: Readonly<Partial<Record<Operation, string>>> = {
  head: 'HeadObject',
  headWithThrowAwayKey: 'HeadObject',
  headWithChecksum: 'HeadObject',
  readStart: 'GetObject',
  copy: 'CopyObject',
  copyAs: 'CopyObject',
  rekey: 'UpdateObjectEncryption',
  copyPart: 'UploadPartCopy',
  deleteVersion: 'DeleteObject',
  deleteCurrent: 'DeleteObject',
  tags: 'GetObjectTagging',
  replaceTags: 'PutObjectTagging',
  annotations: 'ListObjectAnnotations',
};

/** Longest that S3 takes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

/** Refuses requests about objects of a bucket, and keys that are too long, with the errors that S3 has for it, as the function reads them. */
export function refusingStore(store: ObjectStore, refusals: Refusals, bucket = BUCKET): ObjectStore {
  return intercepted(
    store,
    async <T>({ operation, args }: { operation: Operation; args: readonly unknown[] }, perform: () => Promise<T>) => {
      const target = targetOf(operation, args);
      if (target !== undefined && Buffer.byteLength(target.key) > MAX_KEY_BYTES) throw s3Error('400 KeyTooLongError');
      const isAbout = (args[0] as ObjectVersion).bucket === bucket;
      const own = isAbout ? refusals[REQUESTS[operation] ?? ''] : undefined;
      const answer = own ?? ((await writesTags(operation, args, bucket, store)) ? refusals['PutObjectTagging'] : undefined);
      return answer === undefined ? perform() : (readAsTheFunctionDoes(operation, answer) as T);
    },
  );
}

function targetOf(operation: Operation, args: readonly unknown[]): CopyTarget | undefined {
  if (operation === 'putDocument') return args[0] as CopyTarget;
  return operation === 'copy' || operation === 'startCopy' ? (args[2] as CopyTarget) : undefined;
}

/** Whoever copies an object that has tags needs leave to tag: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
async function writesTags(operation: Operation, args: readonly unknown[], bucket: string, store: ObjectStore): Promise<boolean> {
  const target = operation === 'copyAs' || operation === 'startCopy' ? (args[2] as Partial<EncryptedTarget>) : undefined;
  if (target?.bucket !== bucket) return false;
  const answer = target.tags === undefined ? await store.tags(args[0] as ObjectVersion) : { status: 'found' as const, tags: target.tags };
  return answer.status === 'found' && Object.keys(answer.tags).length > 0;
}

function readAsTheFunctionDoes(operation: Operation, answer: string) {
  const error = s3Error(answer);
  if (operation.startsWith('head')) return headStatus(error);
  if (operation === 'readStart') return unreadable(error);
  if (operation === 'rekey') return notRekeyed(error);
  return operation === 'tags' || operation === 'replaceTags' ? untaggable(error) : changedOrRefused(error);
}

function s3Error(answer: string): S3ServiceException {
  const [status = '', name = 'UnknownError'] = answer.split(' ');
  return new S3ServiceException({ name, message: 'as S3 says it', $fault: 'client', $metadata: { httpStatusCode: Number(status) } });
}
