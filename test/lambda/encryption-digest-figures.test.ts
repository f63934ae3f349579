import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import fc from 'fast-check';
import { figuresOf } from '../../lambda/encryption-digest/figures';
import { metricReader } from '../../lambda/encryption-digest/metric-series';
import { queriesOf } from '../../lambda/encryption-digest/queries';
import { weeksBefore } from '../../lambda/encryption-digest/weeks';
import { DigestEndpoint } from '../support/digest-endpoint';
import {
  canaryWas,
  DAY,
  DIGESTED,
  type DigestedObject,
  END,
  MONDAY,
  measuredFrom,
  objectOf,
  oldestIn,
  stillWaiting,
  waitingIn,
} from '../support/digest-week';

const WEEKS = weeksBefore(new Date(MONDAY));

let endpoint: DigestEndpoint;
let client: CloudWatchClient;

beforeEach(async () => {
  endpoint = await new DigestEndpoint().start();
  client = new CloudWatchClient({ endpoint: endpoint.url, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
});

afterEach(() => endpoint.stop());

const ask = () => metricReader(client)(queriesOf(DIGESTED), WEEKS);
const figures = async () => figuresOf(DIGESTED, await ask(), WEEKS);

describe('what CloudWatch is asked', () => {
  test('is two whole weeks of UTC, in days, by the names under which the function counts', async () => {
    await ask();
    const [asked] = endpoint.asked;
    expect([asked?.StartTime, asked?.EndTime]).toEqual([Date.parse('2026-11-09T00:00:00Z') / 1000, END / 1000]);
    const stats = asked?.MetricDataQueries.map(({ MetricStat }) => MetricStat);
    expect(new Set(stats?.map((stat) => stat?.Period))).toEqual(new Set([86_400]));
    expect(stats).toContainEqual({
      Metric: {
        Namespace: 'S3EncryptionGuard',
        MetricName: 'CompliantObjects',
        Dimensions: [
          { Name: 'service', Value: 'One-1a2b3c4d' },
          { Name: 'Bucket', Value: 'canaries' },
        ],
      },
      Period: 86_400,
      Stat: 'Sum',
    });
  });

  test('has the longest waits of a day, by the metrics that the alarms of the enforcer look at', async () => {
    await ask();
    const stats = endpoint.asked[0]?.MetricDataQueries.map(({ MetricStat }) => MetricStat);
    const longest = (Namespace: string, MetricName: string, Name: string, Value: string) => ({
      Metric: { Namespace, MetricName, Dimensions: [{ Name, Value }] },
      Period: 86_400,
      Stat: 'Maximum',
    });
    expect(stats?.filter((stat) => stat?.Metric.MetricName.includes('Age'))).toEqual(
      [
        { name: 'One-1a2b3c4d', queue: 'one-events', large: 'one-large' },
        { name: 'Two-5e6f7a8b', queue: 'two-events', large: 'two-large' },
      ].flatMap(({ name, queue, large }) => [
        longest('S3EncryptionGuard', 'VerificationAge', 'service', name),
        longest('AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', queue),
        longest('AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', large),
        longest('S3EncryptionGuard', 'ThrottledAge', 'service', name),
        longest('S3EncryptionGuard', 'UnfinishedAge', 'service', name),
      ]),
    );
  });

  test('has room in one call, of 500 queries, for as many enforcers as a digest takes, and ids that CloudWatch takes', () => {
    const queries = queriesOf(Array.from({ length: 6 }, () => DIGESTED[0]));
    expect(queries).toHaveLength(6 * 31);
    expect(new Set(queries.map(({ Id }) => Id)).size).toBe(queries.length);
    expect(queries.filter(({ Id = '' }) => !/^[a-z]\w{0,254}$/.test(Id))).toEqual([]);
  });
});

const VERDICTS = ['CompliantObjects', 'NonCompliantObjects', 'ExemptObjects'] as const;
const ACTIONS = [
  'ReportedObjects',
  'TaggedObjects',
  'QuarantinedObjects',
  'ReencryptedObjects',
  'UnverifiableObjects',
  'ReducedActions',
] as const;

const someObject: fc.Arbitrary<DigestedObject> = fc.record({
  enforcer: fc.constantFrom(...DIGESTED.map(({ name }) => name)),
  bucket: fc.constantFrom('records', 'exchange', 'canaries'),
  // Beyond both weeks as well.
  at: fc.integer({ min: END - 16 * DAY, max: END + DAY }),
  ageMillis: fc.integer({ min: 0, max: 1e7 }),
  metrics: fc
    .tuple(fc.constantFrom(...VERDICTS), fc.subarray([...ACTIONS]))
    .map(([verdict, actions]) => (verdict === 'NonCompliantObjects' ? [verdict, ...actions] : [verdict])),
});

test('figures are those of the objects themselves, week by week, without the canary, however many pages CloudWatch makes of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someObject, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), async (objects, pageSize) => {
      endpoint.measured = measuredFrom(objects);
      endpoint.pageSize = pageSize;
      const told = await figures();
      for (const { name, lastWeek, weekBefore } of told) {
        for (const [week, from, to] of [[lastWeek, END - 7 * DAY, END] as const, [weekBefore, END - 14 * DAY, END - 7 * DAY] as const]) {
          const all = objects.filter(({ enforcer, at }) => enforcer === name && at >= from && at < to);
          // The second enforcer has no canary: a bucket of that name is like any other there.
          const counted = all.filter(({ bucket }) => name.startsWith('Two') || bucket !== 'canaries');
          const has = (metric: string) => counted.filter(({ metrics }) => metrics.includes(metric)).length;
          expect(week.counts).toEqual({
            compliant: has('CompliantObjects'),
            violations: has('NonCompliantObjects'),
            exempt: has('ExemptObjects'),
            unverifiable: has('UnverifiableObjects'),
            reduced: has('ReducedActions'),
            reported: has('ReportedObjects'),
            tagged: has('TaggedObjects'),
            quarantined: has('QuarantinedObjects'),
            reencrypted: has('ReencryptedObjects'),
            released: 0,
            discarded: 0,
          });
          expect(week.verified).toBe(counted.length);
          expect(week.slowestMillis).toBe(all.length === 0 ? undefined : Math.max(...all.map(({ ageMillis }) => ageMillis)));
        }
      }
    }),
    { seed: 20261123, numRuns: 60 },
  );
});

test('an object of the last moment before midnight is in this digest, one of midnight in the next', async () => {
  endpoint.measured = measuredFrom([objectOf(['CompliantObjects'], { at: END - 1 }), objectOf(['CompliantObjects'], { at: END })]);
  const [one] = await figures();
  expect(one?.lastWeek.verified).toBe(1);
  const next = weeksBefore(new Date(MONDAY + 7 * DAY));
  const [later] = figuresOf(DIGESTED, await metricReader(client)(queriesOf(DIGESTED), next), next);
  expect([later?.lastWeek.verified, later?.weekBefore.verified]).toEqual([1, 1]);
});

test('canaries are counted, and what waited is the most of the week in each queue', async () => {
  endpoint.measured = [
    ...[true, true, false].map((caught, day) => canaryWas('One-1a2b3c4d', END - DAY * (day + 1), caught)),
    canaryWas('One-1a2b3c4d', END - 8 * DAY, true),
    waitingIn('one-dead', END - 1, 1),
    // Twice on one day: the same messages.
    waitingIn('one-dead', END - 2 * DAY, 3),
    waitingIn('one-dead', END - 2 * DAY + 60_000, 3),
    waitingIn('one-undelivered', END - DAY, 2),
    waitingIn('two-dead', END - 8 * DAY, 4),
  ];
  const [one, two] = await figures();
  expect([one?.lastWeek.canaries, one?.weekBefore.canaries, two?.lastWeek.canaries]).toEqual([
    { written: 3, caught: 2, expected: 168 },
    { written: 1, caught: 1, expected: 168 },
    undefined,
  ]);
  expect([one?.lastWeek.waiting, one?.weekBefore.waiting, two?.lastWeek.waiting, two?.weekBefore.waiting]).toEqual([5, 0, 0, 4]);
});

test.each([
  [15, 672],
  [60, 168],
  [61, 165],
  [720, 14],
])('of a canary each %i minutes, %i are expected in a week, and no more than there can be', async (minutes, expected) => {
  const enforcers = [{ ...DIGESTED[0], canary: { bucket: 'canaries', minutes } }];
  const [one] = figuresOf(enforcers, await metricReader(client)(queriesOf(enforcers), WEEKS), WEEKS);
  expect([one?.lastWeek.canaries, one?.weekBefore.canaries]).toEqual(Array(2).fill({ written: 0, caught: 0, expected }));
});

test('waits are the longest of each week, in milliseconds; a queue where nothing waited has none', async () => {
  endpoint.measured = [
    oldestIn('one-events', END - 1, 20),
    oldestIn('one-events', END - 5 * DAY, 345_600),
    oldestIn('one-events', END - 8 * DAY, 7),
    oldestIn('one-large', END - DAY, 0),
    stillWaiting('ThrottledAge', 'One-1a2b3c4d', END - 2 * DAY, 61_000),
    stillWaiting('ThrottledAge', 'One-1a2b3c4d', END - 2 * DAY + 1, 60_000),
    stillWaiting('UnfinishedAge', 'One-1a2b3c4d', END - 9 * DAY, 5_000),
    oldestIn('two-large', END - DAY, 3_600),
    // Of nobody's queue, and of the next week.
    oldestIn('one-dead', END - DAY, 9_999),
    oldestIn('two-events', END, 9_999),
  ];
  const [one, two] = await figures();
  const NONE = { queued: undefined, queuedLarge: undefined, throttled: undefined, unfinished: undefined };
  expect([one?.lastWeek.waits, one?.weekBefore.waits, two?.lastWeek.waits, two?.weekBefore.waits]).toEqual([
    { ...NONE, queued: 345_600_000, throttled: 61_000 },
    { ...NONE, queued: 7_000, unfinished: 5_000 },
    { ...NONE, queuedLarge: 3_600_000 },
    NONE,
  ]);
  expect([one?.maxAgeMillis, two?.maxAgeMillis]).toEqual([900_000, 7_200_000]);
});
