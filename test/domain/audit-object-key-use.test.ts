import { ask, at } from '../support/ask-athena';
import { KEY, kmsEvent, OTHER_KEY, objectEvent, READER, WRITER } from '../support/cloudtrail-events';

describe('object-key-use', () => {
  const put = (key: string, time: string, more: Partial<Parameters<typeof objectEvent>[0]> = {}) =>
    objectEvent({ at: at(time), name: 'PutObject', bucket: 'records', key, sseApplied: 'SSE_KMS', kmsKey: KEY, ...more });
  const get = (key: string, time: string) => objectEvent({ at: at(time), name: 'GetObject', bucket: 'records', key, by: READER });

  test('names of a write the key that S3 answered, and the same one from the KMS event of that object', async () => {
    const log = [put('a/1', '09:00:00'), kmsEvent({ at: at('09:00:01'), name: 'GenerateDataKey', kmsKey: KEY, context: 'records/a/1' })];
    expect(await ask('object-key-use', log)).toEqual([
      {
        eventtime: at('09:00:00'),
        principal: WRITER,
        operation: 'PutObject',
        bucket: 'records',
        object_key: 'a/1',
        sse_applied: 'SSE_KMS',
        key_told_by_s3: KEY,
        key_seen_by_kms: KEY,
        keys_seen_by_kms: '1',
        kms_names: 'object',
      },
    ]);
  });

  test('finds the key of a read in KMS, where S3 answers none, and tells readers apart', async () => {
    const decrypt = (by: string, kmsKey: string) => kmsEvent({ at: at('10:00:00'), name: 'Decrypt', by, kmsKey, context: 'records/a/1' });
    const [row, ...others] = await ask('object-key-use', [get('a/1', '10:00:00'), decrypt(READER, OTHER_KEY), decrypt(WRITER, KEY)]);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      operation: 'GetObject',
      principal: READER,
      key_told_by_s3: null,
      key_seen_by_kms: OTHER_KEY,
      kms_names: 'object',
    });
  });

  test('with an S3 Bucket Key says no more of a read than the bucket, also when KMS was asked long before, and more than once', async () => {
    const fetched = ['07:00:00', '08:00:00'].map((time) =>
      kmsEvent({ at: at(time), name: 'Decrypt', by: READER, kmsKey: KEY, context: 'records' }),
    );
    const rows = await ask('object-key-use', [...fetched, get('a/1', '10:00:00'), get('b/2', '11:00:00')]);
    expect(
      rows.map(({ object_key, key_seen_by_kms, keys_seen_by_kms, kms_names }) => [
        object_key,
        key_seen_by_kms,
        keys_seen_by_kms,
        kms_names,
      ]),
    ).toEqual([
      ['a/1', KEY, '1', 'bucket only'],
      ['b/2', KEY, '1', 'bucket only'],
    ]);
  });

  test('says when a bucket had two keys, so that the one shown may not be the one', async () => {
    const fetched = [KEY, OTHER_KEY].map((kmsKey, hour) =>
      kmsEvent({ at: at(`0${hour + 7}:00:00`), name: 'Decrypt', by: READER, kmsKey, context: 'records' }),
    );
    const [row] = await ask('object-key-use', [...fetched, get('a/1', '10:00:00')]);
    expect(row).toMatchObject({ key_seen_by_kms: OTHER_KEY, keys_seen_by_kms: '2', kms_names: 'bucket only' });
  });

  test.each([
    ['of another object', { context: 'records/a/12', time: '09:00:00' }],
    ['of the object in another bucket', { context: 'other/a/1', time: '09:00:00' }],
    ['of the object, a minute later', { context: 'records/a/1', time: '09:01:00' }],
    ['of the bucket, afterwards', { context: 'records', time: '09:01:00' }],
  ])('does not take a KMS event %s for this one', async (_, { context, time }) => {
    const [row] = await ask('object-key-use', [
      put('a/1', '09:00:00'),
      kmsEvent({ at: at(time), name: 'GenerateDataKey', kmsKey: KEY, context }),
    ]);
    expect(row).toMatchObject({ key_told_by_s3: KEY, key_seen_by_kms: null, keys_seen_by_kms: '0', kms_names: 'none' });
  });

  test('tells the key of the hour of each read, where a bucket got another in between', async () => {
    const fetched = (time: string, kmsKey: string) => kmsEvent({ at: at(time), name: 'Decrypt', by: READER, kmsKey, context: 'records' });
    const log = [fetched('07:00:00', KEY), fetched('09:00:00', OTHER_KEY), fetched('11:00:05', KEY), fetched('11:00:06', OTHER_KEY)];
    const rows = await ask('object-key-use', [
      ...log,
      get('a', '06:59:54'),
      get('b', '08:00:00'),
      get('c', '10:00:00'),
      get('d', '11:00:00'),
    ]);
    expect(rows.map(({ object_key, key_seen_by_kms, keys_seen_by_kms }) => [object_key, key_seen_by_kms, keys_seen_by_kms])).toEqual([
      ['a', null, '0'],
      ['b', KEY, '1'],
      ['c', OTHER_KEY, '2'],
      ['d', KEY, '2'],
    ]);
  });

  test.each([['09:00:03'], ['09:00:05'], ['09:00:07'], ['08:59:55']])(
    'takes a KMS event of the object at %s for this one once',
    async (time) => {
      const reads = [get('a/1', '09:00:00'), get('a/2', '09:00:00')];
      const decrypt = kmsEvent({ at: at(time), name: 'Decrypt', by: READER, kmsKey: KEY, context: 'records/a/1' });
      const rows = await ask('object-key-use', [...reads, decrypt]);
      const isNear = time !== '09:00:07';
      expect(rows.map(({ kms_names, keys_seen_by_kms }) => [kms_names, keys_seen_by_kms])).toEqual([
        isNear ? ['object', '1'] : ['none', '0'],
        ['none', '0'],
      ]);
    },
  );

  test('leaves out what was refused, and what is older than the days looked at', async () => {
    const refused = put('a/1', '09:00:00', { record: { errorCode: 'AccessDenied' } });
    const old = put('a/2', '09:00:00', { at: '2026-11-12T09:00:00Z' });
    expect(await ask('object-key-use', [refused, old])).toEqual([]);
  });
});
