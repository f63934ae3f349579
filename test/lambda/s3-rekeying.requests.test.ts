import { createHash } from 'node:crypto';
import { S3ObjectStore } from '../../lambda/shared/s3-object-store';
import { errorAnswer, type S3Stub, type StubAnswer, startS3Stub } from '../support/lambda-s3-stub';

/**
 * UpdateObjectEncryption as it goes over the wire. No engine has it: those at hand take it for a PUT of an empty object. So the form is that of the
 * API's own page: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateObjectEncryption.html
 */
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/99999999-8888-4777-a666-555555555555';
const OBJECT = { bucket: 'data-bucket', key: 'reports/2026 a+b.csv', versionId: 'v1' };

let stub: S3Stub;

beforeEach(async () => {
  stub = await startS3Stub();
});

afterEach(() => stub.close());

function rekeyed(answer: StubAnswer, object = OBJECT) {
  stub.answer(answer);
  return new S3ObjectStore(stub.client).rekey(object, KEY_ARN);
}

/** An S3 that understands UpdateObjectEncryption and nothing else, as its API page prints request and answer. */
function understood() {
  const [request, ...more] = stub.requests;
  expect(more).toEqual([]);
  const [path = '', query = ''] = (request?.target ?? '').split('?');
  const { encryption, versionId, 'x-id': _sdk, ...others } = Object.fromEntries(new URLSearchParams(query));
  expect([request?.method, encryption, others]).toEqual(['PUT', '', {}]);
  const body =
    /^(?:<\?xml[^>]*\?>)?<ObjectEncryption xmlns="http:\/\/s3\.amazonaws\.com\/doc\/2006-03-01\/"><SSE-KMS>(.*)<\/SSE-KMS><\/ObjectEncryption>$/;
  const inside = body.exec(request?.body ?? '')?.[1] ?? `not understood: ${request?.body}`;
  const fields = Object.fromEntries([...inside.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name = '', value = '']) => [name, value]));
  return { path: decodeURIComponent(path), versionId, fields };
}

test('it names the very version, the key by its full ARN, and states the S3 Bucket Key', async () => {
  await expect(rekeyed({ status: 200 })).resolves.toEqual({ status: 'rekeyed' });
  expect(understood()).toEqual({
    path: '/data-bucket/reports/2026 a+b.csv',
    versionId: 'v1',
    fields: { KMSKeyArn: KEY_ARN, BucketKeyEnabled: 'true' },
  });
});

test('it says nothing of encryption in its headers, where a PUT would, and carries a checksum of its body', async () => {
  await rekeyed({ status: 200 });
  const [{ headers, body } = { headers: {} as Record<string, unknown>, body: '' }] = stub.requests;
  expect(Object.keys(headers).filter((name) => name.startsWith('x-amz-server-side'))).toEqual([]);
  const sums = Object.entries(headers).filter(([name]) => /^(content-md5|x-amz-checksum-)/.test(name));
  expect(sums).toHaveLength(1);
  expect(createHash('sha256').update(body).digest('hex')).toBe(headers['x-amz-content-sha256']);
});

describe('what S3 says instead:', () => {
  test.each<[string, StubAnswer, string]>([
    ['an object under Object Lock, or a key of another account', errorAnswer(403, 'AccessDenied'), 'refused'],
    ['DSSE-KMS, SSE-C or no encryption before', errorAnswer(400, 'InvalidRequest'), 'refused'],
    ['an S3 that does not know it', errorAnswer(501, 'NotImplemented'), 'refused'],
    ['one that does not allow it there', errorAnswer(405, 'MethodNotAllowed'), 'refused'],
    ['an object that is gone', errorAnswer(404, 'NoSuchKey'), 'gone'],
    ['a version that is gone', errorAnswer(404, 'NoSuchVersion'), 'gone'],
  ])('%s', async (_, answer, status) => {
    await expect(rekeyed(answer)).resolves.toMatchObject({ status });
  });
});
