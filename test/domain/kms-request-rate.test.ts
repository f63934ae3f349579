import { forecastKms, type KmsLoad, kmsRequestRate, partsOf, symmetricRequestQuota } from '../../lib/domain/kms-request-rate';

const MIB = 2 ** 20;
const LOAD: KmsLoad = {
  scheme: 'SSE-KMS',
  bucketKey: false,
  putsPerSecond: 0,
  getsPerSecond: 0,
  objectBytes: 0,
  partBytes: 8 * MIB,
  requesters: 1,
};

/** Worked out by hand, from AWS's sentences: a request to KMS for each request to S3; up to 99 percent fewer with a bucket key. */
const RATES: readonly (readonly [string, Partial<KmsLoad>, number])[] = [
  ['1,200 puts, no bucket key: one each', { putsPerSecond: 1200 }, 1200],
  ['3,000 gets, no bucket key: one each', { getsPerSecond: 3000 }, 3000],
  ['both: 1,200 + 3,000', { putsPerSecond: 1200, getsPerSecond: 3000 }, 4200],
  ['both, with a bucket key: a hundredth of 4,200', { putsPerSecond: 1200, getsPerSecond: 3000, bucketKey: true }, 42],
  ['DSSE-KMS: two each, 2 × 4,200', { putsPerSecond: 1200, getsPerSecond: 3000, scheme: 'DSSE-KMS' }, 8400],
  ['DSSE-KMS has no bucket key', { putsPerSecond: 1200, getsPerSecond: 3000, scheme: 'DSSE-KMS', bucketKey: true }, 8400],
  ['SSE-S3 never asks', { putsPerSecond: 1200, getsPerSecond: 3000, scheme: 'SSE-S3' }, 0],
  ['SSE-C never asks', { putsPerSecond: 1200, getsPerSecond: 3000, scheme: 'SSE-C' }, 0],
  ['an object as large as a part is one request', { putsPerSecond: 10, objectBytes: 8 * MIB }, 10],
  ['one byte more makes two parts: 10 × (create + 2 + complete)', { putsPerSecond: 10, objectBytes: 8 * MIB + 1 }, 40],
  ['100 MiB in parts of 8: 13 parts, 10 × (13 + 2)', { putsPerSecond: 10, objectBytes: 100 * MIB }, 150],
  ['parts do not matter to readers', { getsPerSecond: 10, objectBytes: 100 * MIB }, 10],
  ['100 MiB in parts, DSSE-KMS: 2 × 150', { putsPerSecond: 10, objectBytes: 100 * MIB, scheme: 'DSSE-KMS' }, 300],
  ['100 MiB in parts, bucket key: a hundredth of 150', { putsPerSecond: 10, objectBytes: 100 * MIB, bucketKey: true }, 1.5],
  ['600 requesters, each once a minute: 10, more than a hundredth of 100', { getsPerSecond: 100, bucketKey: true, requesters: 600 }, 10],
  ['600 requesters that read 2 a second ask no more than 2', { getsPerSecond: 2, bucketKey: true, requesters: 600 }, 2],
  ['nothing is asked for nothing', { bucketKey: true, requesters: 600 }, 0],
];

test.each(RATES)('%s', (_, load, requestsPerSecond) => {
  expect(kmsRequestRate({ ...LOAD, ...load })).toBeCloseTo(requestsPerSecond, 9);
});

test.each([
  [0, 1],
  [1, 1],
  [8 * MIB, 1],
  [8 * MIB + 1, 2],
  [16 * MIB, 2],
  [80_000 * MIB, 10_000],
])('%d bytes are %d parts of 8 MiB', (objectBytes, parts) => {
  expect(partsOf({ objectBytes, partBytes: 8 * MIB })).toBe(parts);
});

/** AWS's table, read on its page. */
test.each([
  ...['us-east-1', 'us-west-2', 'eu-west-1'].map((region) => [region, 100_000] as const),
  ...['us-east-2', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1', 'eu-central-1', 'eu-west-2'].map(
    (region) => [region, 20_000] as const,
  ),
  ...['eu-north-1', 'us-west-1', 'cn-north-1', 'us-gov-west-1'].map((region) => [region, 10_000] as const),
])('the quota of %s is %d', (region, requestsPerSecond) => {
  expect(symmetricRequestQuota(region)).toEqual({ requestsPerSecond, assumed: false });
});

test('a Region that is not known has the lowest quota, which is said to be assumed', () => {
  expect(symmetricRequestQuota(undefined)).toEqual({ requestsPerSecond: 10_000, assumed: true });
});

test('a Region that is called like something else of JavaScript has the lowest quota', () => {
  expect(symmetricRequestQuota('constructor').requestsPerSecond).toBe(10_000);
});

describe('a forecast', () => {
  test('of 1,200 puts a second without bucket key: 1.2 % of us-east-1, 12 % of eu-north-1', () => {
    const load = { ...LOAD, putsPerSecond: 1200 };
    expect(forecastKms([load], 'us-east-1').share).toBeCloseTo(0.012, 12);
    expect(forecastKms([load], 'eu-north-1').share).toBeCloseTo(0.12, 12);
  });

  test('costs 3 cents for 10,000 requests, in 730 hours: 1,000 a second are 2,628 million, $7,884', () => {
    expect(forecastKms([{ ...LOAD, getsPerSecond: 1000 }], 'us-east-1').dollarsPerMonth).toBeCloseTo(7884, 6);
  });

  test('adds up what shares a quota', () => {
    const loads = [
      { ...LOAD, getsPerSecond: 30_000 },
      { ...LOAD, putsPerSecond: 5000, scheme: 'DSSE-KMS' as const },
    ];
    expect(forecastKms(loads, 'eu-west-1')).toMatchObject({ requestsPerSecond: 40_000, share: 0.4 });
  });

  test('of no load at all is zero', () => {
    expect(forecastKms([], 'eu-west-1')).toMatchObject({ requestsPerSecond: 0, share: 0, dollarsPerMonth: 0 });
  });
});
