import fc from 'fast-check';
import { writtenObjectsIn } from '../../lambda/encryption-enforcer/parse-event';
import { MalformedEventError } from '../../lambda/shared/errors';
import { EVENT_TIME, formEncoded, notification, objectCreated, rekeyed } from '../support/events';

const SEEDED = { seed: 20261112, numRuns: 1000 } as const;

/** What S3 takes as a key: 1 to 1,024 bytes of UTF-8. Characters that encodings trip over come up often. */
const keys = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
    fc.string({ unit: fc.constantFrom('+', '%', ' ', '/', '2', 'B', '&', '=', '?', '#', 'é', '😀'), minLength: 1, maxLength: 40 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 256 }),
    fc.integer({ min: 1, max: 1024 }).map((length) => 'k'.repeat(length)),
  )
  .filter((key) => Buffer.byteLength(key) <= 1024);

const etags = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });
const versionIds = fc.option(fc.string({ unit: fc.constantFrom(...'aB3._-'), minLength: 1, maxLength: 32 }), { nil: undefined });
const objects = fc.record({ bucket: fc.constantFrom('data-bucket', 'other.bucket'), key: keys, etag: etags, versionId: versionIds });

test('any object survives the envelope of EventBridge', () => {
  fc.assert(
    fc.property(objects, (object) => {
      expect(writtenObjectsIn(JSON.stringify(objectCreated(object)))).toEqual([{ ...object, writtenAt: EVENT_TIME }]);
    }),
    SEEDED,
  );
});

test('any object survives the envelope of CloudTrail, but for its ETag, which CloudTrail does not tell', () => {
  fc.assert(
    fc.property(objects, ({ etag: _, ...object }) => {
      const [parsed, ...others] = writtenObjectsIn(JSON.stringify(rekeyed(object)));
      expect(others).toEqual([]);
      expect(parsed).toEqual({ ...object, writtenAt: EVENT_TIME, rekeyed: true });
    }),
    SEEDED,
  );
});

test('any objects survive the envelope of an S3 event notification, all and in order', () => {
  fc.assert(
    fc.property(fc.array(objects, { minLength: 1, maxLength: 5 }), (several) => {
      expect(writtenObjectsIn(JSON.stringify(notification(...several)))).toEqual(
        several.map((object) => ({ ...object, writtenAt: EVENT_TIME })),
      );
    }),
    SEEDED,
  );
});

test('a key survives an encoder that also encodes slashes, dots and letters', () => {
  const encodeAll = (key: string) => [...Buffer.from(key)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  fc.assert(
    fc.property(objects, (object) => {
      const body = JSON.stringify(notification(object)).replace(JSON.stringify(formEncoded(object.key)), `"${encodeAll(object.key)}"`);
      expect(writtenObjectsIn(body)).toEqual([{ ...object, writtenAt: EVENT_TIME }]);
    }),
    SEEDED,
  );
});

test('of any JSON there is either an answer or a MalformedEventError', () => {
  const envelopes = fc.oneof(
    fc.json(),
    fc.jsonValue().map((detail) => JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Created', detail })),
    fc.jsonValue().map((detail) => JSON.stringify({ source: 'aws.s3', 'detail-type': 'AWS API Call via CloudTrail', detail })),
    fc.jsonValue().map((requestParameters) => JSON.stringify(rekeyed({ bucket: 'b', key: 'k' }, { requestParameters }))),
    fc.jsonValue().map((s3) => JSON.stringify({ Records: [{ eventName: 'ObjectCreated:Put', s3 }] })),
    fc.jsonValue().map((detail) => JSON.stringify({ source: 'cdk-s3-encryption-guard', 'detail-type': 'Object To Verify', detail })),
    fc.string(),
  );
  fc.assert(
    fc.property(envelopes, (body) => {
      try {
        expect(writtenObjectsIn(body)).toEqual([]);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedEventError);
      }
    }),
    SEEDED,
  );
});
