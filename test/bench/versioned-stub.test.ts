import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { S3ObjectStore } from '../../lambda/shared/s3-object-store';

// The figures of the benchmark are worth what its stub of S3 is: here the function's own adapter speaks with it.

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/00000000-09fe-47dc-85ba-ab0987654321';
const UPLOADED = { bucket: 'bench-bucket', key: 'a b/ü+1.bin', versionId: 'KSrqvBJuwzSQ9nIChaJPCoRVXsvLzn8o' };
const NEWEST = { bucket: UPLOADED.bucket, key: UPLOADED.key };
const QUARANTINED = { bucket: 'quarantine', key: 'objects/1', kmsKeyArn: KEY_ARN };

let stub: ChildProcess;
let client: S3Client;
let store: S3ObjectStore;

beforeEach(async () => {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const file = join(__dirname, '..', '..', 'bench', 'apps', 'verify', 'versioned-stub.cjs');
  stub = fork(file, [JSON.stringify({ rule: '{}', size: 7 })], { execArgv: [] });
  const [{ port }] = await once(stub, 'message');
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMIEXAMPLEKEY' };
  client = new S3Client({ endpoint: `http://127.0.0.1:${port}`, forcePathStyle: true, region: 'eu-west-1', credentials, maxAttempts: 1 });
  store = new S3ObjectStore(client);
});

afterEach(async () => {
  client.destroy();
  stub.disconnect();
  await once(stub, 'exit');
});

async function asked() {
  stub.send('asked');
  const [message] = await once(stub, 'message');
  return message.asked;
}

async function headOf(object: { readonly bucket: string; readonly key: string; readonly versionId?: string | undefined }) {
  const answer = await store.head(object);
  if (answer.status !== 'found') throw new Error(`not found, but ${answer.status}`);
  return answer.head;
}

test('re-keying changes the encryption of that version, and neither its id nor its ETag', async () => {
  const before = await headOf(UPLOADED);
  expect(before.encryption).toMatchObject({ ServerSideEncryption: 'AES256' });
  expect(await store.rekey(UPLOADED, KEY_ARN)).toEqual({ status: 'rekeyed' });
  const { encryption, versionId, etag } = await headOf(NEWEST);
  expect(encryption).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KEY_ARN, BucketKeyEnabled: true });
  expect({ versionId, etag }).toEqual({ versionId: UPLOADED.versionId, etag: before.etag });
  expect(await asked()).toMatchObject({ bytesCopied: 0, s3Events: 0, requests: { HeadObject: 2, UpdateObjectEncryption: 1 } });
});

test('a copy onto itself lies on top, and is no more to be re-keyed where it is DSSE-KMS', async () => {
  const { etag } = await headOf(UPLOADED);
  const target = { ...NEWEST, encryption: { scheme: 'DSSE-KMS', keyArn: KEY_ARN } } as const;
  const copied = await store.copyAs(UPLOADED, etag, target, { ifMatch: etag });
  const { encryption, versionId = '' } = await headOf(NEWEST);
  expect(copied).toEqual({ status: 'copied', versionId });
  expect(encryption).toMatchObject({ ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: KEY_ARN });
  expect(await store.rekey({ ...NEWEST, versionId }, KEY_ARN)).toMatchObject({ status: 'refused' });
  expect(await asked()).toMatchObject({ bytesCopied: 7, bytesQuarantined: 0, dsseWrites: 1, s3Events: 1 });
});

test.each([
  ['source', '"another"', undefined],
  ['target', undefined, '"another"'],
])('a copy of which the %s has another ETag is not made', async (_which, ofSource, ofTarget) => {
  const { etag } = await headOf(UPLOADED);
  const target = { ...NEWEST, encryption: { scheme: 'SSE-S3' } } as const;
  expect(await store.copyAs(UPLOADED, ofSource ?? etag, target, { ifMatch: ofTarget ?? etag })).toEqual({ status: 'changed' });
  expect((await headOf(NEWEST)).versionId).toBe(UPLOADED.versionId);
});

test('a copy elsewhere is whole, and counted as what lies there; then the original goes for good', async () => {
  const { etag } = await headOf(UPLOADED);
  const copied = await store.copy(UPLOADED, etag, QUARANTINED);
  const versionId = copied.status === 'copied' ? copied.versionId : undefined;
  const [copy, original] = await Promise.all([store.headWithChecksum({ ...QUARANTINED, versionId }), store.headWithChecksum(UPLOADED)]);
  expect(copy).toMatchObject({ head: { size: 7, checksum: original.status === 'found' ? original.head.checksum : 'none' } });
  await store.putDocument({ ...QUARANTINED, key: 'receipts/1.json' }, '{"version":1}');
  expect(await store.deleteVersion(UPLOADED)).toEqual({ status: 'deleted' });
  expect(await store.head(UPLOADED)).toEqual({ status: 'gone' });
  expect(await store.head(NEWEST)).toEqual({ status: 'gone' });
  expect(await asked()).toMatchObject({ bytesCopied: 7, bytesQuarantined: 7 + '{"version":1}'.length, s3Events: 1 });
});

test('what it does not know is refused and counted, so that no figure hides it', async () => {
  await expect(store.replaceTags(UPLOADED, {})).resolves.toMatchObject({ status: 'refused' });
  expect((await asked()).requests).toEqual({ other: 1 });
});
