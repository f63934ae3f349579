import fc from 'fast-check';
import type { EnforcerDigest } from '../../lambda/encryption-digest/figures';
import { DAY, digest, HOUR, MINUTE, told } from '../support/digest-told';

const headline = (...digests: EnforcerDigest[]) => told(...digests).text.split('\n')[0];

describe('the first line, and the subject, say the answer:', () => {
  const CAUGHT = { written: 168, caught: 168, expected: 168 };
  const GOOD = { counts: { compliant: 1_000 } };
  const WELL = 'All well: 1,000 objects verified, all as required';
  test.each<[string, EnforcerDigest[], string]>([
    ['all as required', [digest({ counts: { compliant: 12_345 } })], 'All well: 12,345 objects verified, all as required'],
    ['one object', [digest({ counts: { compliant: 1 } })], 'All well: 1 object verified, all as required'],
    ['exemptions', [digest({ counts: { compliant: 5, exempt: 2 } })], 'All well: 7 objects verified, none in violation, 2 exempt'],
    ['only exemptions', [digest({ counts: { exempt: 2 } })], 'All well: 2 objects verified, none in violation, 2 exempt'],
    ['a violation', [digest({ counts: { compliant: 9, violations: 1, quarantined: 1 } })], '1 violation'],
    [
      'violations of the week before only',
      [digest({ counts: { compliant: 9 } }, { counts: { violations: 7 } })],
      'All well: 9 objects verified, all as required',
    ],
    ['no verdict', [digest({}, { counts: { compliant: 9 } })], 'NOTHING WAS VERIFIED'],
    ['no verdict, though all canaries were caught', [digest({ canaries: CAUGHT })], 'NOTHING WAS VERIFIED'],
    ['no verdict of one', [digest({ counts: { compliant: 9 } }), digest({})], 'NOTHING WAS VERIFIED by 1 of 2 enforcers'],
    ['less done than configured', [digest({ counts: { violations: 2, reduced: 1 } })], '2 violations; less done than configured about 1'],
    ['dead letters', [digest({ counts: { compliant: 9 }, waiting: 3 })], '3 events not verified'],
    ['a canary that was not caught', [digest({ counts: { compliant: 9 }, canaries: { ...CAUGHT, caught: 167 } })], '1 canary not caught'],
    ['no canary', [digest({ ...GOOD, canaries: { written: 0, caught: 0, expected: 168 } })], '0 of 168 canaries written'],
    ['few canaries', [digest({ ...GOOD, canaries: { written: 151, caught: 151, expected: 168 } })], '151 of 168 canaries written'],
    ['nine of ten canaries', [digest({ ...GOOD, canaries: { written: 152, caught: 152, expected: 168 } })], WELL],
    ['more canaries than expected', [digest({ ...GOOD, canaries: { written: 170, caught: 170, expected: 168 } })], WELL],
    [
      'few canaries of one enforcer, beside all of another',
      [
        digest({ ...GOOD, canaries: CAUGHT }),
        digest({ ...GOOD, canaries: { written: 3, caught: 3, expected: 14 } }),
        digest({ ...GOOD, canaries: { written: 1, caught: 1, expected: 168 } }),
      ],
      '4 of 182 canaries written',
    ],
    [
      'a good week by its verdicts only: the slowest took three days, and one canary was written',
      [digest({ ...GOOD, slowestMillis: 3 * DAY, canaries: { written: 1, caught: 1, expected: 168 } })],
      'events waited up to 3 d; 1 of 168 canaries written',
    ],
    ['a source that stands still since Wednesday', [digest({ ...GOOD, waits: { queued: 4 * DAY } })], 'events waited up to 4 d'],
    ['throttling until Sunday', [digest({ ...GOOD, waits: { throttled: 2 * DAY } })], 'events waited up to 2 d'],
    ['the slowest a moment before it is late', [digest({ ...GOOD, slowestMillis: 15 * MINUTE - 1 })], WELL],
    ['the slowest late', [digest({ ...GOOD, slowestMillis: 15 * MINUTE })], 'events waited up to 15 min'],
    ['throttled a moment before it is late', [digest({ ...GOOD, waits: { throttled: 15 * MINUTE - 1 } })], WELL],
    ['throttled until it is late', [digest({ ...GOOD, waits: { throttled: 15 * MINUTE } })], 'events waited up to 15 min'],
    ['queued a second less than its alarm takes', [digest({ ...GOOD, waits: { queued: 15 * MINUTE - 1_000 } })], WELL],
    ['queued as long as its alarm takes', [digest({ ...GOOD, waits: { queued: 15 * MINUTE } })], 'events waited up to 15 min'],
    ['large objects that are in time', [digest({ ...GOOD, waits: { queuedLarge: HOUR - 1_000, unfinished: DAY - 1 } })], WELL],
    ['large objects that are not touched', [digest({ ...GOOD, waits: { queuedLarge: HOUR } })], 'large objects waited up to 1 h'],
    ['a large object that takes a day', [digest({ ...GOOD, waits: { unfinished: DAY } })], 'large objects waited up to 1 d'],
    [
      'of the late ones the longest, of any enforcer, and none that is in time',
      [
        digest({ ...GOOD, waits: { queued: 20 * MINUTE, throttled: 5 * HOUR } }),
        digest({ ...GOOD, waits: { queuedLarge: 2 * HOUR, unfinished: 20 * HOUR } }),
      ],
      'events waited up to 5 h; large objects waited up to 2 h',
    ],
    [
      'what is late for one enforcer is not for another',
      [{ ...digest({ ...GOOD, slowestMillis: 2 * HOUR, waits: { throttled: 2 * HOUR } }), maxAgeMillis: 3 * HOUR }],
      WELL,
    ],
    ['waits of the week before only', [digest(GOOD, { slowestMillis: 3 * DAY, waits: { queued: DAY, unfinished: 3 * DAY } })], WELL],
    [
      'of several enforcers, all together',
      [digest({ counts: { compliant: 9, violations: 1 } }), digest({ counts: { compliant: 1, violations: 2 } })],
      '3 violations',
    ],
  ])('%s', (_, digests, answer) => {
    expect(headline(...digests)).toBe(`${answer}.`);
    expect(told(...digests).subject).toBe(`S3 encryption digest: ${answer}`);
  });

  test('that nothing was verified comes first, and is explained', () => {
    const { text } = told(digest({ waiting: 2 }));
    expect(text).toMatch(/^NOTHING WAS VERIFIED; 2 events not verified\.\nThat is no proof of anything: /);
    expect(text).not.toMatch(/all as required|All well/);
  });

  test('a subject that would be too long has the worst, and says that there is more', () => {
    const bad = { counts: { violations: 123_456, reduced: 123_456 }, waiting: 123_456, canaries: { ...CAUGHT, caught: 0 } };
    expect(told(digest(bad), digest({})).subject).toBe('S3 encryption digest: NOTHING WAS VERIFIED by 1 of 2 enforcers; and more');
  });

  test('a good week with numbers that are too long for a subject is good', () => {
    const counts = { compliant: 1e15, exempt: 1e15, violations: 0 };
    expect(told(digest({ counts }), digest({ counts })).subject).toBe('S3 encryption digest: All well');
  });

  test('SNS takes the subject of any week: 100 printable ASCII characters at most, and no line break', () => {
    const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1e12 }));
    // Mostly in time: at the threshold it is late.
    const waitOf = (late: number) =>
      fc.oneof(
        { weight: 5, arbitrary: fc.option(fc.integer({ min: 1, max: late - 1 }), { nil: undefined }) },
        { weight: 1, arbitrary: fc.integer({ min: late, max: late * 100 }) },
      );
    const weeks = fc.record({ compliant: count, violations: count, exempt: count, reduced: count }).chain((counts) =>
      fc.record({
        counts: fc.constant(counts),
        waiting: count,
        slowestMillis: waitOf(15 * MINUTE),
        waits: fc.record({
          queued: waitOf(15 * MINUTE),
          throttled: waitOf(15 * MINUTE),
          queuedLarge: waitOf(HOUR),
          unfinished: waitOf(DAY),
        }),
        canaries: fc.option(
          fc.record({ written: fc.integer({ min: 0, max: 14 }), missed: fc.constantFrom(0, 0, 1) }).map(({ written, missed }) => ({
            written,
            caught: Math.max(0, written - missed),
            expected: 14,
          })),
          { nil: undefined },
        ),
      }),
    );
    fc.assert(
      fc.property(fc.array(weeks, { minLength: 1, maxLength: 8 }), (all) => {
        const { subject, text } = told(...all.map((each) => digest(each)));
        expect(subject).toMatch(/^[ -~]{1,100}$/);
        const isWell = all.every(
          ({ counts, waiting, canaries, slowestMillis = 0, waits: { queued = 0, throttled = 0, queuedLarge = 0, unfinished = 0 } }) =>
            counts.compliant + counts.exempt > 0 &&
            counts.violations + counts.reduced + waiting === 0 &&
            Math.max(slowestMillis, queued, throttled) < 15 * MINUTE &&
            queuedLarge < HOUR &&
            unfinished < DAY &&
            // 12.6 are nine of ten.
            (canaries === undefined || (canaries.written >= 13 && canaries.caught === canaries.written)),
        );
        expect(subject.includes('All well')).toBe(isWell);
        expect(text.startsWith('All well')).toBe(isWell);
      }),
      { seed: 20261123, numRuns: 500 },
    );
  });
});
