import { ask, at } from '../support/ask-athena';
import { KEY, kmsEvent, OTHER_KEY, objectEvent, READER, WRITER } from '../support/cloudtrail-events';

const put = (key: string, time: string, more: Partial<Parameters<typeof objectEvent>[0]> = {}) =>
  objectEvent({ at: at(time), name: 'PutObject', bucket: 'records', key, sseApplied: 'SSE_KMS', kmsKey: KEY, ...more });
const dataKey = (context: string, time: string, more: Partial<Parameters<typeof kmsEvent>[0]> = {}) =>
  kmsEvent({ at: at(time), name: 'GenerateDataKey', kmsKey: KEY, context, ...more });

test('shows a write whose client named another object to KMS, and the name', async () => {
  expect(await ask('context-mismatch', [put('a/1', '09:00:00'), dataKey('payroll/2026', '09:00:01')])).toEqual([
    {
      eventtime: at('09:00:00'),
      principal: WRITER,
      operation: 'PutObject',
      bucket: 'records',
      object_key: 'a/1',
      key_told_by_s3: KEY,
      kms_names_instead: 'payroll/2026',
      kms_calls: '1',
    },
  ]);
});

test.each([
  ['another object of the same bucket', 'records/b'],
  ['another bucket, as with an S3 Bucket Key', 'payroll'],
])('shows one that named %s, also where the principal reads that at the same moment', async (_, context) => {
  const read = objectEvent({ at: at('09:00:02'), name: 'GetObject', bucket: 'payroll', key: 'x' });
  const readToo = objectEvent({ at: at('09:00:02'), name: 'GetObject', bucket: 'records', key: 'b' });
  const rows = await ask('context-mismatch', [put('a/1', '09:00:00'), dataKey(context, '09:00:04'), read, readToo]);
  expect(rows.map(({ object_key, kms_names_instead }) => [object_key, kms_names_instead])).toEqual([['a/1', context]]);
});

test.each([
  ['a write in its own name', [put('a/1', '09:00:00'), dataKey('records/a/1', '09:00:00')]],
  ["a write in its bucket's name", [put('a/1', '09:00:00'), dataKey('records', '09:00:03')]],
  [
    'two writes, each in its own name',
    [put('a/1', '09:00:00'), dataKey('records/a/1', '09:00:00'), put('a/2', '09:00:01'), dataKey('records/a/2', '09:00:01')],
  ],
  [
    'one whose bucket key is older, beside one in its own name',
    [put('a/1', '09:00:00'), put('b', '09:00:01', { bucket: 'plain' }), dataKey('plain/b', '09:00:01')],
  ],
  ['another name a minute later', [put('a/1', '09:00:00'), dataKey('payroll/2026', '09:01:00')]],
  ['another name by somebody else', [put('a/1', '09:00:00'), dataKey('payroll/2026', '09:00:00', { by: READER })]],
  ['another name under another key', [put('a/1', '09:00:00'), dataKey('payroll/2026', '09:00:00', { kmsKey: OTHER_KEY })]],
  [
    'what a copy decrypts',
    [
      put('a/1', '09:00:00', { name: 'CopyObject' }),
      dataKey('source/a', '09:00:00', { name: 'Decrypt' }),
      dataKey('records/a/1', '09:00:00'),
    ],
  ],
  ['a write that was refused', [put('a/1', '09:00:00', { record: { errorCode: 'AccessDenied' } }), dataKey('payroll/2026', '09:00:00')]],
])('does not show %s', async (_, log) => {
  expect(await ask('context-mismatch', log)).toEqual([]);
});

test('calls a write to a bucket that is not recorded by the same name, which its text says', async () => {
  const rows = await ask('context-mismatch', [put('a/1', '09:00:00'), dataKey('unrecorded/b', '09:00:01')]);
  expect(rows).toHaveLength(1);
});
