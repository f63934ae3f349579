import { createHash } from 'node:crypto';
import { S3ObjectStore } from '../../lambda/shared/s3-object-store';
import { type S3Stub, type StubAnswer, type StubRequest, startS3Stub } from '../support/lambda-s3-stub';

const OBJECT = { bucket: 'data-bucket', key: 'reports/2026.csv' };
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/99999999-8888-4777-a666-555555555555';
const TARGET = { bucket: 'quarantine-bucket', key: 'objects/copy', kmsKeyArn: KEY_ARN };
const XML = { 'content-type': 'application/xml' };
const COPIED: StubAnswer = {
  status: 200,
  headers: { ...XML, 'x-amz-version-id': 'copy-v1' },
  body: '<CopyObjectResult><ETag>"e2"</ETag></CopyObjectResult>',
};

let stub: S3Stub;
let store: S3ObjectStore;

beforeEach(async () => {
  stub = await startS3Stub();
  store = new S3ObjectStore(stub.client);
});

afterEach(() => stub.close());

/** The only request that was made, its path and query apart. */
function onlyRequest(): StubRequest & { path: string; query: Record<string, string> } {
  expect(stub.requests).toHaveLength(1);
  const [request] = stub.requests;
  if (request === undefined) throw new Error('no request');
  const [path = '', query = ''] = request.target.split('?');
  return { ...request, path, query: Object.fromEntries(new URLSearchParams(query)) };
}

describe('a copy', () => {
  const source = { ...OBJECT, versionId: 'v1' };

  async function copyRequest(object: { bucket: string; key: string; versionId?: string } = source) {
    stub.answer(COPIED);
    await expect(store.copy(object, '"e1"', TARGET)).resolves.toEqual({ status: 'copied', versionId: 'copy-v1' });
    return onlyRequest();
  }

  test('names its target, takes metadata, tags and annotations along, and only while the ETag is the one that was judged', async () => {
    const { method, path, headers } = await copyRequest();
    expect([method, path]).toEqual(['PUT', '/quarantine-bucket/objects/copy']);
    expect(headers).toMatchObject({
      'x-amz-copy-source': 'data-bucket/reports/2026.csv?versionId=v1',
      'x-amz-copy-source-if-match': '"e1"',
      'x-amz-metadata-directive': 'COPY',
      'x-amz-tagging-directive': 'COPY',
    });
    expect(Object.values(headers).filter((value) => value === 'COPY')).toHaveLength(3);
  });

  test('is encrypted under the quarantine key, with an S3 Bucket Key', async () => {
    const { headers } = await copyRequest();
    expect(headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': KEY_ARN,
      'x-amz-server-side-encryption-bucket-key-enabled': 'true',
    });
  });

  test('of an object without a version id names none', async () => {
    expect((await copyRequest(OBJECT)).headers['x-amz-copy-source']).toBe('data-bucket/reports/2026.csv');
  });

  test('of a null version names it', async () => {
    expect((await copyRequest({ ...OBJECT, versionId: 'null' })).headers['x-amz-copy-source']).toBe(
      'data-bucket/reports/2026.csv?versionId=null',
    );
  });

  test.each([
    ['a b', 'a%20b'],
    ['a+b', 'a%2Bb'],
    ['a%2Bb', 'a%252Bb'],
    ['ä/日', '%C3%A4/%E6%97%A5'],
    ['a?versionId=other', 'a%3FversionId%3Dother'],
    ['a#b&c=d', 'a%23b%26c%3Dd'],
    ['a//b/', 'a//b/'],
    ['😀', '%F0%9F%98%80'],
    ['a\nb\u0001', 'a%0Ab%01'],
  ])('of the key %j names it encoded once: %s', async (key, encoded) => {
    const { headers } = await copyRequest({ ...OBJECT, key, versionId: 'v1' });
    expect(headers['x-amz-copy-source']).toBe(`data-bucket/${encoded}?versionId=v1`);
  });

  test('without a version id in its answer is told so', async () => {
    stub.answer({ ...COPIED, headers: XML });
    await expect(store.copy(source, '"e1"', TARGET)).resolves.toEqual({ status: 'copied', versionId: undefined });
  });
});

describe('a delete', () => {
  test('of a version names it, and has no condition', async () => {
    stub.answer({ status: 204, headers: { 'x-amz-version-id': 'v1' } });
    await expect(store.deleteVersion({ ...OBJECT, versionId: 'v1' })).resolves.toEqual({ status: 'deleted' });
    const { method, path, query, headers } = onlyRequest();
    expect([method, path, query['versionId']]).toEqual(['DELETE', '/data-bucket/reports/2026.csv', 'v1']);
    expect(headers).not.toHaveProperty('if-match');
  });

  test.each([undefined, 'null'])(
    'of the current object (version id %s) has the ETag as condition, and names no version',
    async (versionId) => {
      stub.answer({ status: 204 });
      await expect(store.deleteCurrent({ ...OBJECT, versionId }, '"e1"')).resolves.toEqual({ status: 'deleted' });
      const { method, query, headers } = onlyRequest();
      expect([method, headers['if-match']]).toEqual(['DELETE', '"e1"']);
      expect(query).not.toHaveProperty('versionId');
    },
  );

  test('never bypasses a retention', async () => {
    stub.answer({ status: 204 }, { status: 204 });
    await store.deleteVersion({ ...OBJECT, versionId: 'v1' });
    await store.deleteCurrent(OBJECT, '"e1"');
    for (const { headers } of stub.requests) expect(headers).not.toHaveProperty('x-amz-bypass-governance-retention');
  });
});

describe('HEAD', () => {
  const FOUND: StubAnswer = { status: 200, headers: { 'content-length': '6', etag: '"e1"' } };

  test.each([
    ['v1', 'v1'],
    ['null', 'null'],
    [undefined, undefined],
  ])('of version %s asks for version %s, with no key', async (versionId, asked) => {
    stub.answer(FOUND);
    await store.head({ ...OBJECT, versionId });
    const { method, query, headers } = onlyRequest();
    expect([method, query['versionId']]).toEqual(['HEAD', asked]);
    expect(Object.keys(headers).filter((name) => name.includes('encryption') || name.includes('checksum-mode'))).toEqual([]);
  });

  test.each(['a b', 'a+b', 'a%2Bb', 'ä/日', 'a?b#c', 'a//b/', '/a', './a', 'a/../b', "it's (1)!*"])(
    'asks for the very key %j',
    async (key) => {
      stub.answer(FOUND);
      await store.head({ ...OBJECT, key });
      expect(decodeURIComponent(onlyRequest().path)).toBe(`/data-bucket/${key}`);
    },
  );

  test('with a throw-away key sends a well-formed key of 256 bits: the same from one store, another from another', async () => {
    const other = new S3ObjectStore(stub.client);
    stub.answer({ status: 403 }, { status: 403 }, { status: 403 });
    await store.headWithThrowAwayKey({ ...OBJECT, versionId: 'v1' });
    await store.headWithThrowAwayKey(OBJECT);
    await other.headWithThrowAwayKey(OBJECT);
    const keys = stub.requests.map(({ headers }) => {
      const key = Buffer.from(String(headers['x-amz-server-side-encryption-customer-key']), 'base64');
      expect(key).toHaveLength(32);
      expect(headers['x-amz-server-side-encryption-customer-algorithm']).toBe('AES256');
      expect(headers['x-amz-server-side-encryption-customer-key-md5']).toBe(createHash('md5').update(key).digest('base64'));
      return key.toString('hex');
    });
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
    expect(stub.requests[0]?.target).toContain('versionId=v1');
  });
});

test('tags are read from, and written to, the version that is meant', async () => {
  const TagSet = '<TagSet><Tag><Key>a &amp; b</Key><Value>x</Value></Tag><Tag><Key>c</Key><Value></Value></Tag></TagSet>';
  stub.answer({ status: 200, headers: XML, body: `<Tagging>${TagSet}</Tagging>` }, { status: 200 });
  await expect(store.tags({ ...OBJECT, versionId: 'v1' })).resolves.toEqual({ status: 'found', tags: { 'a & b': 'x', c: '' } });
  await expect(store.replaceTags({ ...OBJECT, versionId: 'v1' }, { 'a & b': 'x', c: '' })).resolves.toEqual({ status: 'tagged' });
  const [read, written] = stub.requests;
  for (const request of [read, written]) expect(request?.target).toMatch(/^\/data-bucket\/reports\/2026.csv\?tagging.*versionId=v1/);
  expect([read?.method, written?.method]).toEqual(['GET', 'PUT']);
  expect(written?.body).toContain(TagSet);
});

test('no tags are an empty list', async () => {
  stub.answer({ status: 200, headers: XML, body: '<Tagging><TagSet/></Tagging>' });
  await expect(store.tags(OBJECT)).resolves.toEqual({ status: 'found', tags: {} });
});

test('a document is JSON, encrypted under the quarantine key', async () => {
  stub.answer({ status: 200 });
  await store.putDocument(TARGET, '{"version":1}');
  const { method, path, headers, body } = onlyRequest();
  expect([method, path, body]).toEqual(['PUT', '/quarantine-bucket/objects/copy', expect.stringContaining('{"version":1}')]);
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': KEY_ARN,
  });
});
