import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { athenaQueries } from '../../lib/domain/audit-queries';
import { ask, at } from '../support/ask-athena';
import {
  ACCOUNT,
  bucketEvent,
  type CloudTrailRecord,
  KEY,
  kmsEvent,
  OTHER_KEY,
  objectEvent,
  READER,
  REGION,
  WRITER,
} from '../support/cloudtrail-events';

const UNSEEN_KEY = `arn:aws:kms:${REGION}:444455556666:key/aaaabbbb-12ab-34cd-56ef-1234567890ab`;

test('uploads-by-sse-applied counts uploads by what S3 applied, and keeps what clients asked for apart from defaults', async () => {
  const put = (sseApplied: string, time: string, kmsKey?: string, by = WRITER) =>
    objectEvent({ at: at(time), name: 'PutObject', bucket: 'records', key: `k${time}`, sseApplied, by, ...(kmsKey && { kmsKey }) });
  const log = [
    put('SSE_KMS', '09:00:00', KEY),
    put('SSE_KMS', '09:30:00', KEY, READER),
    put('SSE_KMS', '09:10:00', OTHER_KEY),
    put('Default_SSE_KMS', '09:20:00', KEY),
    put('SSE_C', '09:40:00'),
    objectEvent({ at: at('09:50:00'), name: 'GetObject', bucket: 'records', key: 'k', sseApplied: 'SSE_KMS' }),
    objectEvent({ at: at('09:51:00'), name: 'UploadPart', bucket: 'records', key: 'k' }),
  ];
  const rows = await ask('uploads-by-sse-applied', log);
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['records', 'Default_SSE_KMS', KEY, '1', '1', at('09:20:00'), at('09:20:00')],
    ['records', 'SSE_C', null, '1', '1', at('09:40:00'), at('09:40:00')],
    ['records', 'SSE_KMS', OTHER_KEY, '1', '1', at('09:10:00'), at('09:10:00')],
    ['records', 'SSE_KMS', KEY, '2', '2', at('09:00:00'), at('09:30:00')],
  ]);
  expect(Object.keys(rows[0] ?? {})).toEqual(['bucket', 'sse_applied', 'key_told_by_s3', 'uploads', 'principals', 'first_at', 'last_at']);
});

test('denied-kms-calls tells who was refused which key, also where KMS names it in the request only', async () => {
  const denied = { errorCode: 'AccessDenied', errorMessage: 'User is not authorized to perform: kms:Decrypt', requestParameters: null };
  const log = [
    kmsEvent({
      at: at('09:00:00'),
      name: 'Decrypt',
      by: READER,
      kmsKey: KEY,
      context: 'records/a/1',
      record: { errorCode: 'AccessDenied', errorMessage: 'no' },
    }),
    kmsEvent({
      at: at('09:05:00'),
      name: 'DescribeKey',
      kmsKey: KEY,
      record: { ...denied, requestParameters: { keyId: 'alias/data' }, resources: [] },
    }),
    kmsEvent({ at: at('09:10:00'), name: 'Decrypt', kmsKey: KEY, record: { errorCode: 'DisabledException' } }),
    kmsEvent({ at: at('09:15:00'), name: 'Decrypt', kmsKey: KEY }),
  ];
  expect(await ask('denied-kms-calls', log)).toEqual([
    {
      eventtime: at('09:00:00'),
      account: ACCOUNT,
      awsregion: REGION,
      principal: READER,
      invoked_by: 'AWS Internal',
      operation: 'Decrypt',
      kms_key: KEY,
      context: 'arn:aws:s3:::records/a/1',
      errorcode: 'AccessDenied',
      errormessage: 'no',
    },
    expect.objectContaining({
      operation: 'DescribeKey',
      kms_key: 'alias/data',
      invoked_by: null,
      context: null,
      errormessage: denied.errorMessage,
    }),
  ]);
});

test('insecure-transport shows old TLS, and what has no TLS at all unless an AWS service made the call', async () => {
  const put = (time: string, tls: boolean | string, record: Partial<CloudTrailRecord> = {}) =>
    objectEvent({ at: at(time), name: 'PutObject', bucket: 'records', key: 'a', tls, record });
  const log = [
    put('09:00:00', 'TLSv1.1'),
    put('09:05:00', false, { errorCode: 'AccessDenied' }),
    put('09:10:00', 'TLSv1.2'),
    put('09:15:00', true),
    put('09:20:00', false, { userIdentity: { type: 'AWSService', invokedBy: 'cloudtrail.amazonaws.com' } }),
    kmsEvent({ at: at('09:25:00'), name: 'Decrypt', kmsKey: KEY, context: 'records/a' }),
  ];
  expect((await ask('insecure-transport', log)).map((row) => Object.values(row))).toEqual([
    [at('09:00:00'), 's3.amazonaws.com', 'PutObject', WRITER, '192.0.2.10', 'records', 'TLSv1.1', null],
    [at('09:05:00'), 's3.amazonaws.com', 'PutObject', WRITER, '192.0.2.10', 'records', 'no TLS recorded', 'AccessDenied'],
  ]);
});

test('encryption-changes shows re-keyed objects and changed defaults, tries as well, and nothing else', async () => {
  const request = { bucketName: 'records', key: 'a/1' };
  const log = [
    bucketEvent({ at: at('09:00:00'), name: 'PutBucketEncryption', bucket: 'records' }),
    bucketEvent({ at: at('09:01:00'), name: 'DeleteBucketEncryption', bucket: 'records', record: { errorCode: 'AccessDenied' } }),
    objectEvent({
      at: at('09:02:00'),
      name: 'UpdateObjectEncryption',
      bucket: 'records',
      key: 'a/1',
      record: { requestParameters: request },
    }),
    bucketEvent({ at: at('09:03:00'), name: 'GetBucketEncryption', bucket: 'records' }),
    objectEvent({ at: at('09:04:00'), name: 'PutObject', bucket: 'records', key: 'a/1' }),
  ];
  const rows = await ask('encryption-changes', log);
  expect(rows.map(({ operation, bucket, object_key, errorcode }) => [operation, bucket, object_key, errorcode])).toEqual([
    ['PutBucketEncryption', 'records', null, null],
    ['DeleteBucketEncryption', 'records', null, 'AccessDenied'],
    ['UpdateObjectEncryption', 'records', 'a/1', null],
  ]);
  expect(rows[2]).toMatchObject({
    eventtime: at('09:02:00'),
    account: ACCOUNT,
    awsregion: REGION,
    principal: WRITER,
    request: JSON.stringify(request),
  });
});

describe('unused-keys', () => {
  const use = (time: string, kmsKey: string, record: Partial<CloudTrailRecord> = {}) =>
    kmsEvent({ at: time, name: 'Decrypt', kmsKey, record });
  const FIRST = '2026-05-01T00:00:00Z';

  test('are those whose last use is 90 days old, and those that were only looked at', async () => {
    const log = [
      use(FIRST, KEY),
      kmsEvent({ at: '2026-11-01T00:00:00Z', name: 'DescribeKey', kmsKey: OTHER_KEY }),
      use('2026-11-02T00:00:00Z', OTHER_KEY, { errorCode: 'AccessDenied' }),
    ];
    expect(await ask('unused-keys', log)).toEqual([
      { key_arn: OTHER_KEY, last_use: null, first_record_at: FIRST },
      { key_arn: KEY, last_use: FIRST, first_record_at: FIRST },
    ]);
  });

  test('are not those used since, as source or target of ReEncrypt either', async () => {
    const resources = [KEY, OTHER_KEY].map((ARN) => ({ accountId: ACCOUNT, type: 'AWS::KMS::Key', ARN }));
    const log = [
      use(FIRST, KEY),
      use(FIRST, OTHER_KEY),
      kmsEvent({ at: '2026-09-01T00:00:00Z', name: 'ReEncrypt', kmsKey: KEY, record: { resources } }),
    ];
    expect(await ask('unused-keys', log)).toEqual([]);
  });

  test('are also keys that the trail was told of and the log has never seen', async () => {
    const rows = await ask('unused-keys', [use(at('09:00:00'), KEY)], [KEY, UNSEEN_KEY]);
    expect(rows).toEqual([{ key_arn: UNSEEN_KEY, last_use: null, first_record_at: at('09:00:00') }]);
  });
});

test('every question has its section in docs/audit.md, and its row in the README', () => {
  const read = (path: string) => readFileSync(join(__dirname, '..', '..', path), 'utf8');
  const names = athenaQueries([]).map(({ name }) => name);
  expect([...read('docs/audit.md').matchAll(/^### ([a-z-]+)$/gm)].map(([, name]) => name)).toEqual(names);
  expect([...read('README.md').matchAll(/^\| `([a-z]+-[a-z-]+)` \|/gm)].map(([, name]) => name)).toEqual(names);
});
