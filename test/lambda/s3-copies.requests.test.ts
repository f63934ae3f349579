import type { EncryptedTarget, TargetCondition } from '../../lambda/shared/object-store';
import { S3ObjectStore } from '../../lambda/shared/s3-object-store';
import { type S3Stub, startS3Stub } from '../support/lambda-s3-stub';

/** What a copy that has to be encrypted as required says to S3, header by header. */
const OBJECT = { bucket: 'data-bucket', key: 'reports/2026 a+b.csv', versionId: 'v1' };
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/99999999-8888-4777-a666-555555555555';

let stub: S3Stub;

beforeEach(async () => {
  stub = await startS3Stub();
});

afterEach(() => stub.close());

async function sent(target: Partial<EncryptedTarget>, condition: TargetCondition = { ifMatch: '"e1"' }) {
  stub.answer({ status: 200, headers: { 'x-amz-version-id': 'v2' }, body: '<CopyObjectResult><ETag>"e2"</ETag></CopyObjectResult>' });
  const { bucket, key } = OBJECT;
  const copied = new S3ObjectStore(stub.client).copyAs(
    OBJECT,
    '"e1"',
    { bucket, key, encryption: { scheme: 'SSE-S3' }, ...target },
    condition,
  );
  await expect(copied).resolves.toEqual({ status: 'copied', versionId: 'v2' });
  expect(stub.requests).toHaveLength(1);
  const { method, target: path, headers } = stub.requests[0] ?? { method: 'none', target: '', headers: {} };
  return { method, path: path.replace(/\?.*/, ''), headers };
}

const encryptionIn = (headers: object) => Object.fromEntries(Object.entries(headers).filter(([name]) => name.includes('encryption')));

test.each<[EncryptedTarget['encryption'], Record<string, string>]>([
  [{ scheme: 'SSE-S3' }, { 'x-amz-server-side-encryption': 'AES256' }],
  [
    { scheme: 'SSE-KMS', keyArn: KEY_ARN },
    {
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': KEY_ARN,
      'x-amz-server-side-encryption-bucket-key-enabled': 'true',
    },
  ],
  // Which has no S3 Bucket Key.
  [
    { scheme: 'DSSE-KMS', keyArn: KEY_ARN },
    { 'x-amz-server-side-encryption': 'aws:kms:dsse', 'x-amz-server-side-encryption-aws-kms-key-id': KEY_ARN },
  ],
])('%j is asked for by these headers, and no other', async (encryption, expected) => {
  const { headers } = await sent({ encryption });
  expect(encryptionIn(headers)).toEqual(expected);
});

test('it is of the version that was judged, while that has the ETag of then, with all that describes it', async () => {
  const { method, path, headers } = await sent({});
  expect([method, path]).toEqual(['PUT', '/data-bucket/reports/2026%20a%2Bb.csv']);
  expect(headers).toMatchObject({
    'x-amz-copy-source': 'data-bucket/reports/2026%20a%2Bb.csv?versionId=v1',
    'x-amz-copy-source-if-match': '"e1"',
    'x-amz-metadata-directive': 'COPY',
    'x-amz-tagging-directive': 'COPY',
  });
  expect(Object.values(headers).filter((value) => value === 'COPY')).toHaveLength(3);
});

test.each<[TargetCondition, Record<string, string>]>([
  [{ ifMatch: '"e0"' }, { 'if-match': '"e0"' }],
  [{ ifNoneMatch: true }, { 'if-none-match': '*' }],
])('of what is in its place, %j is the condition', async (condition, expected) => {
  const { headers } = await sent({}, condition);
  expect(Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('if-')))).toEqual(expected);
});

test('storage class and redirect are stated where they are known, also a class that is newer than the SDK', async () => {
  const { headers } = await sent({ notCopied: { storageClass: 'A_NEW_CLASS', websiteRedirectLocation: '/elsewhere' } });
  expect(headers).toMatchObject({ 'x-amz-storage-class': 'A_NEW_CLASS', 'x-amz-website-redirect-location': '/elsewhere' });
});

test('storage class and redirect are not stated otherwise', async () => {
  const { headers } = await sent({ notCopied: {} });
  expect(Object.keys(headers).filter((name) => /storage-class|redirect/.test(name))).toEqual([]);
});
