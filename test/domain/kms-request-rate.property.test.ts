import fc from 'fast-check';
import { forecastKms, type KmsLoad, kmsRequestRate } from '../../lib/domain/kms-request-rate';
import { SEEDED } from './arbitraries';

const MIB = 2 ** 20;
const rates = fc.double({ min: 0, max: 1e6, noNaN: true });
const regions = fc.constantFrom('us-east-1', 'us-east-2', 'eu-north-1', 'mars-north-1', undefined);

const loads: fc.Arbitrary<KmsLoad> = fc.record({
  scheme: fc.constantFrom('SSE-KMS' as const, 'SSE-KMS' as const, 'DSSE-KMS' as const, 'SSE-S3' as const, 'SSE-C' as const),
  bucketKey: fc.boolean(),
  putsPerSecond: rates,
  getsPerSecond: rates,
  objectBytes: fc.nat(2 ** 31 - 1),
  partBytes: fc.integer({ min: 5 * MIB, max: 512 * MIB }),
  requesters: fc.integer({ min: 1, max: 10_000 }),
});

/** Equal, but for the rounding of a few multiplications. */
const expectEqual = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(a), Math.abs(b)));

const forAll = (check: (load: KmsLoad) => void) => fc.assert(fc.property(loads, check), SEEDED);

describe('for all loads', () => {
  test.each(['putsPerSecond', 'getsPerSecond', 'objectBytes', 'requesters'] as const)('more %s never ask KMS less', (name) => {
    fc.assert(
      fc.property(loads, fc.integer({ min: 0, max: 1e6 }), (load, more) => {
        expect(kmsRequestRate({ ...load, [name]: load[name] + more })).toBeGreaterThanOrEqual(kmsRequestRate(load));
      }),
      SEEDED,
    );
  });

  test('larger parts never ask more', () => {
    fc.assert(
      fc.property(loads, fc.nat(2 ** 31 - 1), (load, more) => {
        expect(kmsRequestRate({ ...load, partBytes: load.partBytes + more })).toBeLessThanOrEqual(kmsRequestRate(load));
      }),
      SEEDED,
    );
  });

  test('a bucket key never asks more than none, nor less than a hundredth of it', () => {
    forAll((load) => {
      const [on, off] = [kmsRequestRate({ ...load, bucketKey: true }), kmsRequestRate({ ...load, bucketKey: false })];
      expect(on).toBeLessThanOrEqual(off);
      expect(on).toBeGreaterThanOrEqual(off * 0.01);
    });
  });

  test('DSSE-KMS never asks less than SSE-KMS', () => {
    forAll((load) => {
      const rateOf = (scheme: KmsLoad['scheme']) => kmsRequestRate({ ...load, scheme });
      expect(rateOf('DSSE-KMS')).toBeGreaterThanOrEqual(rateOf('SSE-KMS'));
    });
  });

  test('without a bucket key, k times the load asks k times as much', () => {
    fc.assert(
      fc.property(loads, fc.double({ min: 0, max: 1000, noNaN: true }), (load, k) => {
        const plain = { ...load, bucketKey: false };
        const scaled = { ...plain, putsPerSecond: k * load.putsPerSecond, getsPerSecond: k * load.getsPerSecond };
        expectEqual(kmsRequestRate(scaled), k * kmsRequestRate(plain));
      }),
      SEEDED,
    );
  });

  test('puts and gets add up', () => {
    forAll((given) => {
      const load = { ...given, bucketKey: false };
      expectEqual(kmsRequestRate(load), kmsRequestRate({ ...load, putsPerSecond: 0 }) + kmsRequestRate({ ...load, getsPerSecond: 0 }));
    });
  });

  test('no load asks nothing, with whatever keys and requesters', () => {
    forAll((load) => expect(kmsRequestRate({ ...load, putsPerSecond: 0, getsPerSecond: 0 })).toBe(0));
  });

  test('the forecast of several is the sum of each, the share is rate by quota, and cost is proportional to rate', () => {
    fc.assert(
      fc.property(fc.array(loads, { maxLength: 5 }), regions, (several, region) => {
        const all = forecastKms(several, region);
        expectEqual(
          all.requestsPerSecond,
          several.reduce((sum, load) => sum + forecastKms([load], region).requestsPerSecond, 0),
        );
        expect(all.share).toBe(all.requestsPerSecond / all.quota.requestsPerSecond);
        // 730 hours of 3,600 seconds, at three millionths of a dollar.
        expectEqual(all.dollarsPerMonth, all.requestsPerSecond * 7.884);
        expect([10_000, 20_000, 100_000]).toContain(all.quota.requestsPerSecond);
        expect(all.quota.assumed).toBe(region === undefined);
      }),
      SEEDED,
    );
  });
});
