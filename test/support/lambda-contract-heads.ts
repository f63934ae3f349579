import { A_VERSION, type ContractCase, given, KEY } from './lambda-contract-setting';

export const HEAD_CASES: readonly ContractCase[] = [
  [
    'head tells size, quoted ETag and version id',
    async (under) => {
      const object = await given(under, 'enabled');
      const head = { size: 7, etag: object.etag, versionId: object.versionId };
      expect(object.etag).toMatch(/^"[0-9a-f]{32}"$/);
      await expect(under.store.head(object)).resolves.toMatchObject({ status: 'found', head });
      await expect(under.store.head({ bucket: object.bucket, key: KEY })).resolves.toMatchObject({ status: 'found', head });
    },
  ],
  [
    'head tells when the version was created, and tagging it does not change that',
    async (under) => {
      const object = await given(under, 'enabled');
      const created = await under.store.head(object);
      const lastModified = created.status === 'found' ? created.head.lastModified : undefined;
      expect(lastModified).toBeInstanceOf(Date);
      await under.store.replaceTags(object, { team: 'red' });
      await expect(under.store.head(object)).resolves.toMatchObject({ head: { lastModified } });
    },
  ],
  [
    'head tells no version id where versioning never was on',
    async (under) => {
      const object = await given(under, 'never');
      await expect(under.store.head(object)).resolves.toMatchObject({ status: 'found', head: { versionId: undefined } });
    },
  ],
  [
    'head tells SSE-S3',
    async (under) => {
      const object = await given(under, 'enabled', { body: 'x', encryption: 'SSE-S3' });
      const head = { encryption: { ServerSideEncryption: 'AES256' } };
      await expect(under.store.head(object)).resolves.toMatchObject({ status: 'found', head });
    },
  ],
  [
    'head tells SSE-KMS with the ARN of the key',
    async (under) => {
      const object = await given(under, 'enabled', { body: 'x', encryption: 'SSE-KMS' });
      const head = { encryption: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: under.kmsKeyArn } };
      await expect(under.store.head(object)).resolves.toMatchObject({ status: 'found', head });
    },
  ],
  [
    'an SSE-C object answers bad-request without, and forbidden with, a key that is not its own',
    async (under) => {
      const object = await given(under, 'enabled', { body: 'x', encryption: 'SSE-C' });
      await expect(under.store.head(object)).resolves.toEqual({ status: 'bad-request' });
      await expect(under.store.headWithThrowAwayKey(object)).resolves.toEqual({ status: 'forbidden' });
    },
  ],
  [
    'an object that is not SSE-C answers bad-request to a customer-provided key',
    async (under) => {
      await expect(under.store.headWithThrowAwayKey(await given(under, 'enabled'))).resolves.toEqual({ status: 'bad-request' });
    },
  ],
  [
    'what was never there is gone: the key, the version, the bucket',
    async (under) => {
      const object = await given(under, 'enabled');
      const removed = await under.put(object.bucket, 'other', A_VERSION);
      for (const absent of [
        { ...object, key: 'absent', versionId: undefined },
        { ...object, versionId: removed.versionId },
        { ...object, bucket: `${object.bucket}-absent` },
      ]) {
        await expect(under.store.head(absent)).resolves.toEqual({ status: 'gone' });
      }
    },
  ],
  [
    'below a delete marker the current object is gone, its version is not, and the marker is no object',
    async (under) => {
      const object = await given(under, 'enabled');
      const marker = await under.remove(object.bucket, KEY);
      await expect(under.store.head({ bucket: object.bucket, key: KEY })).resolves.toEqual({ status: 'gone' });
      await expect(under.store.head({ ...object, versionId: marker })).resolves.toEqual({ status: 'gone' });
      await expect(under.store.head(object)).resolves.toMatchObject({ status: 'found' });
    },
  ],
  [
    'head of an object from before versioning tells the version id `null`',
    async (under) => {
      const { bucket, etag } = await given(under, 'never');
      await under.setVersioning(bucket, 'enabled');
      await expect(under.store.head({ bucket, key: KEY })).resolves.toMatchObject({ head: { versionId: 'null', etag } });
    },
  ],
  [
    'below a newer version the null version is found by its id `null`',
    async (under) => {
      const { bucket, etag } = await given(under, 'never');
      await under.setVersioning(bucket, 'enabled');
      const newer = await under.put(bucket, KEY, { body: 'newer' });
      await expect(under.store.head({ bucket, key: KEY })).resolves.toMatchObject({ head: { versionId: newer.versionId } });
      await expect(under.store.head({ bucket, key: KEY, versionId: 'null' })).resolves.toMatchObject({ status: 'found', head: { etag } });
    },
  ],
  [
    'where versioning never was on, the version `null` is the object',
    async (under) => {
      const { bucket, etag } = await given(under, 'never');
      await expect(under.store.head({ bucket, key: KEY, versionId: 'null' })).resolves.toMatchObject({ status: 'found', head: { etag } });
    },
  ],
  [
    'where versioning is suspended, a new null version takes the place of the old one',
    async (under) => {
      const { bucket, versionId } = await given(under, 'enabled');
      await under.setVersioning(bucket, 'suspended');
      await under.put(bucket, KEY, { body: 'first null' });
      await under.put(bucket, KEY, { body: 'second' });
      await expect(under.store.head({ bucket, key: KEY })).resolves.toMatchObject({ status: 'found', head: { size: 6 } });
      expect((await under.versionIds(bucket, KEY)).sort()).toEqual([versionId, 'null'].sort());
    },
  ],
];
