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

interface Week extends Partial<Omit<Figures, 'counts'>> {
  readonly counts?: Partial<Figures['counts']>;
}

function week({ counts = {}, ...figures }: Week = {}): Figures {
  const all = { ...NONE, ...counts };
  const verified = all.compliant + all.violations + all.exempt;
  return { verified, slowestMillis: verified === 0 ? undefined : 1_300, waiting: 0, canaries: undefined, ...figures, counts: all };
}

function digest(lastWeek: Week, weekBefore: Week = {}, buckets: EnforcerDigest['buckets'] = []): EnforcerDigest {
  return { name: 'Data-Enforcer-1a2b3c4d', lastWeek: week(lastWeek), weekBefore: week(weekBefore), buckets };
}

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
    canaries: { written: 168, caught: 168 },
  };
  const weekBefore = { counts: { compliant: 11_900, quarantined: 0 }, canaries: { written: 168, caught: 167 } };
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
  const CAUGHT = { written: 168, caught: 168 };
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
    [
      'a canary that was not caught',
      [digest({ counts: { compliant: 9 }, canaries: { written: 168, caught: 167 } })],
      '1 canary not caught',
    ],
    ['no canary', [digest({ counts: { compliant: 9 }, canaries: { written: 0, caught: 0 } })], 'no canary was written'],
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
    const bad = { counts: { violations: 123_456, reduced: 123_456 }, waiting: 123_456, canaries: { written: 168, caught: 0 } };
    expect(told(digest(bad), digest({})).subject).toBe('S3 encryption digest: NOTHING WAS VERIFIED by 1 of 2 enforcers; and more');
  });

  test('a good week with numbers that are too long for a subject is good', () => {
    const counts = { compliant: 1e15, exempt: 1e15, violations: 0 };
    expect(told(digest({ counts }), digest({ counts })).subject).toBe('S3 encryption digest: All well');
  });

  test('SNS takes the subject of any week: 100 printable ASCII characters at most, and no line break', () => {
    const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1e12 }));
    const weeks = fc.record({ compliant: count, violations: count, exempt: count, reduced: count }).chain((counts) =>
      fc.record({
        counts: fc.constant(counts),
        waiting: count,
        canaries: fc.oneof(fc.constant(undefined), fc.constant({ written: 9, caught: 1 }), fc.constant({ written: 0, caught: 0 })),
      }),
    );
    fc.assert(
      fc.property(fc.array(weeks, { minLength: 1, maxLength: 8 }), (all) => {
        const { subject, text } = told(...all.map((each) => digest(each)));
        expect(subject).toMatch(/^[ -~]{1,100}$/);
        const isWell = all.every(
          ({ counts, waiting, canaries }) =>
            counts.compliant + counts.exempt > 0 && counts.violations + counts.reduced + waiting === 0 && canaries === undefined,
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
