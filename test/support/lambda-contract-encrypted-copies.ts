import type { EncryptedTarget } from '../../lambda/shared/object-store';
import { A_VERSION, type ContractCase, given, KEY, type StoreUnderTest } from './lambda-contract-setting';

/** What HEAD tells of a copy that was encrypted as `SSE-KMS` under the key of the store. */
const underKey = ({ kmsKeyArn }: StoreUnderTest) => ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn });

function targetAt({ bucket, key }: { bucket: string; key: string }, { kmsKeyArn }: StoreUnderTest): EncryptedTarget {
  return { bucket, key, encryption: { scheme: 'SSE-KMS', keyArn: kmsKeyArn } };
}

/** Copies that have to be encrypted as required where they go, be it onto their original. */
export const ENCRYPTED_COPY_CASES: readonly ContractCase[] = [
  [
    'a copy onto itself lies on top of its original, with bytes, metadata and tags, encrypted as required; the original stays',
    async (under) => {
      const object = await given(under, 'enabled');
      const copied = await under.store.copyAs(object, object.etag, targetAt(object, under), { ifMatch: object.etag });
      const current = await under.store.head({ bucket: object.bucket, key: KEY });
      expect(current).toMatchObject({ status: 'found', head: { size: 7, encryption: underKey(under) } });
      const versionId = current.status === 'found' ? current.head.versionId : 'none';
      expect(copied).toEqual({ status: 'copied', versionId });
      expect(versionId).not.toBe(object.versionId);
      await expect(under.content({ ...object, versionId })).resolves.toEqual(A_VERSION);
      await expect(under.content(object)).resolves.toEqual(A_VERSION);
      await expect(under.store.head(object)).resolves.toMatchObject({ head: { encryption: { ServerSideEncryption: 'AES256' } } });
    },
  ],
  [
    'where versioning never was on, a copy onto itself takes the place of its original',
    async (under) => {
      const object = await given(under, 'never');
      const copied = await under.store.copyAs(object, object.etag, targetAt(object, under), { ifMatch: object.etag });
      expect(copied).toEqual({ status: 'copied', versionId: undefined });
      await expect(under.store.head(object)).resolves.toMatchObject({ head: { encryption: underKey(under) } });
      await expect(under.content(object)).resolves.toEqual(A_VERSION);
      await expect(under.versionIds(object.bucket, KEY)).resolves.toHaveLength(1);
    },
  ],
  [
    'a copy can be encrypted with SSE-S3, too',
    async (under) => {
      const object = await given(under, 'enabled', { ...A_VERSION, encryption: 'SSE-KMS' });
      const target: EncryptedTarget = { ...targetAt(object, under), encryption: { scheme: 'SSE-S3' } };
      await expect(under.store.copyAs(object, object.etag, target, { ifMatch: object.etag })).resolves.toMatchObject({ status: 'copied' });
      const { bucket, key } = object;
      await expect(under.store.head({ bucket, key })).resolves.toMatchObject({ head: { encryption: { ServerSideEncryption: 'AES256' } } });
    },
  ],
  [
    'a copy onto itself has the storage class and the redirect that it states',
    async (under) => {
      const notCopied = { storageClass: 'STANDARD_IA', websiteRedirectLocation: '/elsewhere' };
      const object = await given(under, 'enabled', { ...A_VERSION, notCopied });
      await expect(under.store.head(object)).resolves.toMatchObject({ head: { notCopied } });
      await under.store.copyAs(object, object.etag, { ...targetAt(object, under), notCopied }, { ifMatch: object.etag });
      await expect(under.store.head({ bucket: object.bucket, key: KEY })).resolves.toMatchObject({
        head: { encryption: underKey(under), notCopied },
      });
    },
  ],
  [
    'a copy onto a newer object is not made, though its original is as it was',
    async (under) => {
      const object = await given(under, 'enabled');
      await under.put(object.bucket, KEY, { body: 'newer' });
      const copied = await under.store.copyAs(object, object.etag, targetAt(object, under), { ifMatch: object.etag });
      expect(copied).toEqual({ status: 'changed' });
      await expect(under.content({ bucket: object.bucket, key: KEY })).resolves.toMatchObject({ body: 'newer' });
    },
  ],
  [
    'a copy is not made of an object that has another ETag, though its place is as it was',
    async (under) => {
      const object = await given(under, 'enabled');
      const place = await given(under, 'enabled', { body: 'in its place' });
      const copied = await under.store.copyAs(object, '"0123456789abcdef0123456789abcdef"', targetAt(place, under), {
        ifMatch: place.etag,
      });
      expect(copied).toEqual({ status: 'changed' });
      await expect(under.content(place)).resolves.toMatchObject({ body: 'in its place' });
    },
  ],
  [
    'a copy that must replace what is not there any more is not made',
    async (under) => {
      const object = await given(under, 'enabled');
      const place = await given(under, 'enabled');
      await under.remove(place.bucket, KEY);
      const copied = await under.store.copyAs(object, object.etag, targetAt(place, under), { ifMatch: place.etag });
      expect(copied).toEqual({ status: 'gone' });
      await expect(under.store.head({ bucket: place.bucket, key: KEY })).resolves.toEqual({ status: 'gone' });
    },
  ],
  [
    'a copy that must not replace anything is made where nothing is, and on a delete marker, and nowhere else',
    async (under) => {
      const object = await given(under, 'enabled');
      const bucket = await under.createBucket('enabled');
      const target = targetAt({ bucket, key: 'place' }, under);
      const copy = () => under.store.copyAs(object, object.etag, target, { ifNoneMatch: true });
      await expect(copy()).resolves.toMatchObject({ status: 'copied' });
      await expect(copy()).resolves.toEqual({ status: 'changed' });
      await under.remove(bucket, 'place');
      await expect(copy()).resolves.toMatchObject({ status: 'copied' });
      await expect(under.versionIds(bucket, 'place')).resolves.toHaveLength(2);
    },
  ],
];
