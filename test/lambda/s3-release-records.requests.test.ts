import type { ReleaseRecord } from '../../lambda/quarantine-release/release-record';
import { S3ReleaseRecords } from '../../lambda/quarantine-release/s3-release-records';
import type { EncryptedTarget } from '../../lambda/shared/object-store';
import { S3ObjectStore } from '../../lambda/shared/s3-object-store';
import { type S3Stub, startS3Stub } from '../support/lambda-s3-stub';

/** What the records of a release, and the copy that puts an object back, say to S3 on the wire, and what is made of its answers. */
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/99999999-8888-4777-a666-555555555555';
const KEY = 'releases/data-bucket/a b/v1.json';
const RECORD = { version: 1, action: 'release', state: 'begun' } as unknown as ReleaseRecord;

let stub: S3Stub;
let records: S3ReleaseRecords;

beforeEach(async () => {
  stub = await startS3Stub();
  records = new S3ReleaseRecords({ bucket: 'the-quarantine', keyArn: KEY_ARN }, stub.client);
});

afterEach(() => stub.close());

const error = (status: number, code: string) => ({ status, body: `<Error><Code>${code}</Code><Message>no</Message></Error>` });

test.each([
  [{ ifNoneMatch: true } as const, { 'if-none-match': '*' }],
  [{ ifMatch: '"e1"' } as const, { 'if-match': '"e1"' }],
])('a record is written on a condition, under the key of the quarantine: %j', async (condition, header) => {
  stub.answer({ status: 200, headers: { etag: '"e2"' } });
  await expect(records.write(KEY, RECORD, condition)).resolves.toBe('"e2"');
  const [{ method, target, headers, body } = { method: '', target: '', headers: {}, body: '' }] = stub.requests;
  expect([method, target.replace(/\?.*/, '')]).toEqual(['PUT', '/the-quarantine/releases/data-bucket/a%20b/v1.json']);
  expect(headers).toMatchObject({
    ...header,
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': KEY_ARN,
  });
  expect(body).toContain('"action": "release"');
});

test.each([
  [412, 'PreconditionFailed'],
  [404, 'NoSuchKey'],
])('what S3 answers %s to was not written, and somebody else was faster', async (status, code) => {
  stub.answer(error(status, code));
  await expect(records.write(KEY, RECORD, { ifMatch: '"e1"' })).resolves.toBeUndefined();
});

test.each([
  [409, 'ConditionalRequestConflict'],
  [403, 'AccessDenied'],
  [503, 'SlowDown'],
])('whether it was written is not known after %s, so that it fails', async (status, code) => {
  stub.answer(error(status, code));
  await expect(records.write(KEY, RECORD, { ifNoneMatch: true })).rejects.toThrow(code);
});

test('a record is read with its ETag; there is none where S3 says so, and nowhere else', async () => {
  stub.answer(
    { status: 200, headers: { etag: '"e1"' }, body: JSON.stringify(RECORD) },
    error(404, 'NoSuchKey'),
    error(403, 'AccessDenied'),
  );
  await expect(records.read(KEY)).resolves.toEqual({ record: RECORD, etag: '"e1"' });
  await expect(records.read(KEY)).resolves.toBeUndefined();
  await expect(records.read(KEY)).rejects.toThrow('AccessDenied');
});

const version = (key: string, id: string) => `<Version><Key>${key}</Key><VersionId>${id}</VersionId></Version>`;
const page = (content: string, next = '') => ({
  status: 200,
  body: `<ListVersionsResult><IsTruncated>${next !== ''}</IsTruncated>${next}${content}</ListVersionsResult>`,
});

test('all versions of exactly that key are found, over pages, with delete markers, and with what locks them', async () => {
  const marker = '<DeleteMarker><Key>objects/a</Key><VersionId>v3</VersionId></DeleteMarker>';
  stub.answer(
    page(version('objects/a', 'v1'), '<NextKeyMarker>objects/a</NextKeyMarker><NextVersionIdMarker>v1</NextVersionIdMarker>'),
    { status: 200, headers: { 'x-amz-object-lock-mode': 'GOVERNANCE', 'x-amz-object-lock-retain-until-date': '2999-01-01T00:00:00Z' } },
    page(version('objects/a', 'v2') + marker + version('objects/ab', 'v4')),
    { status: 200, headers: { 'x-amz-object-lock-mode': 'GOVERNANCE', 'x-amz-object-lock-retain-until-date': '2001-01-01T00:00:00Z' } },
  );
  await expect(records.versionsOf('objects/a')).resolves.toEqual([
    { versionId: 'v1', isDeleteMarker: false, lock: 'GOVERNANCE retention until 2999-01-01T00:00:00.000Z' },
    { versionId: 'v2', isDeleteMarker: false, lock: undefined },
    { versionId: 'v3', isDeleteMarker: true },
  ]);
  expect(stub.requests[2]?.target).toMatch(/key-marker=objects%2Fa&.*version-id-marker=v1/);
});

test('a legal hold locks, too', async () => {
  stub.answer(page(version('objects/a', 'v1')), { status: 200, headers: { 'x-amz-object-lock-legal-hold': 'ON' } });
  await expect(records.versionsOf('objects/a')).resolves.toMatchObject([{ lock: 'a legal hold is on it' }]);
});

describe('an object is put back', () => {
  const source = { bucket: 'the-quarantine', key: 'objects/a', versionId: 'v1' };
  const target: EncryptedTarget = { bucket: 'data-bucket', key: 'a', encryption: { scheme: 'SSE-S3' }, tags: { 'pro ject': 'x&y' } };

  test('with tags of its own in place of those of the copy, and if need be without any', async () => {
    const copied = { status: 200, body: '<CopyObjectResult><ETag>"e2"</ETag></CopyObjectResult>' };
    stub.answer(copied, copied);
    const store = new S3ObjectStore(stub.client);
    await store.copyAs(source, '"e1"', target, { ifNoneMatch: true });
    await store.copyAs(source, '"e1"', { ...target, tags: {} });
    const [first, second] = stub.requests.map(({ headers }) => headers);
    expect(first).toMatchObject({ 'x-amz-tagging-directive': 'REPLACE', 'x-amz-tagging': 'pro%20ject=x%26y', 'if-none-match': '*' });
    expect(second).toMatchObject({ 'x-amz-tagging-directive': 'REPLACE', 'x-amz-metadata-directive': 'COPY' });
    for (const name of ['x-amz-tagging', 'if-none-match', 'if-match']) expect(second).not.toHaveProperty([name]);
  });

  test('in parts, likewise, and on top of what was seen only', async () => {
    const store = new S3ObjectStore(stub.client);
    const created = '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>';
    stub.answer({ status: 200, headers: { etag: '"e1"', 'content-type': 'text/csv' } }, { status: 200, body: created });
    await expect(store.startCopy(source, '"e1"', target)).resolves.toEqual({ status: 'started', uploadId: 'u1' });
    expect(stub.requests[1]?.headers).toMatchObject({
      ...{ 'x-amz-tagging': 'pro%20ject=x%26y', 'x-amz-server-side-encryption': 'AES256', 'content-type': 'text/csv' },
    });
    const { signal } = new AbortController();
    stub.answer(error(412, 'PreconditionFailed'));
    const completed = store.completeCopy({ target, uploadId: 'u1' }, [{ number: 1, etag: '"p1"' }], signal, { ifMatch: '"e0"' });
    await expect(completed).resolves.toEqual({ status: 'changed' });
    expect(stub.requests[2]?.headers).toMatchObject({ 'if-match': '"e0"' });
  });
});

const onTop = (tag: string, key: string, more = '') =>
  page(`<EncodingType>url</EncodingType><${tag}><Key>${key}</Key><VersionId>m1</VersionId>${more}</${tag}>`);
const DATE = '<LastModified>2026-11-12T10:00:00.000Z</LastModified>';

test('a delete marker that lies on top is found, with its date, by asking for the first version of that key', async () => {
  stub.answer(onTop('DeleteMarker', 'a/b+%C3%A4%0A', DATE));
  await expect(records.deleteMarkerOn({ bucket: 'data-bucket', key: 'a/b ä\n' })).resolves.toEqual({
    versionId: 'm1',
    lastModified: new Date('2026-11-12T10:00:00Z'),
  });
  const [request] = stub.requests;
  expect(request?.method).toBe('GET');
  const { pathname, searchParams } = new URL(request?.target ?? '', 'http://s3');
  expect(pathname).toBe('/data-bucket/');
  expect(Object.fromEntries(searchParams)).toMatchObject({ versions: '', prefix: 'a/b ä\n', 'max-keys': '1', 'encoding-type': 'url' });
});

test.each([
  ['an object', onTop('Version', 'a', DATE)],
  ['nothing', page('')],
  ['a delete marker of another key that begins so', onTop('DeleteMarker', 'ab', DATE)],
])('%s on top is none', async (_, answer) => {
  stub.answer(answer);
  await expect(records.deleteMarkerOn({ bucket: 'data-bucket', key: 'a' })).resolves.toBeUndefined();
});

test('a delete marker without a date has none, and one that may not be looked for is not taken for none', async () => {
  stub.answer(onTop('DeleteMarker', 'a'), error(403, 'AccessDenied'));
  await expect(records.deleteMarkerOn({ bucket: 'data-bucket', key: 'a' })).resolves.toEqual({ versionId: 'm1', lastModified: undefined });
  await expect(records.deleteMarkerOn({ bucket: 'data-bucket', key: 'a' })).rejects.toThrow('AccessDenied');
});
