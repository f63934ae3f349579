import fc from 'fast-check';
import { MAX_COPY_BYTES, missingParts, partRanges } from '../../lambda/shared/part-ranges';

const SEEDED = { seed: 20261112, numRuns: 300 } as const;
const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
/** S3's own limits: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const LARGEST_PART = 5 * GiB;
const MOST_PARTS = 10_000;
const LARGEST_OBJECT = LARGEST_PART * MOST_PARTS;

/** Powers of two and what lies around them come up often. */
const sizes = fc.oneof(
  fc.integer({ min: 5 * GiB + 1, max: LARGEST_OBJECT }),
  fc.integer({ min: 33, max: 45 }).chain((power) => fc.integer({ min: -2, max: 2 }).map((more) => 2 ** power + more)),
  fc.constantFrom(5 * GiB + 1, 50e12, MOST_PARTS * 512 * MiB, MOST_PARTS * 512 * MiB + 1, LARGEST_OBJECT - 1, LARGEST_OBJECT),
);

test('the parts of any object, up to the largest there is, cover each of its bytes once, and S3 takes them', () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const parts = partRanges(size);
      expect(parts.length).toBeLessThanOrEqual(MOST_PARTS);
      let next = 0;
      for (const [at, { number, first, last }] of parts.entries()) {
        // Compared by hand: with 10,000 parts, `expect` takes minutes.
        const isLast = at === parts.length - 1;
        const bytes = last - first + 1;
        if (number !== at + 1 || first !== next || bytes > LARGEST_PART || bytes < 1 || (!isLast && bytes < 5 * MiB))
          throw new Error(`part ${number} of ${size} bytes: ${first} to ${last}`);
        next = last + 1;
      }
      expect(next).toBe(size);
    }),
    SEEDED,
  );
});

test('an object is cut the same each time, so that parts of two tries fit together', () => {
  fc.assert(
    fc.property(sizes, (size) => {
      expect(JSON.stringify(partRanges(size))).toBe(JSON.stringify(partRanges(size)));
    }),
    { ...SEEDED, numRuns: 20 },
  );
});

test('parts are small enough to be copied in little time, as long as their number allows', () => {
  for (const size of [MAX_COPY_BYTES + 1, 100 * GiB, 4_000 * GiB])
    expect(partRanges(size)[0]).toMatchObject({ first: 0, last: 512 * MiB - 1 });
});

test('one request copies 5 GiB, and no more', () => {
  expect(MAX_COPY_BYTES).toBe(5_368_709_120);
});

test('what was copied is not copied again, whatever its order', () => {
  const parts = partRanges(6 * GiB);
  expect(parts).toHaveLength(12);
  const copied = [12, 3, 1].map((number) => ({ number, etag: 'e' }));
  expect(missingParts(6 * GiB, copied).map(({ number }) => number)).toEqual([2, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(missingParts(6 * GiB, [])).toEqual(parts);
  expect(
    missingParts(
      6 * GiB,
      parts.map(({ number }) => ({ number, etag: 'e' })),
    ),
  ).toEqual([]);
});
