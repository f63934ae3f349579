import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestText } from '../../lambda/encryption-digest/digest-text';
import type { EnforcerDigest } from '../../lambda/encryption-digest/figures';
import { duration, share } from '../../lambda/encryption-digest/format';
import { CONFIG, DAY, digest, HOUR, linesWith, MINUTE, WEEKS, type Week } from '../support/digest-told';

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
