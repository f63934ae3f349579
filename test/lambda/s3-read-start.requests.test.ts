import { RetryableError } from '../../lambda/shared/errors';
import { S3ObjectStore } from '../../lambda/shared/s3-object-store';
import { errorAnswer, type S3Stub, type StubAnswer, startS3Stub } from '../support/lambda-s3-stub';

const OBJECT = { bucket: 'data-bucket', key: 'reports/2026 + ä.csv', versionId: 'v1' };
const partOf = (body: string, whole: number): StubAnswer => ({
  status: 206,
  headers: { 'content-length': `${body.length}`, 'content-range': `bytes 0-${body.length - 1}/${whole}` },
  body,
});

let stub: S3Stub;
let store: S3ObjectStore;

beforeEach(async () => {
  stub = await startS3Stub();
  store = new S3ObjectStore(stub.client);
});

afterEach(() => stub.close());

describe('the start of an object', () => {
  test('is asked for by range, version and ETag', async () => {
    stub.answer(partOf('start', 1_000_000));
    await expect(store.readStart(OBJECT, 4096, '"e1"')).resolves.toMatchObject({ status: 'read', size: 1_000_000 });
    const [request] = stub.requests;
    expect(request?.method).toBe('GET');
    expect(decodeURIComponent(request?.target ?? '')).toMatch(/^\/data-bucket\/reports\/2026 \+ ä\.csv\?.*versionId=v1/);
    expect(request?.headers).toMatchObject({ range: 'bytes=0-4095', 'if-match': '"e1"' });
    expect(Object.keys(request?.headers ?? {}).filter((name) => name.includes('encryption'))).toEqual([]);
  });

  test('of whatever version is newest has neither version nor condition', async () => {
    stub.answer(partOf('start', 5));
    await store.readStart({ bucket: 'data-bucket', key: 'a' }, 16_384);
    expect(stub.requests[0]?.headers).toMatchObject({ range: 'bytes=0-16383' });
    expect(stub.requests[0]?.headers).not.toHaveProperty('if-match');
    expect(stub.requests[0]?.target).not.toContain('versionId');
  });

  test('without content is empty: S3 has no such range', async () => {
    stub.answer(errorAnswer(416, 'InvalidRange'));
    await expect(store.readStart(OBJECT, 4096)).resolves.toEqual({ status: 'read', bytes: new Uint8Array(), size: 0 });
  });

  test('of an S3 that does not know ranges is no more than was asked for', async () => {
    stub.answer({ status: 200, headers: { 'content-length': '5000000' }, body: 'x'.repeat(5_000_000) });
    const start = await store.readStart(OBJECT, 4096);
    expect(start).toEqual({ status: 'read', size: 5_000_000, bytes: Buffer.from('x'.repeat(4096)) });
  });

  test('that breaks off is asked for again', async () => {
    stub.answer({ ...partOf('start', 5), headers: { 'content-length': '500' }, breaks: 'in-body' });
    await expect(store.readStart(OBJECT, 4096)).rejects.toBeInstanceOf(RetryableError);
  });

  test.each<[string, StubAnswer, string]>([
    ['which is archived', errorAnswer(403, 'InvalidObjectState'), 'refused'],
    ['under a key that may not be used', errorAnswer(403, 'AccessDenied'), 'refused'],
    ['under a key that is disabled', errorAnswer(400, 'KMS.DisabledException'), 'refused'],
    ['which is another by now', errorAnswer(412, 'PreconditionFailed'), 'changed'],
    ['which is gone', errorAnswer(404, 'NoSuchKey'), 'gone'],
    ['whose version is gone', errorAnswer(404, 'NoSuchVersion'), 'gone'],
    ['which is a delete marker', errorAnswer(405, 'MethodNotAllowed'), 'gone'],
  ])('of one %s', async (_, answer, status) => {
    stub.answer(answer);
    await expect(store.readStart(OBJECT, 4096, '"e1"')).resolves.toMatchObject({ status });
  });
});

test('HEAD tells user metadata as the client wrote them', async () => {
  stub.answer({ status: 200, headers: { 'content-length': '6', etag: '"e1"', 'x-amz-meta-x-amz-c': '115', 'x-amz-meta-Origin': 'test' } });
  await expect(store.head(OBJECT)).resolves.toMatchObject({ head: { metadata: { 'x-amz-c': '115', origin: 'test' } } });
});
