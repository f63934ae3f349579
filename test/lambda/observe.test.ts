import { observe } from '../../lambda/encryption-enforcer/observe';
import { RetryableError } from '../../lambda/shared/errors';
import type { HeadAnswer, ObjectStore } from '../../lambda/shared/object-store';
import type { EncryptionFields } from '../../lib/domain/observation';
import { InMemoryObjectStore } from '../support/in-memory-object-store';
import { watched } from '../support/lambda-intercepted-store';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321';
const OBJECT = { bucket: 'bucket', key: 'key' };

/** A store that gives the same two answers to any HEAD; nothing else is asked of it. */
function headStore(head: HeadAnswer, withThrowAwayKey: HeadAnswer): ObjectStore {
  return Object.assign(new InMemoryObjectStore(), { head: async () => head, headWithThrowAwayKey: async () => withThrowAwayKey });
}

const found = (encryption: EncryptionFields): HeadAnswer => ({
  status: 'found',
  head: { encryption, size: 5, etag: '"e"', versionId: 'v1' },
});
const BAD_REQUEST: HeadAnswer = { status: 'bad-request' };
const FORBIDDEN: HeadAnswer = { status: 'forbidden' };
const GONE: HeadAnswer = { status: 'gone' };

describe('the answer to HEAD tells', () => {
  test.each<[string, EncryptionFields, unknown]>([
    ['SSE-S3', { ServerSideEncryption: 'AES256' }, { kind: 'SSE-S3' }],
    ['SSE-KMS', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KEY_ARN }, { kind: 'SSE-KMS', keyId: KEY_ARN }],
    ['SSE-KMS without a key', { ServerSideEncryption: 'aws:kms' }, { kind: 'SSE-KMS', keyId: undefined }],
    ['DSSE-KMS', { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: KEY_ARN }, { kind: 'DSSE-KMS', keyId: KEY_ARN }],
    ['aws:fsx', { ServerSideEncryption: 'aws:fsx' }, { kind: 'unknown', value: 'aws:fsx' }],
    ['a value of the future', { ServerSideEncryption: 'aws:later' }, { kind: 'unknown', value: 'aws:later' }],
    ['no encryption at all', {}, { kind: 'none' }],
  ])('%s', async (_, fields, encryption) => {
    const seen = await observe({ ...OBJECT, versionId: 'v1' }, headStore(found(fields), GONE));
    expect(seen).toMatchObject({ ...OBJECT, versionId: 'v1', encryption, head: { size: 5, etag: '"e"' }, nonCurrentNullVersion: false });
  });
});

describe('an object that HEAD answers with bad-request', () => {
  test('is SSE-C if a throw-away key is forbidden', async () => {
    const seen = await observe({ ...OBJECT, versionId: 'v1' }, headStore(BAD_REQUEST, FORBIDDEN));
    expect(seen).toMatchObject({ versionId: 'v1', encryption: { kind: 'SSE-C' } });
    expect(seen?.head).toBeUndefined();
  });

  test.each([
    ['a bad request too', BAD_REQUEST],
    ['right', found({ ServerSideEncryption: 'AES256' })],
  ])('is unreadable, not SSE-C, if a throw-away key is %s', async (_, withThrowAwayKey) => {
    const seen = await observe({ ...OBJECT, versionId: 'v1' }, headStore(BAD_REQUEST, withThrowAwayKey));
    expect(seen?.encryption).toMatchObject({ kind: 'unreadable', why: expect.stringContaining('400') });
  });

  test('is gone if it goes between the two questions', async () => {
    await expect(observe({ ...OBJECT, versionId: 'v1' }, headStore(BAD_REQUEST, GONE))).resolves.toBeUndefined();
  });
});

test('an object that is gone is not seen', async () => {
  await expect(observe({ ...OBJECT, versionId: 'v1' }, headStore(GONE, GONE))).resolves.toBeUndefined();
  await expect(observe(OBJECT, headStore(GONE, GONE))).resolves.toBeUndefined();
});

test('an object that may not be looked at is tried again, with the permissions that are missing', async () => {
  const failure = observe({ ...OBJECT, versionId: 'v1' }, headStore(FORBIDDEN, FORBIDDEN));
  await expect(failure).rejects.toThrow(RetryableError);
  await expect(failure).rejects.toThrow(/s3:GetObject.*s3:ListBucket/);
});

describe.each([undefined, 'null'])('an event with the version id %s', (versionId) => {
  const object = { ...OBJECT, versionId };

  function bucket(versioning: 'never' | 'enabled' | 'suspended') {
    const store = new InMemoryObjectStore();
    store.createBucket(OBJECT.bucket, versioning);
    return store;
  }

  test('names the object of a bucket without versions', async () => {
    const store = bucket('never');
    const { etag } = store.put(OBJECT.bucket, OBJECT.key, { body: 'old' });
    await expect(observe(object, store)).resolves.toMatchObject({ head: { etag }, versionId: undefined, nonCurrentNullVersion: false });
  });

  test('names the null version while it is current, with versioning on or suspended', async () => {
    for (const versioning of ['enabled', 'suspended'] as const) {
      const store = bucket('never');
      const { etag } = store.put(OBJECT.bucket, OBJECT.key, { body: 'old' });
      store.setVersioning(OBJECT.bucket, versioning);
      await expect(observe(object, store)).resolves.toMatchObject({ head: { etag }, versionId: 'null', nonCurrentNullVersion: false });
    }
  });

  test('names the null version below a newer one, and knows that it lies below', async () => {
    const store = bucket('never');
    const { etag } = store.put(OBJECT.bucket, OBJECT.key, { body: 'old' });
    store.setVersioning(OBJECT.bucket, 'enabled');
    store.put(OBJECT.bucket, OBJECT.key, { body: 'newer' });
    await expect(observe(object, store)).resolves.toMatchObject({ head: { etag }, versionId: 'null', nonCurrentNullVersion: true });
  });

  test('names the null version below a delete marker, and knows that it lies below', async () => {
    const store = bucket('never');
    const { etag } = store.put(OBJECT.bucket, OBJECT.key, { body: 'old' });
    store.setVersioning(OBJECT.bucket, 'enabled');
    store.remove(OBJECT.bucket, OBJECT.key);
    await expect(observe(object, store)).resolves.toMatchObject({ head: { etag }, versionId: 'null', nonCurrentNullVersion: true });
  });

  test('takes the current version, by its id, where only versions with ids are left: looked at twice rather than never', async () => {
    const store = bucket('enabled');
    const { versionId } = store.put(OBJECT.bucket, OBJECT.key, { body: 'newer' });
    await expect(observe(object, store)).resolves.toMatchObject({ versionId, nonCurrentNullVersion: false });
  });

  test('does not take an SSE-C version above for the null version below it', async () => {
    const store = bucket('never');
    const { etag } = store.put(OBJECT.bucket, OBJECT.key, { body: 'old' });
    store.setVersioning(OBJECT.bucket, 'enabled');
    store.put(OBJECT.bucket, OBJECT.key, { body: 'newer', encryption: { SSECustomerAlgorithm: 'AES256' } });
    await expect(observe(object, store)).resolves.toMatchObject({
      encryption: { kind: 'SSE-S3' },
      head: { etag },
      nonCurrentNullVersion: true,
    });
  });

  test('names an SSE-C object of a bucket without versions', async () => {
    const store = bucket('never');
    store.put(OBJECT.bucket, OBJECT.key, { body: 'x', encryption: { SSECustomerAlgorithm: 'AES256' } });
    await expect(observe(object, store)).resolves.toMatchObject({ encryption: { kind: 'SSE-C' }, nonCurrentNullVersion: false });
  });
});

test('a version with an id is looked at alone, whatever is current', async () => {
  const memory = new InMemoryObjectStore();
  memory.createBucket(OBJECT.bucket, 'enabled');
  const { versionId } = memory.put(OBJECT.bucket, OBJECT.key, { encryption: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KEY_ARN } });
  memory.put(OBJECT.bucket, OBJECT.key, { encryption: { ServerSideEncryption: 'AES256' } });
  const { store, calls } = watched(memory);
  await expect(observe({ ...OBJECT, versionId }, store)).resolves.toMatchObject({ encryption: { kind: 'SSE-KMS', keyId: KEY_ARN } });
  expect(calls.map(({ operation }) => operation)).toEqual(['head']);
});
