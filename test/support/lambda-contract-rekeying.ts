import { A_VERSION, type ContractCase, given, KEY } from './lambda-contract-setting';

/** Encryption anew, in place. */
export const REKEY_CASES: readonly ContractCase[] = [
  [
    'encrypted anew in place, a version is the same in all but its encryption, and the others stay as they are',
    async (under) => {
      const object = await given(under, 'enabled');
      const newer = await under.put(object.bucket, KEY, { body: 'newer' });
      const before = await under.store.head(object);
      const versionId = object.versionId ?? '';
      await expect(under.store.rekey({ ...object, versionId }, under.kmsKeyArn)).resolves.toEqual({ status: 'rekeyed' });
      const encryption = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: under.kmsKeyArn };
      const { size, etag, lastModified } = before.status === 'found' ? before.head : { size: -1, etag: 'none', lastModified: undefined };
      await expect(under.store.head(object)).resolves.toMatchObject({ head: { size, etag, lastModified, versionId, encryption } });
      await expect(under.content(object)).resolves.toEqual(A_VERSION);
      await expect(under.store.head({ bucket: object.bucket, key: KEY })).resolves.toMatchObject({
        head: { versionId: newer.versionId, encryption: { ServerSideEncryption: 'AES256' } },
      });
      await expect(under.versionIds(object.bucket, KEY)).resolves.toHaveLength(2);
    },
  ],
  [
    'encrypting anew in place what is not there says gone',
    async (under) => {
      const object = await given(under, 'enabled');
      await expect(under.store.rekey({ ...object, key: 'absent', versionId: object.versionId ?? '' }, under.kmsKeyArn)).resolves.toEqual({
        status: 'gone',
      });
    },
  ],
  [
    'an SSE-C object is not encrypted anew in place',
    async (under) => {
      const object = await given(under, 'enabled', { body: 'x', encryption: 'SSE-C' });
      await expect(under.store.rekey({ ...object, versionId: object.versionId ?? '' }, under.kmsKeyArn)).resolves.toMatchObject({
        status: 'refused',
      });
      await expect(under.versionIds(object.bucket, KEY)).resolves.toEqual([object.versionId]);
    },
  ],
];
