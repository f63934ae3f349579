import { A_VERSION, type ContractCase, given, KEY } from './lambda-contract-setting';

const text = (answer: object) => ('bytes' in answer ? Buffer.from(answer.bytes as Uint8Array).toString() : answer);

export const READ_CASES: readonly ContractCase[] = [
  [
    'head tells user metadata, with the names in lower case',
    async (under) => {
      const object = await given(under, 'enabled', { ...A_VERSION, metadata: { 'x-amz-c': '115', origin: 'test' } });
      await expect(under.store.head(object)).resolves.toMatchObject({ head: { metadata: { 'x-amz-c': '115', origin: 'test' } } });
    },
  ],
  [
    'the start of an object is as many bytes as were asked for, or all there are, and its whole size',
    async (under) => {
      const object = await given(under, 'enabled');
      const start = await under.store.readStart(object, 4, object.etag);
      expect([text(start), start]).toEqual(['cont', expect.objectContaining({ status: 'read', size: 7 })]);
      const whole = await under.store.readStart(object, 4096, object.etag);
      expect([text(whole), whole]).toEqual(['content', expect.objectContaining({ status: 'read', size: 7 })]);
    },
  ],
  [
    'the start of an object without content is empty',
    async (under) => {
      const object = await given(under, 'enabled', { body: '' });
      const start = await under.store.readStart(object, 4096, object.etag);
      expect([text(start), start]).toEqual(['', expect.objectContaining({ status: 'read', size: 0 })]);
    },
  ],
  [
    'the start is read of the version that is named, below newer ones too',
    async (under) => {
      const object = await given(under, 'enabled');
      await under.put(object.bucket, KEY, { body: 'newer' });
      expect(text(await under.store.readStart(object, 4096, object.etag))).toBe('content');
      expect(text(await under.store.readStart({ bucket: object.bucket, key: KEY }, 4096))).toBe('newer');
    },
  ],
  [
    'the start is read only while the ETag is the one that was seen, if one is named',
    async (under) => {
      const { bucket, etag } = await given(under, 'never');
      await under.put(bucket, KEY, { body: 'another' });
      await expect(under.store.readStart({ bucket, key: KEY }, 4096, etag)).resolves.toEqual({ status: 'changed' });
      expect(text(await under.store.readStart({ bucket, key: KEY }, 4096))).toBe('another');
    },
  ],
  [
    'of what is not there, or is a delete marker, nothing can be read',
    async (under) => {
      const { bucket } = await given(under, 'enabled');
      await expect(under.store.readStart({ bucket, key: 'absent' }, 4096)).resolves.toEqual({ status: 'gone' });
      const versionId = await under.remove(bucket, KEY);
      await expect(under.store.readStart({ bucket, key: KEY }, 4096)).resolves.toEqual({ status: 'gone' });
      await expect(under.store.readStart({ bucket, key: KEY, versionId }, 4096)).resolves.toEqual({ status: 'gone' });
    },
  ],
];
