import { writtenObjectsIn } from '../../lambda/encryption-enforcer/parse-event';
import { MalformedEventError } from '../../lambda/shared/errors';
import {
  EVENT_TIME,
  notification,
  notificationRecord,
  objectCreated,
  objectDeleted,
  objectTagsAdded,
  rekeyed,
  testEvent,
} from '../support/events';

const OBJECT = {
  bucket: 'data-bucket',
  key: 'reports/2026.csv',
  etag: '0123456789abcdef0123456789abcdef',
  versionId: 'IYV3p45BT0ac8hjHg1houSdS1a',
};
/** As every event says. */
const WRITTEN = { writtenAt: EVENT_TIME };
const parsed = (event: unknown) => writtenObjectsIn(JSON.stringify(event));

describe.each([
  ['EventBridge', objectCreated],
  ['an S3 event notification', (object: typeof OBJECT) => notification(object)],
])('an event of %s', (_, event) => {
  test('names bucket, key, version and ETag, and when it was written', () => {
    expect(parsed(event(OBJECT))).toEqual([{ ...OBJECT, ...WRITTEN }]);
  });

  test('names no version where the bucket has none', () => {
    const { versionId: _none, ...unversioned } = OBJECT;
    expect(parsed(event({ ...unversioned } as typeof OBJECT))).toEqual([{ ...unversioned, ...WRITTEN, versionId: undefined }]);
  });

  test('names no version and no ETag where they are empty', () => {
    const empty = { ...OBJECT, versionId: '', etag: '' };
    expect(parsed(event(empty))).toEqual([{ ...OBJECT, ...WRITTEN, versionId: undefined, etag: undefined }]);
  });

  test.each([
    'a b',
    'a+b',
    'a%2Bb',
    'a%20b',
    '100%',
    'folder/',
    '/',
    ' ',
    'ä/日本/😀',
    '"<&>\'\\',
    '\u0001\n\t',
    'x'.repeat(1024),
    '日'.repeat(341),
  ])('keeps the key %j', (key) => {
    expect(parsed(event({ ...OBJECT, key }))).toEqual([{ ...OBJECT, ...WRITTEN, key }]);
  });
});

describe('a notification', () => {
  test('is read to its last record', () => {
    const objects = ['first', 'second', 'third'].map((key) => ({ ...OBJECT, key }));
    expect(parsed(notification(...objects))).toEqual(objects.map((object) => ({ ...object, ...WRITTEN })));
  });

  test.each(['Put', 'Post', 'Copy', 'CompleteMultipartUpload'])('tells of a write by ObjectCreated:%s', (how) => {
    expect(parsed({ Records: [notificationRecord(OBJECT, `ObjectCreated:${how}`)] })).toEqual([{ ...OBJECT, ...WRITTEN }]);
  });

  test('may hold other events between writes', () => {
    const records = [
      notificationRecord(OBJECT, 'ObjectRemoved:Delete'),
      notificationRecord(OBJECT),
      notificationRecord(OBJECT, 'ObjectTagging:Put'),
    ];
    expect(parsed({ Records: records })).toEqual([{ ...OBJECT, ...WRITTEN }]);
  });
});

describe('a data event of CloudTrail', () => {
  const { etag: _untold, ...TOLD } = OBJECT;

  test('tells of re-keying: bucket, key, version, and when', () => {
    expect(parsed(rekeyed(OBJECT))).toEqual([{ ...TOLD, ...WRITTEN, rekeyed: true }]);
  });

  test('names no version where the caller named none', () => {
    expect(parsed(rekeyed({ ...OBJECT, versionId: undefined }))).toEqual([{ ...TOLD, ...WRITTEN, versionId: undefined, rekeyed: true }]);
  });

  test.each<[string, object]>([
    ['a call that was refused', { errorCode: 'AccessDenied', requestParameters: null }],
    ['an upload, of which S3 itself tells', { eventName: 'PutObject' }],
  ])('is about no object where it is about %s', (_, change) => {
    expect(parsed(rekeyed(OBJECT, change))).toEqual([]);
  });

  test.each<[string, object]>([
    ['no call', { eventName: undefined }],
    ['no parameters', { requestParameters: null }],
    ['no key', { requestParameters: { bucketName: OBJECT.bucket } }],
    ['a bucket name that is none', { requestParameters: { bucketName: '../x', key: 'k' } }],
    ['a time that is none', { eventTime: 'yesterday' }],
  ])('is malformed with %s', (_, change) => {
    expect(() => parsed(rekeyed(OBJECT, change))).toThrow(MalformedEventError);
  });
});

test('a PutObject, a POST, a copy and a multipart upload are all `Object Created` in EventBridge', () => {
  for (const reason of ['PutObject', 'POST Object', 'CopyObject', 'CompleteMultipartUpload']) {
    const event = objectCreated(OBJECT);
    expect(parsed({ ...event, detail: { ...event.detail, reason } })).toEqual([{ ...OBJECT, ...WRITTEN }]);
  }
});

test.each([
  ['Object Deleted', objectDeleted(OBJECT)],
  ['Object Tags Added', objectTagsAdded(OBJECT)],
  ['s3:TestEvent', testEvent(OBJECT.bucket)],
  ['ObjectRemoved:DeleteMarkerCreated', { Records: [notificationRecord(OBJECT, 'ObjectRemoved:DeleteMarkerCreated')] }],
])('%s tells of no written object', (_, event) => {
  expect(parsed(event)).toEqual([]);
});

test('a bucket name that could lead to another parameter than its own is refused', () => {
  for (const bucket of ['../other-enforcer/bucket', 'a/b', 'ab', 'bucket name', 'bücket', 'x'.repeat(256)]) {
    expect(() => parsed(objectCreated({ ...OBJECT, bucket }))).toThrow(MalformedEventError);
  }
  expect(parsed(objectCreated({ ...OBJECT, bucket: 'Old_Bucket.NAME' }))).toEqual([{ ...OBJECT, ...WRITTEN, bucket: 'Old_Bucket.NAME' }]);
});

describe('a message that the enforcer sent anew', () => {
  const detail = { ...OBJECT, writtenAt: '2026-11-12T00:00:00.000Z', resends: 3, throttles: 2, resentSince: '2026-11-12T00:01:00.000Z' };
  const resent = (changed: object = {}) => ({
    source: 'cdk-s3-encryption-guard',
    'detail-type': 'Object To Verify',
    detail: { ...detail, ...changed },
  });

  test('names its object as it is, and how often and since when it was sent', () => {
    const key = 'a+b %2B/ä';
    const since = { resends: 3, throttles: 2, resentSince: new Date('2026-11-12T00:01:00Z') };
    expect(parsed(resent({ key }))).toEqual([{ ...OBJECT, ...WRITTEN, ...since, key }]);
  });

  test('may leave out version, ETag, time, and how often it was throttled', () => {
    const none = { versionId: undefined, etag: undefined, writtenAt: undefined, resentSince: undefined, throttles: undefined };
    expect(parsed(resent(none))).toEqual([{ bucket: OBJECT.bucket, key: OBJECT.key, resends: 3, throttles: 0 }]);
  });

  test.each<[string, unknown]>([
    ['of another kind', { ...resent(), 'detail-type': 'S3 Object Encryption Violation' }],
    ['without a kind', { ...resent(), 'detail-type': undefined }],
    ['without detail', { ...resent(), detail: undefined }],
    ['without bucket', resent({ bucket: undefined })],
    ['with a bucket that leads elsewhere', resent({ bucket: '../other-enforcer/bucket' })],
    ['without key', resent({ key: undefined })],
    ['with a version id that is a number', resent({ versionId: 7 })],
    ['without a count', resent({ resends: undefined })],
    ['with a count that is text', resent({ resends: '3' })],
    ['with half a count', resent({ resends: 0.5 })],
    ['throttled half a time', resent({ throttles: 0.5 })],
    ['written at no time', resent({ writtenAt: 'yesterday' })],
    ['sent since no time', resent({ resentSince: 'yesterday' })],
  ])('%s is malformed', (_, message) => {
    expect(() => parsed(message)).toThrow(MalformedEventError);
  });
});

test.each<[string, unknown]>([
  ['EventBridge', { ...objectCreated(OBJECT), time: 'yesterday' }],
  ['an S3 event notification', { Records: [{ ...notificationRecord(OBJECT), eventTime: 'yesterday' }] }],
])('an event of %s at no time is malformed', (_, event) => {
  expect(() => parsed(event)).toThrow(MalformedEventError);
});

describe('is malformed, not skipped:', () => {
  const event = objectCreated(OBJECT);
  const withObject = (object: object) => ({ ...event, detail: { ...event.detail, object } });
  const record = notificationRecord(OBJECT);
  const withS3 = (s3: object) => ({ Records: [{ ...record, s3: { ...record.s3, ...s3 } }] });

  test.each([
    ['an empty body', ''],
    ['text', 'hello'],
    ['JSON cut short', JSON.stringify(event).slice(0, -20)],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '7'],
    ['an empty object', '{}'],
  ])('a body that is %s', (_, body) => {
    expect(() => writtenObjectsIn(body)).toThrow(MalformedEventError);
  });

  test.each([
    ['an event of another source', { ...event, source: 'aws.ec2' }],
    ['a notification whose major version is another', { Records: [{ ...record, eventVersion: '3.0' }] }],
    ['a notification without a version', { Records: [{ ...record, eventVersion: undefined }] }],
    ['a notification whose event has the name of its configuration', { Records: [{ ...record, eventName: 's3:ObjectCreated:Put' }] }],
    ['an SNS envelope', { Type: 'Notification', MessageId: 'id', Message: JSON.stringify(notification(OBJECT)) }],
    ['an event of S3 that does not say what happened', { ...event, 'detail-type': undefined }],
    ['an event without detail', { ...event, detail: undefined }],
    ['a detail that is text', { ...event, detail: 'text' }],
    ['an event without bucket', { ...event, detail: { ...event.detail, bucket: undefined } }],
    ['a bucket without name', { ...event, detail: { ...event.detail, bucket: {} } }],
    ['an event without object', { ...event, detail: { ...event.detail, object: undefined } }],
    ['an object without key', withObject({ etag: OBJECT.etag })],
    ['an empty key', withObject({ key: '' })],
    ['a key that is a number', withObject({ key: 7 })],
    ['a version id that is a number', withObject({ key: 'k', 'version-id': 7 })],
    ['an ETag that is a list', withObject({ key: 'k', etag: [] })],
    ['Records that are no list', { Records: {} }],
    ['a record that is text', { Records: ['text'] }],
    ['a record that is null', { Records: [null] }],
    ['a record without eventName', { Records: [{ ...record, eventName: undefined }] }],
    ['a record without s3', { Records: [{ ...record, s3: undefined }] }],
    ['a record without bucket', withS3({ bucket: undefined })],
    ['a record without object', withS3({ object: undefined })],
    ['a record whose key is not form-encoded', withS3({ object: { key: '100%' } })],
    ['a record whose key is not UTF-8', withS3({ object: { key: '%FF' } })],
  ])('%s', (_, body) => {
    expect(() => parsed(body)).toThrow(MalformedEventError);
  });

  test.each([0, 1, 2])('a notification of three records, of which number %d is bad', (bad) => {
    const records: unknown[] = [record, record, record];
    records[bad] = { ...record, s3: {} };
    expect(() => parsed({ Records: records })).toThrow(MalformedEventError);
  });
});
