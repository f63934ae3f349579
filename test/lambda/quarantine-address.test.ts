import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type QuarantinedVersion, quarantineAddress } from '../../lambda/shared/quarantine-address';

const SEEDED = { seed: 20261112, numRuns: 2000 } as const;
const ETAG = '"b1946ac92492d2347c6235b4d2611184"';

describe('a version lies', () => {
  test.each<[string, Partial<QuarantinedVersion>, string]>([
    ['under its bucket, key and version id', { versionId: 'v1' }, 'data-bucket/reports/2026.csv/v1'],
    ['without a version id, under its ETag', {}, 'data-bucket/reports/2026.csv/etag-b1946ac92492d2347c6235b4d2611184'],
    ['as a null version, under its ETag', { versionId: 'null' }, 'data-bucket/reports/2026.csv/etag-b1946ac92492d2347c6235b4d2611184'],
    ['as a folder, below its two slashes', { key: 'folder/', versionId: 'v1' }, 'data-bucket/folder//v1'],
  ])('%s', (_, version, place) => {
    const address = quarantineAddress({ bucket: 'data-bucket', key: 'reports/2026.csv', etag: ETAG, ...version });
    expect(address).toEqual({
      objectKey: `objects/${place}`,
      receiptKey: `receipts/${place}.json`,
      refusalKey: `refusals/${place}.json`,
      rekeyedKey: `rekeyed/${place}.json`,
    });
  });

  test('under the hash of its key, where the key is too long', () => {
    const key = 'ü'.repeat(512);
    const hash = createHash('sha256').update(key, 'utf8').digest('hex');
    const { objectKey, receiptKey } = quarantineAddress({ bucket: 'data-bucket', key, versionId: 'v1', etag: ETAG });
    expect(objectKey).toContain(hash);
    expect(receiptKey).toContain(hash);
  });
});

describe('a date, which HEAD knows and an event does not,', () => {
  const lastModified = new Date('2026-11-12T09:59:00.000Z');
  const NULL_VERSION = { bucket: 'data-bucket', key: 'k', versionId: 'null', etag: ETAG };

  test('tells copies of null versions with the same bytes apart, and leaves the receipt where it is found', () => {
    const [undated, dated] = [quarantineAddress(NULL_VERSION), quarantineAddress({ ...NULL_VERSION, lastModified })];
    expect(dated).toEqual({ ...undated, objectKey: `${undated.objectKey}-20261112T095900Z` });
  });

  test('tells nothing of a version with an id of its own', () => {
    const version = { ...NULL_VERSION, versionId: 'v1' };
    expect(quarantineAddress({ ...version, lastModified })).toEqual(quarantineAddress(version));
  });

  test('does not make a key too long, nor lead to another place, at any length', () => {
    for (let length = 900; length <= 1024; length += 1) {
      const version = { ...NULL_VERSION, key: 'k'.repeat(length) };
      const { objectKey, ...others } = quarantineAddress({ ...version, lastModified });
      expect(Buffer.byteLength(objectKey)).toBeLessThanOrEqual(1024);
      expect({ ...others, objectKey: objectKey.slice(0, -17) }).toEqual(quarantineAddress(version));
    }
  });
});

test('an event, whose ETag has no quotes, and HEAD, whose ETag has, lead to the same place', () => {
  const object = { bucket: 'data-bucket', key: 'k' };
  expect(quarantineAddress({ ...object, etag: ETAG.replaceAll('"', '') })).toEqual(
    quarantineAddress({ ...object, etag: ETAG, versionId: 'null' }),
  );
});

const hex = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

/** Few different parts, so that two versions drawn at random are often almost the same. Version ids of AWS have 32 characters. */
const versions = fc.record({
  bucket: fc.oneof(fc.constantFrom('abc', 'abc.objects'), fc.constant('b'.repeat(63))),
  key: fc
    .oneof(
      fc.constantFrom('a', 'a/', 'a/b', '/a', 'v1', 'a/v1', 'etag-00', 'a.json', 'a/v1.json', 'é', 'e\u0301'),
      fc.integer({ min: 850, max: 1024 }).map((length) => 'k'.repeat(length)),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1000 }),
    )
    .filter((key) => Buffer.byteLength(key) <= 1024),
  versionId: fc.oneof(
    fc.constantFrom(undefined, 'null', 'v1', 'v2'),
    fc.string({ unit: fc.constantFrom(...'aZ09._-'), minLength: 32, maxLength: 32 }),
  ),
  etag: fc.oneof(
    fc.constantFrom('"00"', '"11"'),
    hex(32),
    hex(32).map((digits) => `"${digits}-10000"`),
  ),
});

/** What makes two versions the same one. */
const identity = ({ bucket, key, versionId, etag }: QuarantinedVersion) =>
  JSON.stringify([bucket, key, versionId === undefined || versionId === 'null' ? { etag: etag.replaceAll('"', '') } : versionId]);

test('the same version has the same place, and all of its keys are short enough for S3', () => {
  fc.assert(
    fc.property(versions, (version) => {
      const address = quarantineAddress(version);
      expect(quarantineAddress({ ...version })).toEqual(address);
      for (const key of Object.values(address)) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1024);
    }),
    SEEDED,
  );
});

test('different versions have different places, and no place is one of two of: object, receipt, refusal, note of a re-keying', () => {
  fc.assert(
    fc.property(versions, versions, (one, other) => {
      const [a, b] = [quarantineAddress(one), quarantineAddress(other)];
      const keys = new Set([...Object.values(a), ...Object.values(b)]);
      expect(keys.size).toBe(identity(one) === identity(other) ? 4 : 8);
    }),
    { ...SEEDED, numRuns: 10_000 },
  );
});

test('a key that is named like the hash of another does not take its place', () => {
  const long = 'k'.repeat(1024);
  const { objectKey } = quarantineAddress({ bucket: 'data-bucket', key: long, etag: ETAG });
  const lookalike = objectKey.split('/').slice(2, -1).join('/');
  expect(quarantineAddress({ bucket: 'data-bucket', key: lookalike, etag: ETAG }).objectKey).not.toBe(objectKey);
});
