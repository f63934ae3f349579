import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { digestText } from '../../lambda/encryption-digest/digest-text';
import type { EnforcerDigest, Figures } from '../../lambda/encryption-digest/figures';
import { duration, share } from '../../lambda/encryption-digest/format';

const NONE = {
  compliant: 0,
  violations: 0,
  exempt: 0,
  unverifiable: 0,
  reduced: 0,
  reported: 0,
  tagged: 0,
  quarantined: 0,
  reencrypted: 0,
  released: 0,
  discarded: 0,
};

interface Week extends Partial<Omit<Figures, 'counts' | 'waits'>> {
  readonly counts?: Partial<Figures['counts']>;
  readonly waits?: Partial<Figures['waits']>;
}

const NO_WAITS = { queued: undefined, queuedLarge: undefined, throttled: undefined, unfinished: undefined };

function week({ counts = {}, waits = {}, ...figures }: Week = {}): Figures {
  const all = { ...NONE, ...counts };
  const verified = all.compliant + all.violations + all.exempt;
  const slowestMillis = verified === 0 ? undefined : 1_300;
  return { verified, slowestMillis, waiting: 0, canaries: undefined, ...figures, counts: all, waits: { ...NO_WAITS, ...waits } };
}

function digest(lastWeek: Week, weekBefore: Week = {}, buckets: EnforcerDigest['buckets'] = []): EnforcerDigest {
  return { name: 'Data-Enforcer-1a2b3c4d', maxAgeMillis: 15 * MINUTE, lastWeek: week(lastWeek), weekBefore: week(weekBefore), buckets };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WEEKS = {
  weekBefore: new Date('2026-11-09T00:00:00Z'),
  lastWeek: new Date('2026-11-16T00:00:00Z'),
  end: new Date('2026-11-23T00:00:00Z'),
};
const CONFIG = {
  topicArn: 'arn:aws:sns:eu-west-1:111122223333:alerts',
  runbookUrl: 'https://github.com/cdk-s3-encryption-guard/cdk-s3-encryption-guard/blob/main/docs/operator-runbook.md#the-weekly-digest',
};

const told = (...digests: EnforcerDigest[]) => digestText(digests, WEEKS, CONFIG);
const headline = (...digests: EnforcerDigest[]) => told(...digests).text.split('\n')[0];
const linesWith = (text: string, ...digests: EnforcerDigest[]) =>
  told(...digests)
    .text.split('\n')
    .filter((line) => line.includes(text));

test('the whole text of a week is the one that the runbook shows and explains', () => {
  const lastWeek = {
    counts: { compliant: 12_337, violations: 5, exempt: 3, unverifiable: 1, quarantined: 4, reported: 1, released: 1 },
    slowestMillis: 125_000,
    waiting: 0,
    waits: { queued: 40_000, throttled: 110_000, queuedLarge: 25 * MINUTE, unfinished: 2 * HOUR },
    canaries: { written: 168, caught: 168, expected: 168 },
  };
  const weekBefore = {
    counts: { compliant: 11_900, quarantined: 0 },
    waits: { queued: 35_000 },
    canaries: { written: 168, caught: 167, expected: 168 },
  };
  const buckets = [
    { bucket: 'records', violations: 3 },
    { bucket: 'exchange', violations: 1 },
  ];
  const { subject, text } = digestText([digest(lastWeek, weekBefore, buckets)], WEEKS, { ...CONFIG, dashboardName: 'guard' });
  expect(subject).toBe('S3 encryption digest: 5 violations');
  // There people read it, who reviewed it.
  const shown = /```text\nSubject: (.*)\n\n([^`]*)\n```/.exec(
    readFileSync(join(__dirname, '..', '..', 'docs', 'operator-runbook.md'), 'utf8'),
  );
  expect([subject, text]).toEqual([shown?.[1], shown?.[2]]);
});

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

describe('in which buckets', () => {
  const violations = (count: number, buckets: EnforcerDigest['buckets']) => ({ ...digest({ counts: { violations: count } }), buckets });
  const many = [5, 4, 3, 2].map((count) => ({ bucket: `b${count}`, violations: count }));

  test.each<[string, EnforcerDigest, string[]]>([
    ['the worst three, and how many more', violations(14, many), ['- most in: b5 5, b4 4, b3 3, elsewhere 2']],
    ['all of them', violations(5, many.slice(0, 1)), ['- most in: b5 5']],
    ['that CloudWatch did not tell is no zero', violations(5, undefined), ['- in which buckets: CloudWatch did not tell']],
    ['that it named none is seen', violations(5, []), ['- most in: elsewhere 5']],
    ['nothing without violations', violations(0, undefined), []],
  ])('%s', (_, given, lines) => {
    expect([...linesWith('most in', given), ...linesWith('in which buckets', given)]).toEqual(lines);
  });
});

test('a share is of what was verified, and rounded down: one of a million is not 100 %', () => {
  expect(linesWith('as required:', digest({ counts: { compliant: 999_999, violations: 1 } }))).toEqual([
    '- as required: 999,999, 99.99 % (0)',
  ]);
  expect([share(1, 1), share(0, 0), share(1, 3), share(0, 5)]).toEqual([', 100 %', '', ', 33.33 %', ', 0 %']);
});

test('the longest wait is the one of the queue or of what is throttled, in time or not, beside that of the week before', () => {
  const lines = (lastWeek: Week, weekBefore: Week = {}) => linesWith('longest wait', digest(lastWeek, weekBefore));
  expect(lines({})).toEqual(['- longest wait of an event: none (none), of a large object: none (none)']);
  expect(lines({ waits: { queued: 20_000, throttled: 5 * MINUTE, queuedLarge: HOUR, unfinished: 2 * HOUR } })).toEqual([
    '- longest wait of an event: 5 min (none), of a large object: 2 h (none)',
  ]);
  expect(lines({ waits: { queued: 20_000, unfinished: DAY } }, { waits: { throttled: 3 * DAY, queuedLarge: MINUTE } })).toEqual([
    '- longest wait of an event: 20 s (3 d), of a large object: 1 d (1 min)',
  ]);
});

test('canaries are told with how many were written, and how many were expected', () => {
  const canaries = { written: 161, caught: 160, expected: 168 };
  expect(linesWith('canaries', digest({ canaries }, { canaries: { ...canaries, written: 9, caught: 9 } }))).toEqual([
    '- canaries caught: 160 of 161 written (9 of 9 written), 168 expected',
  ]);
  expect(linesWith('canaries', digest({}))).toEqual([]);
});

test('durations are told in a unit that people read', () => {
  const millis = [0, 850, 1_000, 59_900, 125_000, 5_400_000, 259_200_000];
  expect(millis.map(duration)).toEqual(['0 ms', '850 ms', '1 s', '59.9 s', '2.1 min', '1.5 h', '3 d']);
  expect(linesWith('slowest', digest({}))).toEqual(['- slowest verification: none (none)']);
});

test.each([
  [
    'arn:aws-cn:sns:cn-north-1:111122223333:alerts',
    'https://console.amazonaws.cn/cloudwatch/home?region=cn-north-1#dashboards/dashboard/guard',
  ],
  [
    'arn:aws-us-gov:sns:us-gov-west-1:111122223333:alerts',
    'https://console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#dashboards/dashboard/guard',
  ],
  ['arn:aws-iso:sns:us-iso-east-1:111122223333:alerts', 'guard'],
])('of %s, the dashboard is at %s', (topicArn, link) => {
  const { text } = digestText([digest({})], WEEKS, { ...CONFIG, topicArn, dashboardName: 'guard' });
  expect(text.split('\n').at(-1)).toBe(`Dashboard: ${link}`);
});
