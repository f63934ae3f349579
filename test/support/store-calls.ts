import type { ObjectStore } from '../../lambda/shared/object-store';
import { S3ObjectStore } from '../../lambda/shared/s3-object-store';
import { type S3Stub, type StubAnswer, startS3Stub } from './lambda-s3-stub';

const OBJECT = { bucket: 'data-bucket', key: 'reports/2026.csv', versionId: 'v1' };
const TARGET = { bucket: 'quarantine-bucket', key: 'objects/copy', kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/k' };
const UPLOAD = { target: TARGET, uploadId: 'upload-1' };
const RANGE = { number: 1, first: 0, last: 9 };

/** Everything that is asked of a store, once. */
export const CALLS = {
  head: (store) => store.head(OBJECT),
  headWithThrowAwayKey: (store) => store.headWithThrowAwayKey(OBJECT),
  headWithChecksum: (store) => store.headWithChecksum(OBJECT),
  readStart: (store) => store.readStart(OBJECT, 4096, '"e1"'),
  copy: (store) => store.copy(OBJECT, '"e1"', TARGET),
  copyAs: (store) =>
    store.copyAs(OBJECT, '"e1"', { bucket: 'data-bucket', key: 'reports/2026.csv', encryption: { scheme: 'SSE-S3' } }, { ifMatch: '"e1"' }),
  startCopy: (store) => store.startCopy(OBJECT, '"e1"', TARGET),
  findCopy: (store) => store.findCopy(TARGET),
  copiedParts: (store) => store.copiedParts(UPLOAD),
  copyPart: (store) => store.copyPart(OBJECT, '"e1"', UPLOAD, RANGE, new AbortController().signal),
  completeCopy: (store) => store.completeCopy(UPLOAD, [{ number: 1, etag: '"p1"' }], new AbortController().signal),
  abandonCopy: (store) => store.abandonCopy(UPLOAD),
  deleteVersion: (store) => store.deleteVersion(OBJECT),
  deleteCurrent: (store) => store.deleteCurrent(OBJECT, '"e1"'),
  rekey: (store) => store.rekey(OBJECT, TARGET.kmsKeyArn),
  annotations: (store) => store.annotations(OBJECT),
  tags: (store) => store.tags(OBJECT),
  replaceTags: (store) => store.replaceTags(OBJECT, { a: 'b' }),
  putDocument: (store) => store.putDocument(TARGET, '{}'),
  readDocument: (store) => store.readDocument('quarantine-bucket', 'receipt.json'),
} as const satisfies Record<keyof ObjectStore, (store: ObjectStore) => Promise<unknown>>;

export type StoreCall = keyof typeof CALLS;
export const ALL_CALLS = Object.keys(CALLS) as StoreCall[];
/** Their errors have no body. The first request of `startCopy` is a HEAD as well. */
export const HEADS: readonly StoreCall[] = ['head', 'headWithThrowAwayKey', 'headWithChecksum', 'startCopy'];
export const WITH_BODY = ALL_CALLS.filter((call) => !HEADS.includes(call));
/** For these, an upload is gone with its bucket. */
const OF_UPLOADS: readonly StoreCall[] = ['copiedParts', 'abandonCopy'];
export const callsFailingWith = (code: string) =>
  code === 'NoSuchBucket' ? WITH_BODY.filter((call) => !OF_UPLOADS.includes(call)) : WITH_BODY;

/** A real client and an S3 that gives prepared answers, for the tests of one file. */
export function stubbedStore(): { answered(call: StoreCall, ...answers: readonly StubAnswer[]): Promise<unknown> } {
  let stub: S3Stub;
  beforeAll(async () => {
    stub = await startS3Stub();
  });
  afterAll(() => stub.close());
  return {
    answered: (call, ...answers) => {
      stub.answer(...answers);
      return CALLS[call](new S3ObjectStore(stub.client));
    },
  };
}
