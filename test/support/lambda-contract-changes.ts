import type { ObjectVersion } from '../../lambda/shared/object-store';
import { A_VERSION, type ContractCase, given, KEY, type StoreUnderTest, targetIn } from './lambda-contract-setting';

const tenTags = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`tag-${at}`, 'value']));

const DELETE_CASES: readonly ContractCase[] = [
  [
    'deleting a version removes that version for good, and no other',
    async (under) => {
      const object = await given(under, 'enabled');
      const newer = await under.put(object.bucket, KEY, { body: 'newer' });
      await expect(under.store.deleteVersion({ ...object, versionId: object.versionId ?? '' })).resolves.toEqual({ status: 'deleted' });
      await expect(under.versionIds(object.bucket, KEY)).resolves.toEqual([newer.versionId]);
      await expect(under.store.head(object)).resolves.toEqual({ status: 'gone' });
    },
  ],
  [
    'deleting a version twice is no error',
    async (under) => {
      const object = await given(under, 'enabled');
      const version = { ...object, versionId: object.versionId ?? '' };
      await under.store.deleteVersion(version);
      await expect(under.store.deleteVersion(version)).resolves.toEqual({ status: 'deleted' });
    },
  ],
  [
    'deleting the current object removes it where versioning never was on',
    async (under) => {
      const { bucket, etag } = await given(under, 'never');
      await expect(under.store.deleteCurrent({ bucket, key: KEY }, etag)).resolves.toEqual({ status: 'deleted' });
      await expect(under.versionIds(bucket, KEY)).resolves.toEqual([]);
    },
  ],
  [
    'deleting the current object with the ETag of another says changed, and deletes nothing',
    async (under) => {
      const { bucket, etag } = await given(under, 'never');
      await under.put(bucket, KEY, { body: 'overwritten' });
      await expect(under.store.deleteCurrent({ bucket, key: KEY }, etag)).resolves.toEqual({ status: 'changed' });
      await expect(under.content({ bucket, key: KEY })).resolves.toMatchObject({ body: 'overwritten' });
    },
  ],
  [
    'deleting a current object that is not there says gone',
    async (under) => {
      const { bucket, etag } = await given(under, 'never');
      await under.remove(bucket, KEY);
      await expect(under.store.deleteCurrent({ bucket, key: KEY }, etag)).resolves.toEqual({ status: 'gone' });
    },
  ],
  [
    'deleting the current object where versioning is on lays a marker with an id, and the null version stays',
    async (under) => {
      const { bucket, etag } = await given(under, 'never');
      await under.setVersioning(bucket, 'enabled');
      const deleted = await under.store.deleteCurrent({ bucket, key: KEY }, etag);
      expect(deleted).toEqual({ status: 'deleted' });
      await expect(under.store.head({ bucket, key: KEY })).resolves.toEqual({ status: 'gone' });
      await expect(under.content({ bucket, key: KEY, versionId: 'null' })).resolves.toEqual(A_VERSION);
    },
  ],
  [
    'deleting the current null version where versioning is suspended removes it, under a marker `null`',
    async (under) => {
      const bucket = await under.createBucket('enabled');
      await under.setVersioning(bucket, 'suspended');
      const { etag } = await under.put(bucket, KEY, A_VERSION);
      await expect(under.store.deleteCurrent({ bucket, key: KEY }, etag)).resolves.toEqual({ status: 'deleted' });
      await expect(under.versionIds(bucket, KEY)).resolves.toEqual([]);
    },
  ],
];

async function tagsOf({ store }: StoreUnderTest, object: ObjectVersion) {
  const answer = await store.tags(object);
  return answer.status === 'found' ? answer.tags : answer;
}

const TAG_CASES: readonly ContractCase[] = [
  [
    'tags are those of the version that is meant; replacing them replaces all, and those of no other version',
    async (under) => {
      const object = await given(under, 'enabled');
      const newer = await under.put(object.bucket, KEY, { body: 'newer', tags: { team: 'red' } });
      await expect(tagsOf(under, object)).resolves.toEqual({ team: 'blue' });
      await expect(under.store.replaceTags(object, { 'a key: with/signs': 'a value = @' })).resolves.toMatchObject({ status: 'tagged' });
      await expect(tagsOf(under, object)).resolves.toEqual({ 'a key: with/signs': 'a value = @' });
      await expect(tagsOf(under, { ...object, versionId: newer.versionId })).resolves.toEqual({ team: 'red' });
    },
  ],
  [
    'reading and replacing tags tells whose they are: the id of the newest version, and none where versioning never was on',
    async (under) => {
      const never = await given(under, 'never');
      await expect(under.store.tags({ bucket: never.bucket, key: KEY })).resolves.not.toHaveProperty('versionId', expect.anything());
      const { bucket, versionId } = await given(under, 'enabled');
      await expect(under.store.tags({ bucket, key: KEY })).resolves.toMatchObject({ versionId });
      await expect(under.store.replaceTags({ bucket, key: KEY }, { team: 'red' })).resolves.toMatchObject({ versionId });
    },
  ],
  [
    'an object that nobody annotated has no annotations; what is not there is gone',
    async (under) => {
      const object = await given(under, 'enabled');
      await expect(under.store.annotations(object)).resolves.toEqual({ status: 'none' });
      await expect(under.store.annotations({ bucket: object.bucket, key: 'absent' })).resolves.toEqual({ status: 'gone' });
    },
  ],
  [
    'an object without tags has none, and ten can be given to it',
    async (under) => {
      const object = await given(under, 'enabled', { body: 'x' });
      await expect(tagsOf(under, object)).resolves.toEqual({});
      await expect(under.store.replaceTags(object, tenTags)).resolves.toMatchObject({ status: 'tagged' });
      await expect(tagsOf(under, object)).resolves.toEqual(tenTags);
    },
  ],
  [
    'an eleventh tag is refused, and the tags stay as they were',
    async (under) => {
      const object = await given(under, 'enabled');
      await expect(under.store.replaceTags(object, { ...tenTags, eleventh: 'x' })).resolves.toMatchObject({ status: 'refused' });
      await expect(tagsOf(under, object)).resolves.toEqual({ team: 'blue' });
    },
  ],
  [
    'an SSE-C object can be tagged without its key',
    async (under) => {
      const object = await given(under, 'enabled', { body: 'x', encryption: 'SSE-C' });
      await expect(under.store.replaceTags(object, { team: 'blue' })).resolves.toMatchObject({ status: 'tagged' });
      await expect(tagsOf(under, object)).resolves.toEqual({ team: 'blue' });
    },
  ],
  [
    'tags of what is not there are gone: the key, the version',
    async (under) => {
      const object = await given(under, 'enabled');
      const elsewhere = await under.put(object.bucket, 'other', A_VERSION);
      for (const absent of [{ key: 'absent' }, { key: KEY, versionId: elsewhere.versionId }]) {
        await expect(under.store.tags({ bucket: object.bucket, ...absent })).resolves.toEqual({ status: 'gone' });
        await expect(under.store.replaceTags({ bucket: object.bucket, ...absent }, {})).resolves.toEqual({ status: 'gone' });
      }
    },
  ],
  [
    'tags of a null version that a delete marker took the place of are gone',
    async (under) => {
      const bucket = await under.createBucket('enabled');
      await under.setVersioning(bucket, 'suspended');
      await under.put(bucket, KEY, A_VERSION);
      await under.remove(bucket, KEY);
      await expect(under.store.tags({ bucket, key: KEY, versionId: 'null' })).resolves.toEqual({ status: 'gone' });
      await expect(under.store.replaceTags({ bucket, key: KEY, versionId: 'null' }, {})).resolves.toEqual({ status: 'gone' });
    },
  ],
];

const DOCUMENT_CASES: readonly ContractCase[] = [
  [
    'a document is read as it was put, the newest of its name, and is encrypted under the key of the target',
    async (under) => {
      const target = await targetIn(under, 'receipts/folder/ä b+c.json');
      await under.store.putDocument(target, '{"old":true}');
      await under.store.putDocument(target, '{"text":"äöü 日本"}');
      await expect(under.store.readDocument(target.bucket, target.key)).resolves.toBe('{"text":"äöü 日本"}');
      const encryption = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: under.kmsKeyArn };
      await expect(under.store.head(target)).resolves.toMatchObject({ status: 'found', head: { encryption } });
    },
  ],
  [
    'a document that was never put, or was deleted, is none',
    async (under) => {
      const target = await targetIn(under);
      await expect(under.store.readDocument(target.bucket, target.key)).resolves.toBeUndefined();
      await under.store.putDocument(target, '{}');
      await under.remove(target.bucket, target.key);
      await expect(under.store.readDocument(target.bucket, target.key)).resolves.toBeUndefined();
    },
  ],
  [
    'a bucket of documents that is not there is an error, not an absent document',
    async (under) => {
      const { bucket, ...target } = await targetIn(under);
      const absent = { ...target, bucket: `${bucket}-absent` };
      await expect(under.store.readDocument(absent.bucket, absent.key)).rejects.toMatchObject({ name: 'RetryableError' });
      await expect(under.store.putDocument(absent, '{}')).rejects.toMatchObject({ name: 'RetryableError' });
    },
  ],
];

export const CHANGE_CASES: readonly ContractCase[] = [...DELETE_CASES, ...TAG_CASES, ...DOCUMENT_CASES];
