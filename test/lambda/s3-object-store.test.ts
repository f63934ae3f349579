import { RetryableError } from '../../lambda/shared/errors';
import { errorAnswer, type StubAnswer } from '../support/lambda-s3-stub';
import { ALL_CALLS, callsFailingWith, type StoreCall, stubbedStore } from '../support/store-calls';

const { answered } = stubbedStore();

describe('HEAD, whose errors are a status only,', () => {
  test.each(['head', 'headWithThrowAwayKey'] as const)('%s: the status is the answer', async (call) => {
    for (const [status, expected] of [
      [400, 'bad-request'],
      [403, 'forbidden'],
      [404, 'gone'],
      [405, 'gone'],
    ] as const) {
      await expect(answered(call, { status })).resolves.toEqual({ status: expected });
    }
  });

  test('says gone of a current delete marker, and of a marker named by its version id', async () => {
    const marker = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': 'm1' };
    await expect(answered('head', { status: 404, headers: marker })).resolves.toEqual({ status: 'gone' });
    const named = { ...marker, allow: 'DELETE', 'last-modified': 'Tue, 10 Nov 2026 10:00:00 GMT' };
    await expect(answered('head', { status: 405, headers: named })).resolves.toEqual({ status: 'gone' });
  });

  const FOUND = { 'content-length': '6', etag: '"e1"', 'x-amz-version-id': 'v1' };
  const key = 'arn:aws:kms:eu-west-1:111122223333:key/k';

  test.each<[string, Record<string, string>, object]>([
    ['SSE-S3', { 'x-amz-server-side-encryption': 'AES256' }, { ServerSideEncryption: 'AES256' }],
    [
      'SSE-KMS',
      { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': key },
      { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key },
    ],
    [
      'DSSE-KMS',
      { 'x-amz-server-side-encryption': 'aws:kms:dsse', 'x-amz-server-side-encryption-aws-kms-key-id': key },
      { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: key },
    ],
    ['aws:fsx', { 'x-amz-server-side-encryption': 'aws:fsx' }, { ServerSideEncryption: 'aws:fsx' }],
    ['SSE-C', { 'x-amz-server-side-encryption-customer-algorithm': 'AES256' }, { SSECustomerAlgorithm: 'AES256' }],
  ])('tells size, ETag, version and %s', async (_, headers, encryption) => {
    const answer = await answered('head', { status: 200, headers: { ...FOUND, ...headers } });
    expect(answer).toMatchObject({ status: 'found', head: { size: 6, etag: '"e1"', versionId: 'v1', encryption } });
  });

  test('tells of an empty object without encryption, in a bucket without versions', async () => {
    const answer = await answered('head', { status: 200, headers: { 'content-length': '0', etag: '"e1"' } });
    expect(answer).toMatchObject({ status: 'found', head: { size: 0, versionId: undefined } });
    expect(answer).not.toHaveProperty('head.encryption.ServerSideEncryption', expect.anything());
  });

  test('tells when the object was created, if S3 does', async () => {
    const modified = { ...FOUND, 'last-modified': 'Tue, 10 Nov 2026 10:00:00 GMT' };
    const found = await answered('head', { status: 200, headers: modified });
    expect(found).toMatchObject({ head: { lastModified: new Date('2026-11-10T10:00:00Z') } });
    await expect(answered('head', { status: 200, headers: FOUND })).resolves.toMatchObject({ head: { lastModified: undefined } });
  });

  test('is tried again if it tells no ETag', async () => {
    await expect(answered('head', { status: 200, headers: { 'content-length': '6' } })).rejects.toThrow(RetryableError);
  });

  test.each([301, 409, 429, 500, 501, 503])('is tried again after %d', async (status) => {
    await expect(answered('head', { status })).rejects.toThrow(RetryableError);
  });
});

describe('errors that the same request will meet again are refusals:', () => {
  test.each<[StoreCall, number, string]>([
    ['copy', 403, 'AccessDenied'],
    ['copy', 403, 'InvalidObjectState'],
    ['copy', 403, 'ObjectNotInActiveTierError'],
    ['copy', 400, 'InvalidRequest'],
    ['copy', 400, 'EntityTooLarge'],
    ['copy', 400, 'KMS.DisabledException'],
    ['copy', 400, 'KMS.KMSInvalidStateException'],
    ['copy', 400, 'KMS.NotFoundException'],
    ['deleteVersion', 403, 'AccessDenied'],
    ['deleteCurrent', 403, 'AccessDenied'],
    ['tags', 403, 'AccessDenied'],
    ['replaceTags', 403, 'AccessDenied'],
    ['replaceTags', 400, 'BadRequest'],
    ['replaceTags', 400, 'InvalidTag'],
  ])('%s: %d %s, with the words of S3', async (call, status, code) => {
    const answer = await answered(call, errorAnswer(status, code, 'No, for a reason'));
    expect(answer).toEqual({ status: 'refused', why: expect.stringMatching(`^${code.replace('.', '\\.')}: No, for a reason`) });
  });
});

describe('an object that is not what it was:', () => {
  test.each<[StoreCall, number, string, string]>([
    ['copy', 404, 'NoSuchKey', 'gone'],
    ['copy', 404, 'NoSuchVersion', 'gone'],
    ['copy', 412, 'PreconditionFailed', 'changed'],
    ['deleteCurrent', 404, 'NoSuchKey', 'gone'],
    ['deleteCurrent', 412, 'PreconditionFailed', 'changed'],
    ['deleteVersion', 404, 'NoSuchVersion', 'gone'],
    ['tags', 404, 'NoSuchKey', 'gone'],
    ['tags', 404, 'NoSuchVersion', 'gone'],
    ['replaceTags', 404, 'NoSuchKey', 'gone'],
    ['replaceTags', 404, 'NoSuchVersion', 'gone'],
    // A delete marker has neither content nor tags; S3 says 405 where one is named by its version id.
    ['tags', 405, 'MethodNotAllowed', 'gone'],
    ['replaceTags', 405, 'MethodNotAllowed', 'gone'],
  ])('%s: %d %s is %s', async (call, status, code, expected) => {
    await expect(answered(call, errorAnswer(status, code))).resolves.toEqual({ status: expected });
  });
});

describe('what may pass by itself is tried again:', () => {
  const passing: [number, string, string][] = [
    [503, 'SlowDown', 'Please reduce your request rate.'],
    [503, 'SlowDown', 'The request was throttled by AWS KMS: Rate exceeded (ThrottlingException)'],
    [503, 'ServiceUnavailable', 'Reduce your request rate.'],
    [500, 'InternalError', 'We encountered an internal error. Please try again.'],
    [400, 'RequestTimeout', 'Your socket connection to the server was not read from or written to'],
    [400, 'ExpiredToken', 'The provided token has expired.'],
    [403, 'RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.'],
    [403, 'InvalidAccessKeyId', 'The access key ID does not exist in our records.'],
    [404, 'NoSuchBucket', 'The specified bucket does not exist'],
    [409, 'ConditionalRequestConflict', 'A conflicting operation occurred'],
    [409, 'OperationAborted', 'A conflicting conditional operation is currently in progress'],
    [301, 'PermanentRedirect', 'The bucket must be addressed using another endpoint.'],
    [418, 'AnErrorOfTheFuture', 'Nobody knows'],
  ];

  test.each(passing)('%d %s: %s', async (status, code, message) => {
    for (const call of callsFailingWith(code)) {
      const failure = answered(call, errorAnswer(status, code, message));
      await expect(failure).rejects.toThrow(RetryableError);
      await expect(failure).rejects.toThrow(`${status}: ${code}: ${message}`);
    }
  });

  test.each(ALL_CALLS)('%s: a connection that breaks', async (call) => {
    await expect(answered(call, { status: 200, breaks: 'at-once' })).rejects.toThrow(RetryableError);
  });

  test.each(['putDocument', 'readDocument'] as const)('%s: a refusal, for without receipts nothing can go on', async (call) => {
    for (const code of ['AccessDenied', 'KMS.DisabledException']) {
      await expect(answered(call, errorAnswer(403, code))).rejects.toThrow(RetryableError);
    }
  });

  test('a receipt whose transfer breaks is not taken for one that is complete', async () => {
    const answer: StubAnswer = { status: 200, headers: { 'content-length': '100' }, body: '{"version":1', breaks: 'in-body' };
    await expect(answered('readDocument', answer)).rejects.toThrow(RetryableError);
  });

  test.each(['InternalError', 'SlowDown'])('a copy that is answered 200 with the error %s in its body', async (code) => {
    const { body = '' } = errorAnswer(200, code);
    await expect(answered('copy', { status: 200, headers: { 'content-type': 'application/xml' }, body })).rejects.toThrow(RetryableError);
  });
});

test('a receipt that is not there is none, and is told from a bucket that is not there', async () => {
  await expect(answered('readDocument', errorAnswer(404, 'NoSuchKey'))).resolves.toBeUndefined();
  await expect(answered('readDocument', errorAnswer(404, 'NoSuchBucket'))).rejects.toThrow(RetryableError);
});
