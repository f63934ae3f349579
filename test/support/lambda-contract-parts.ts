import type { MultipartCopy, ObjectStore, ObjectVersion, PartRange } from '../../lambda/shared/object-store';
import { A_VERSION, type ContractCase, type ContractUpload, given, KEY, type StoreUnderTest, targetIn } from './lambda-contract-setting';

/** All parts but the last have 5 MiB at least: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const PART = 5 * 1024 ** 2;
const LARGE: ContractUpload = { ...A_VERSION, body: `${'a'.repeat(PART)}${'b'.repeat(PART)}the end` };
const RANGES: readonly PartRange[] = [
  { number: 1, first: 0, last: PART - 1 },
  { number: 2, first: PART, last: 2 * PART - 1 },
  { number: 3, first: 2 * PART, last: 2 * PART + 6 },
];
const NEVER = new AbortController().signal;

type Source = ObjectVersion & { readonly etag: string };

async function begun(under: StoreUnderTest, versioning: 'enabled' | 'never' = 'enabled', uploaded = LARGE) {
  const object = await given(under, versioning, uploaded);
  const target = await targetIn(under);
  const started = await under.store.startCopy(object, object.etag, target);
  if (started.status !== 'started') throw new Error(`not started: ${JSON.stringify(started)}`);
  return { object, target, copy: { target, uploadId: started.uploadId } };
}

async function copyPart(store: ObjectStore, object: Source, copy: MultipartCopy, range: PartRange) {
  const answer = await store.copyPart(object, object.etag, copy, range, NEVER);
  if (answer.status !== 'copied') throw new Error(`not copied: ${JSON.stringify(answer)}`);
  return answer.part;
}

async function copyWhole({ store }: StoreUnderTest, object: Source, copy: MultipartCopy) {
  const [first, second, third] = await Promise.all(RANGES.map((range) => copyPart(store, object, copy, range)));
  if (!first || !second || !third) throw new Error('three parts');
  return store.completeCopy(copy, [third, first, second], NEVER);
}

export const PARTS_CASES: readonly ContractCase[] = [
  [
    'a copy in parts has the bytes, metadata and tags of its original, under the key of the target, and leaves the original',
    async (under) => {
      const { object, target, copy } = await begun(under);
      const completed = await copyWhole(under, object, copy);
      const [versionId] = await under.versionIds(target.bucket, target.key);
      expect(completed).toEqual({ status: 'copied', versionId });
      const content = await under.content({ ...target, versionId });
      // Compared by hand: `expect` would print megabytes.
      expect(content.body === LARGE.body).toBe(true);
      expect({ ...content, body: '' }).toEqual({ ...LARGE, body: '' });
      const head = { size: LARGE.body.length, encryption: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: under.kmsKeyArn } };
      await expect(under.store.head({ ...target, versionId })).resolves.toMatchObject({ status: 'found', head });
      await expect(under.versionIds(object.bucket, KEY)).resolves.toHaveLength(1);
    },
  ],
  [
    'a copy in parts is nowhere to be seen before it is completed',
    async (under) => {
      const { object, target, copy } = await begun(under);
      await copyPart(under.store, object, copy, RANGES[0] as PartRange);
      await expect(under.store.head(target)).resolves.toEqual({ status: 'gone' });
    },
  ],
  [
    'a copy in parts is found with the parts that it has, until it is completed',
    async (under) => {
      const { object, target, copy } = await begun(under);
      await expect(under.store.copiedParts(copy)).resolves.toEqual([]);
      const second = await copyPart(under.store, object, copy, RANGES[1] as PartRange);
      await expect(under.store.findCopy(target)).resolves.toEqual(copy);
      await expect(under.store.copiedParts(copy)).resolves.toEqual([second]);
      await copyWhole(under, object, copy);
      await expect(under.store.findCopy(target)).resolves.toBeUndefined();
    },
  ],
  [
    'a copy in parts is found under its very key',
    async (under) => {
      const { target } = await begun(under);
      for (const key of ['objects/cop', 'objects/copy/2', 'copy'])
        await expect(under.store.findCopy({ ...target, key })).resolves.toBeUndefined();
    },
  ],
  [
    'a copy in parts that was given up is gone for everybody, and leaves nothing',
    async (under) => {
      const { object, target, copy } = await begun(under);
      const part = await copyPart(under.store, object, copy, RANGES[0] as PartRange);
      await under.store.abandonCopy(copy);
      await expect(under.store.findCopy(target)).resolves.toBeUndefined();
      await expect(under.store.copiedParts(copy)).resolves.toBeUndefined();
      const again = under.store.copyPart(object, object.etag, copy, RANGES[1] as PartRange, NEVER);
      await expect(again).resolves.toEqual({ status: 'upload-gone' });
      await expect(under.store.completeCopy(copy, [part], NEVER)).resolves.toEqual({ status: 'upload-gone' });
      await expect(under.store.abandonCopy(copy)).resolves.toBeUndefined();
      await expect(under.versionIds(target.bucket, target.key)).resolves.toEqual([]);
    },
  ],
  [
    'a part that is copied again replaces the first',
    async (under) => {
      const { object, copy, target } = await begun(under);
      await copyPart(under.store, object, copy, RANGES[1] as PartRange);
      await copyWhole(under, object, copy);
      expect((await under.content(target)).body === LARGE.body).toBe(true);
    },
  ],
  [
    'a copy in parts is not completed with a part as it was before it was copied again',
    async (under) => {
      const { object, copy, target } = await begun(under);
      const first = await copyPart(under.store, object, copy, { number: 1, first: 0, last: PART - 1 });
      await copyPart(under.store, object, copy, { number: 1, first: 0, last: PART });
      await expect(under.store.completeCopy(copy, [first], NEVER)).resolves.toEqual({ status: 'part-changed' });
      await expect(under.versionIds(target.bucket, target.key)).resolves.toEqual([]);
    },
  ],
  [
    'a copy in parts keeps tags of whatever characters tags may have',
    async (under) => {
      const tags = { 'a b+c=d': '100 - x_y.z:/@', empty: '' };
      const { object, copy, target } = await begun(under, 'enabled', { body: 'x', tags });
      const part = await copyPart(under.store, object, copy, { number: 1, first: 0, last: 0 });
      await under.store.completeCopy(copy, [part], NEVER);
      await expect(under.content(target)).resolves.toEqual({ body: 'x', metadata: {}, tags });
    },
  ],
  [
    'a copy in parts is not begun of an object that has another ETag by now',
    async (under) => {
      const { bucket, etag } = await given(under, 'never');
      await under.put(bucket, KEY, { body: 'overwritten' });
      const target = await targetIn(under);
      await expect(under.store.startCopy({ bucket, key: KEY }, etag, target)).resolves.toEqual({ status: 'changed' });
      await expect(under.store.findCopy(target)).resolves.toBeUndefined();
    },
  ],
  [
    'a copy in parts is not begun of what is not there: the key, the object below a delete marker',
    async (under) => {
      const object = await given(under, 'enabled');
      const target = await targetIn(under);
      await under.remove(object.bucket, KEY);
      for (const key of ['absent', KEY])
        await expect(under.store.startCopy({ bucket: object.bucket, key }, object.etag, target)).resolves.toEqual({ status: 'gone' });
    },
  ],
  [
    'a part is not copied of an object that has another ETag by now',
    async (under) => {
      const { object, copy } = await begun(under, 'never');
      await under.put(object.bucket, KEY, { ...LARGE, body: LARGE.body.replace('the end', 'THE END') });
      const part = under.store.copyPart(object, object.etag, copy, RANGES[2] as PartRange, NEVER);
      await expect(part).resolves.toEqual({ status: 'changed' });
    },
  ],
  [
    'a part is not copied of an object that is gone',
    async (under) => {
      const { object, copy } = await begun(under, 'never');
      await under.remove(object.bucket, KEY);
      const part = under.store.copyPart(object, object.etag, copy, RANGES[0] as PartRange, NEVER);
      await expect(part).resolves.toEqual({ status: 'gone' });
    },
  ],
  [
    'a checksum is told where it is asked for, is that of every copy, and differs between contents',
    async (under) => {
      const checksumOf = async (object: ObjectVersion) => {
        const answer = await under.store.headWithChecksum(object);
        return answer.status === 'found' ? answer.head.checksum : answer;
      };
      const object = await given(under, 'enabled');
      const other = await given(under, 'enabled', { body: 'another' });
      const target = await targetIn(under);
      await under.store.copy(object, object.etag, target);
      expect(await checksumOf(object)).toEqual({ algorithm: expect.stringMatching(/^Checksum/), value: expect.any(String) });
      expect(await checksumOf(target)).toEqual(await checksumOf(object));
      expect(await checksumOf(other)).not.toEqual(await checksumOf(object));
      const unasked = await under.store.head(object);
      expect(unasked.status === 'found' && unasked.head.checksum).toBeUndefined();
    },
  ],
  [
    'a look with the checksum tells all that one without tells, and gone of what is gone',
    async (under) => {
      const object = await given(under, 'enabled');
      const [plain, full] = [await under.store.head(object), await under.store.headWithChecksum(object)];
      if (plain.status !== 'found') throw new Error('it is there');
      const { encryption, checksum: _none, ...head } = plain.head;
      const { ServerSideEncryption } = encryption;
      expect(full).toMatchObject({ status: 'found', head: { ...head, encryption: { ServerSideEncryption } } });
      await expect(under.store.headWithChecksum({ bucket: object.bucket, key: 'absent' })).resolves.toEqual({ status: 'gone' });
    },
  ],
];
