import { S3ObjectStore } from '../../lambda/shared/s3-object-store';
import { type S3Stub, type StubAnswer, startS3Stub } from '../support/lambda-s3-stub';

const OBJECT = { bucket: 'data-bucket', key: 'a b/ä.bin', versionId: 'v1' };
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/99999999-8888-4777-a666-555555555555';
const TARGET = { bucket: 'quarantine-bucket', key: 'objects/copy', kmsKeyArn: KEY_ARN };
const UPLOAD = { target: TARGET, uploadId: 'upload-1' };
const XML = { 'content-type': 'application/xml' };
const NEVER = new AbortController().signal;

const xml = (body: string): StubAnswer => ({ status: 200, headers: XML, body });
const STARTED = xml('<InitiateMultipartUploadResult><UploadId>upload-1</UploadId></InitiateMultipartUploadResult>');
const noTags = xml('<Tagging><TagSet/></Tagging>');

let stub: S3Stub;
let store: S3ObjectStore;

beforeEach(async () => {
  stub = await startS3Stub();
  store = new S3ObjectStore(stub.client);
});

afterEach(() => stub.close());

/** The request that begins a copy of an object that has these headers and tags. */
async function creation(headers: Record<string, string> = {}, tags = noTags) {
  stub.answer({ status: 200, headers: { 'content-length': '10', etag: '"e1"', ...headers } }, tags, STARTED);
  await expect(store.startCopy(OBJECT, '"e1"', TARGET)).resolves.toEqual({ status: 'started', uploadId: 'upload-1' });
  const [head, tagging, create] = stub.requests;
  if (!head || !tagging || !create) throw new Error('three requests');
  return { head, tagging, create };
}

describe('a copy in parts begins with a request that', () => {
  test('is made only while the ETag is the one that was judged, of the version that is meant', async () => {
    const { head, tagging, create } = await creation();
    expect([head.method, head.headers['if-match']]).toEqual(['HEAD', '"e1"']);
    for (const { target } of [head, tagging]) expect(target).toContain('versionId=v1');
    expect([create.method, create.target]).toEqual(['POST', expect.stringMatching(/^\/quarantine-bucket\/objects\/copy\?uploads/)]);
  });

  test('is encrypted under the quarantine key, with an S3 Bucket Key', async () => {
    expect((await creation()).create.headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': KEY_ARN,
      'x-amz-server-side-encryption-bucket-key-enabled': 'true',
    });
  });

  test('states the headers that a copy in one request would take along', async () => {
    const given = {
      'content-type': 'text/csv; charset=utf-8',
      'cache-control': 'max-age=3600',
      'content-disposition': 'attachment; filename="a.csv"',
      'content-encoding': 'gzip',
      'content-language': 'de',
      expires: 'Thu, 01 Dec 2044 16:00:00 GMT',
      'x-amz-meta-author': 'ann',
      'x-amz-meta-origin': '=?UTF-8?B?w6Q=?=',
    };
    expect((await creation(given)).create.headers).toMatchObject(given);
  });

  test.each(['0', '-1', 'never', '2044-12-01'])(
    'is made also of an object that expires at %j, which is no date of HTTP, and leaves it out',
    async (expires) => {
      expect((await creation({ expires })).create.headers).not.toHaveProperty('expires');
    },
  );

  test('states the tags, encoded so that each character comes back', async () => {
    const TagSet = '<TagSet><Tag><Key>a b+c=d</Key><Value>x&amp;y/z@ä</Value></Tag><Tag><Key>e</Key><Value></Value></Tag></TagSet>';
    const { create } = await creation({}, xml(`<Tagging>${TagSet}</Tagging>`));
    expect(create.headers['x-amz-tagging']).toBe('a%20b%2Bc%3Dd=x%26y%2Fz%40%C3%A4&e=');
  });

  test('states no tags where there are none', async () => {
    expect((await creation()).create.headers).not.toHaveProperty('x-amz-tagging');
  });
});

test('a part names its range, its upload and the source, and is copied only while the ETag is the one that was judged', async () => {
  stub.answer(xml('<CopyPartResult><ETag>"p7"</ETag></CopyPartResult>'));
  const answer = await store.copyPart(OBJECT, '"e1"', UPLOAD, { number: 7, first: 100, last: 199 }, NEVER);
  expect(answer).toEqual({ status: 'copied', part: { number: 7, etag: '"p7"' } });
  const [request] = stub.requests;
  const query = Object.fromEntries(new URLSearchParams(request?.target.split('?')[1]));
  expect(query).toMatchObject({ partNumber: '7', uploadId: 'upload-1' });
  expect(request?.headers).toMatchObject({
    'x-amz-copy-source': 'data-bucket/a%20b/%C3%A4.bin?versionId=v1',
    'x-amz-copy-source-if-match': '"e1"',
    'x-amz-copy-source-range': 'bytes=100-199',
  });
});

test('a part, or a completion, that is cut off ends at once', async () => {
  const clock = new AbortController();
  clock.abort();
  await expect(store.copyPart(OBJECT, '"e1"', UPLOAD, { number: 1, first: 0, last: 9 }, clock.signal)).rejects.toThrow(/abort/i);
  await expect(store.completeCopy(UPLOAD, [{ number: 1, etag: '"p1"' }], clock.signal)).rejects.toThrow(/abort/i);
});

test.each([
  ['one', '<Annotations><AnnotationEntry><AnnotationName>summary</AnnotationName></AnnotationEntry></Annotations>', 'some'],
  ['none', '', 'none'],
])('annotations are listed of the version that is meant, no more than one: %s', async (_, annotations, status) => {
  stub.answer(xml(`<ListObjectAnnotationsOutput>${annotations}</ListObjectAnnotationsOutput>`));
  await expect(store.annotations(OBJECT)).resolves.toEqual({ status });
  const [request] = stub.requests;
  const query = new URLSearchParams(request?.target.split('?')[1]);
  expect([request?.method, query.has('annotation'), query.get('max-annotation-results'), query.get('versionId')]).toEqual([
    'GET',
    true,
    '1',
    'v1',
  ]);
});

test.each<[string, Record<string, string>, string | undefined]>([
  ['where there are versions', { 'x-amz-version-id': 'v2' }, 'v2'],
  ['and not where there are none', {}, undefined],
])('tags are told with the version that S3 took, %s', async (_, headers, versionId) => {
  const { key, bucket } = OBJECT;
  stub.answer({ ...noTags, headers: { ...XML, ...headers } }, { status: 200, headers });
  await expect(store.tags({ bucket, key })).resolves.toEqual({ status: 'found', tags: {}, versionId });
  await expect(store.replaceTags({ bucket, key }, {})).resolves.toEqual({ status: 'tagged', versionId });
});

test('parts are listed to the last page', async () => {
  const page = (numbers: number[], more: string) =>
    xml(
      `<ListPartsResult>${numbers.map((n) => `<Part><PartNumber>${n}</PartNumber><ETag>"p${n}"</ETag></Part>`).join('')}${more}</ListPartsResult>`,
    );
  const next = '<IsTruncated>true</IsTruncated><NextPartNumberMarker>2</NextPartNumberMarker>';
  // The last page has a next marker as well.
  const last = '<IsTruncated>false</IsTruncated><NextPartNumberMarker>5</NextPartNumberMarker>';
  stub.answer(page([1, 2], next), page([5], last));
  await expect(store.copiedParts(UPLOAD)).resolves.toEqual([1, 2, 5].map((number) => ({ number, etag: `"p${number}"` })));
  expect(stub.requests[1]?.target).toContain('part-number-marker=2');
  expect(stub.requests).toHaveLength(2);
});

test('of an upload without parts none are listed, in one request', async () => {
  stub.answer(xml('<ListPartsResult><NextPartNumberMarker>0</NextPartNumberMarker><IsTruncated>false</IsTruncated></ListPartsResult>'));
  await expect(store.copiedParts(UPLOAD)).resolves.toEqual([]);
  expect(stub.requests).toHaveLength(1);
});

test('a copy is completed by its parts, in order of their numbers, whatever the order in which they were copied', async () => {
  stub.answer({ ...xml('<CompleteMultipartUploadResult/>'), headers: { ...XML, 'x-amz-version-id': 'copy-v1' } });
  const parts = [3, 1, 2].map((number) => ({ number, etag: `"p${number}"` }));
  await expect(store.completeCopy(UPLOAD, parts, NEVER)).resolves.toEqual({ status: 'copied', versionId: 'copy-v1' });
  expect([...(stub.requests[0]?.body ?? '').matchAll(/<PartNumber>(\d)</g)].map(([, number]) => number)).toEqual(['1', '2', '3']);
});

test.each<[string, string, string | undefined]>([
  ['its very key', '<Upload><Key>objects/copy</Key><UploadId>u1</UploadId></Upload>', 'u1'],
  ['a key that goes on', '<Upload><Key>objects/copy/2</Key><UploadId>u2</UploadId></Upload>', undefined],
  ['none', '', undefined],
])('an upload is looked for by its key, and found under %s', async (_, uploads, uploadId) => {
  stub.answer(xml(`<ListMultipartUploadsResult>${uploads}</ListMultipartUploadsResult>`));
  await expect(store.findCopy(TARGET)).resolves.toEqual(uploadId && { target: TARGET, uploadId });
  expect(stub.requests[0]?.target).toContain('prefix=objects%2Fcopy');
});

describe('a checksum', () => {
  const of = (headers: Record<string, string>) => {
    stub.answer({ status: 200, headers: { 'content-length': '10', etag: '"e1"', ...headers } });
    return store.headWithChecksum(OBJECT);
  };

  test.each([
    ['ChecksumCRC64NVME', 'x-amz-checksum-crc64nvme'],
    ['ChecksumCRC32', 'x-amz-checksum-crc32'],
    ['ChecksumSHA256', 'x-amz-checksum-sha256'],
  ])('of the whole content is told, with its algorithm %s', async (algorithm, header) => {
    const answer = await of({ [header]: 'AAAA', 'x-amz-checksum-type': 'FULL_OBJECT' });
    expect(answer).toMatchObject({ head: { checksum: { algorithm, value: 'AAAA' } } });
    expect(stub.requests[0]?.headers['x-amz-checksum-mode']).toBe('ENABLED');
  });

  test('of the parts depends on how they were cut, and is not told', async () => {
    const answer = await of({ 'x-amz-checksum-crc32': 'AAAA-3', 'x-amz-checksum-type': 'COMPOSITE' });
    expect(answer).toMatchObject({ status: 'found', head: { checksum: undefined } });
  });

  test('of an older object is not there', async () => {
    await expect(of({})).resolves.toMatchObject({ status: 'found', head: { checksum: undefined } });
  });
});
