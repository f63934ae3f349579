import { RetryableError, ThrottledError } from '../../lambda/shared/errors';
import { errorAnswer, type StubAnswer } from '../support/lambda-s3-stub';
import { callsFailingWith, HEADS, type StoreCall, stubbedStore, WITH_BODY } from '../support/store-calls';

const store = stubbedStore();

const answered = (call: StoreCall, ...answers: readonly StubAnswer[]) => store.answered(call, ...answers).catch((error: unknown) => error);

const classOf = (error: unknown) =>
  error instanceof ThrottledError ? 'throttled' : error instanceof RetryableError ? 'tried again' : JSON.stringify(error);

describe('whoever asks too often is told so by S3 in several ways, all of which are throttling:', () => {
  test.each<[number, string, string]>([
    [503, 'SlowDown', 'Please reduce your request rate.'],
    [
      503,
      'SlowDown',
      'The rate of requests to AWS KMS exceeded the limit (Service: AWSKMS; Status Code: 400; Error Code: ThrottlingException)',
    ],
    [503, 'ServiceUnavailable', 'Reduce your request rate.'],
    [400, 'ThrottlingException', 'You have exceeded the rate at which you may call KMS.'],
    [429, 'TooManyRequestsException', 'Too many requests'],
    [429, 'AnErrorOfTheFuture', 'Nobody knows'],
  ])('%d %s: %s', async (status, code, message) => {
    for (const call of WITH_BODY)
      expect([call, classOf(await answered(call, errorAnswer(status, code, message)))]).toEqual([call, 'throttled']);
  });

  test.each(HEADS)('%s: 503 and 429, which a HEAD has no words for', async (call) => {
    for (const status of [503, 429]) expect(classOf(await answered(call, { status }))).toBe('throttled');
  });

  test.each(['copy', 'copyAs', 'copyPart', 'completeCopy'] as const)('%s: SlowDown in the body of a 200', async (call) => {
    const { body = '' } = errorAnswer(200, 'SlowDown');
    expect(classOf(await answered(call, { status: 200, headers: { 'content-type': 'application/xml' }, body }))).toBe('throttled');
  });
});

test('what fails for another reason is tried again, and is no throttling', async () => {
  for (const [status, code] of [
    [500, 'InternalError'],
    [403, 'InvalidAccessKeyId'],
    [404, 'NoSuchBucket'],
    [409, 'OperationAborted'],
  ] as const) {
    for (const call of callsFailingWith(code)) {
      expect([call, classOf(await answered(call, errorAnswer(status, code)))]).toEqual([call, 'tried again']);
    }
  }
  for (const call of WITH_BODY) {
    expect([call, classOf(await answered(call, { status: 200, breaks: 'at-once' }))]).toEqual([call, 'tried again']);
  }
  for (const call of HEADS) expect([call, classOf(await answered(call, { status: 500 }))]).toEqual([call, 'tried again']);
});

describe('an object that is not there:', () => {
  const marker = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': 'm1' };

  test.each<[string, StoreCall, StubAnswer, string]>([
    ['with ListBucket, HEAD says 404', 'head', { status: 404 }, 'gone'],
    ['without ListBucket, HEAD says 403', 'head', { status: 403 }, 'forbidden'],
    ['HEAD of a current delete marker says 404', 'head', { status: 404, headers: marker }, 'gone'],
    ['HEAD of a delete marker by its version id says 405', 'head', { status: 405, headers: { ...marker, allow: 'DELETE' } }, 'gone'],
    ['HEAD for a checksum says 404', 'headWithChecksum', { status: 404 }, 'gone'],
    ['with ListBucket, a copy says NoSuchKey', 'copy', errorAnswer(404, 'NoSuchKey'), 'gone'],
    ['a copy says NoSuchVersion', 'copy', errorAnswer(404, 'NoSuchVersion'), 'gone'],
    ['without ListBucket, a copy says AccessDenied', 'copy', errorAnswer(403, 'AccessDenied'), 'refused'],
    ['a part says NoSuchKey', 'copyPart', errorAnswer(404, 'NoSuchKey'), 'gone'],
    ['a copy in parts begins with a HEAD that says 404', 'startCopy', { status: 404 }, 'gone'],
    ['a copy in parts begins with a HEAD of a delete marker', 'startCopy', { status: 405, headers: marker }, 'gone'],
  ])('%s', async (_, call, answer, status) => {
    await expect(answered(call, answer)).resolves.toMatchObject({ status });
  });
});

describe('an object that is another by now says 412:', () => {
  test.each(['copy', 'copyAs', 'copyPart', 'deleteCurrent'] as const)('%s', async (call) => {
    await expect(answered(call, errorAnswer(412, 'PreconditionFailed'))).resolves.toEqual({ status: 'changed' });
  });

  test('startCopy, whose HEAD has no body', async () => {
    await expect(answered('startCopy', { status: 412 })).resolves.toEqual({ status: 'changed' });
  });
});

describe('a copy with a condition on its target', () => {
  test('that somebody else writes to at the same time is tried again', async () => {
    expect(classOf(await answered('copyAs', errorAnswer(409, 'ConditionalRequestConflict')))).toBe('tried again');
  });

  // As S3 answers where the bucket policy enforces conditions: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
  test('that S3 does not implement is refused, which is no reason to copy without', async () => {
    await expect(answered('copyAs', errorAnswer(501, 'NotImplemented'))).resolves.toMatchObject({ status: 'refused' });
  });

  test('is refused if its original is archived', async () => {
    await expect(answered('copyAs', errorAnswer(403, 'InvalidObjectState'))).resolves.toMatchObject({ status: 'refused' });
  });

  test('whose place holds no object any more is gone', async () => {
    await expect(answered('copyAs', errorAnswer(404, 'NoSuchKey'))).resolves.toEqual({ status: 'gone' });
  });
});

describe('a copy in parts', () => {
  const HEAD: StubAnswer = { status: 200, headers: { 'content-length': '10', etag: '"e1"' } };
  const TAGS: StubAnswer = { status: 200, body: '<Tagging><TagSet></TagSet></Tagging>' };

  test.each<[string, StubAnswer[]]>([
    ['its tags may not be read', [HEAD, errorAnswer(403, 'AccessDenied')]],
    ['the quarantine takes nothing', [HEAD, TAGS, errorAnswer(403, 'AccessDenied')]],
  ])('is refused where %s', async (_, answers) => {
    await expect(answered('startCopy', ...answers)).resolves.toMatchObject({
      status: 'refused',
      why: expect.stringMatching(/^AccessDenied/),
    });
  });

  test.each<[string, StubAnswer]>([
    ['403', { status: 403 }],
    ['400', { status: 400 }],
  ])('whose HEAD says %s is tried again: it was there, and readable, before', async (_, answer) => {
    expect(classOf(await answered('startCopy', answer))).toBe('tried again');
  });

  test('that is not there any more is told from everything else', async () => {
    const gone = errorAnswer(404, 'NoSuchUpload');
    await expect(answered('copiedParts', gone)).resolves.toBeUndefined();
    await expect(answered('copyPart', gone)).resolves.toEqual({ status: 'upload-gone' });
    await expect(answered('completeCopy', gone)).resolves.toEqual({ status: 'upload-gone' });
    await expect(answered('abandonCopy', gone)).resolves.toBeUndefined();
    const withItsBucket = errorAnswer(404, 'NoSuchBucket');
    await expect(answered('abandonCopy', withItsBucket)).resolves.toBeUndefined();
    await expect(answered('copiedParts', withItsBucket)).resolves.toBeUndefined();
  });

  test('with a part that is not what it was is told from everything else: its parts are to be listed anew', async () => {
    await expect(answered('completeCopy', errorAnswer(400, 'InvalidPart'))).resolves.toEqual({ status: 'part-changed' });
  });
});

describe('annotations', () => {
  test.each<[string, StubAnswer, string]>([
    ['that may not be listed are refused: there may be some', errorAnswer(403, 'AccessDenied'), 'refused'],
    ['of a request that S3 finds wrong are refused', errorAnswer(400, 'InvalidRequest'), 'refused'],
    ['of what is not there are gone', errorAnswer(404, 'NoSuchKey'), 'gone'],
    ['are none where S3 does not know them', errorAnswer(501, 'NotImplemented'), 'none'],
    ['are none where S3 does not allow to ask for them', errorAnswer(405, 'MethodNotAllowed'), 'none'],
  ])('%s', async (_, answer, status) => {
    await expect(answered('annotations', answer)).resolves.toMatchObject({ status });
  });

  test('of which S3 does not speak in words that are known are asked for again', async () => {
    expect(classOf(await answered('annotations', errorAnswer(400, 'AnErrorOfTheFuture')))).toBe('tried again');
  });
});
