import { A_VERSION, type ContractCase, given, KEY, targetIn } from './lambda-contract-setting';

export const COPY_CASES: readonly ContractCase[] = [
  [
    'a copy has the bytes, metadata and tags of its original, under the key of the target, and leaves the original',
    async (under) => {
      const object = await given(under, 'enabled');
      const target = await targetIn(under);
      const copied = await under.store.copy(object, object.etag, target);
      const versionId = (await under.versionIds(target.bucket, target.key))[0];
      expect(copied).toEqual({ status: 'copied', versionId });
      const copy = { ...target, versionId };
      await expect(under.content(copy)).resolves.toEqual(A_VERSION);
      await expect(under.content(object)).resolves.toEqual(A_VERSION);
      const encryption = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: under.kmsKeyArn };
      await expect(under.store.head(copy)).resolves.toMatchObject({ status: 'found', head: { size: 7, encryption } });
    },
  ],
  [
    'a copy under SSE-KMS has another ETag than its original',
    async (under) => {
      const object = await given(under, 'enabled');
      const target = await targetIn(under);
      await under.store.copy(object, object.etag, target);
      const copy = await under.store.head(target);
      expect(copy.status === 'found' && copy.head.etag).not.toBe(object.etag);
    },
  ],
  [
    'a copy is of the version that is meant, not of the current one',
    async (under) => {
      const object = await given(under, 'enabled');
      await under.put(object.bucket, KEY, { body: 'newer' });
      const target = await targetIn(under);
      await under.store.copy(object, object.etag, target);
      await expect(under.content(target)).resolves.toMatchObject({ body: 'content' });
    },
  ],
  [
    'a second copy to the same place adds a version and keeps the first',
    async (under) => {
      const object = await given(under, 'enabled');
      const target = await targetIn(under);
      await under.store.copy(object, object.etag, target);
      await under.store.copy(object, object.etag, target);
      await expect(under.versionIds(target.bucket, target.key)).resolves.toHaveLength(2);
    },
  ],
  [
    'a copy is not made of an object that has another ETag by now',
    async (under) => {
      const { bucket, etag } = await given(under, 'never');
      await under.put(bucket, KEY, { body: 'overwritten' });
      const target = await targetIn(under);
      await expect(under.store.copy({ bucket, key: KEY }, etag, target)).resolves.toEqual({ status: 'changed' });
      await expect(under.versionIds(target.bucket, target.key)).resolves.toEqual([]);
    },
  ],
  [
    'a copy of what is not there says gone: the key, the version, the object below a delete marker',
    async (under) => {
      const object = await given(under, 'enabled');
      const elsewhere = await under.put(object.bucket, 'other', A_VERSION);
      const target = await targetIn(under);
      await under.remove(object.bucket, KEY);
      for (const absent of [{ key: 'absent' }, { key: KEY, versionId: elsewhere.versionId }, { key: KEY }]) {
        await expect(under.store.copy({ bucket: object.bucket, ...absent }, object.etag, target)).resolves.toEqual({ status: 'gone' });
      }
    },
  ],
  [
    'a copy of an SSE-C object without its key is refused, and nothing is written',
    async (under) => {
      const object = await given(under, 'enabled', { body: 'x', encryption: 'SSE-C' });
      const target = await targetIn(under);
      await expect(under.store.copy(object, object.etag, target)).resolves.toMatchObject({ status: 'refused' });
      await expect(under.versionIds(target.bucket, target.key)).resolves.toEqual([]);
    },
  ],
  [
    'a copy into a bucket that is not there may succeed later',
    async (under) => {
      const object = await given(under, 'enabled');
      const target = { bucket: `${object.bucket}-absent`, key: 'copy', kmsKeyArn: under.kmsKeyArn };
      await expect(under.store.copy(object, object.etag, target)).rejects.toMatchObject({ name: 'RetryableError' });
    },
  ],
  [
    'a copy is found by whatever characters its original is named with',
    async (under) => {
      const bucket = await under.createBucket('enabled');
      const target = await targetIn(under);
      for (const [at, key] of ['a b', 'a+b', 'a%2Bb', 'ä/日本/😀', 'a?versionId=b', "a#b&c=d'(e)!*", 'a//b/', 'é'].entries()) {
        const { versionId, etag } = await under.put(bucket, key, { body: `content ${at}` });
        await expect(under.store.copy({ bucket, key, versionId }, etag, { ...target, key })).resolves.toMatchObject({ status: 'copied' });
        await expect(under.content({ bucket: target.bucket, key })).resolves.toMatchObject({ body: `content ${at}` });
      }
    },
  ],
];
