import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { type DigestConfig, loadConfig } from '../../lambda/encryption-digest/config';
import type { DigestMessage } from '../../lambda/encryption-digest/digest-text';
import { metricReader } from '../../lambda/encryption-digest/metric-series';
import { sendDigest } from '../../lambda/encryption-digest/send-digest';
import { dueAt, weeksBefore } from '../../lambda/encryption-digest/weeks';
import { DigestEndpoint } from '../support/digest-endpoint';
import { DAY, DIGESTED, END, MONDAY, measuredFrom, objectOf } from '../support/digest-week';

let endpoint: DigestEndpoint;
let client: CloudWatchClient;

beforeEach(async () => {
  endpoint = await new DigestEndpoint().start();
  client = new CloudWatchClient({ endpoint: endpoint.url, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
});

afterEach(() => endpoint.stop());

async function send(event: unknown = {}) {
  const sent: DigestMessage[] = [];
  const errors: unknown[] = [];
  const config: DigestConfig = {
    enforcers: DIGESTED,
    topicArn: 'arn:aws:sns:eu-west-1:111122223333:alerts',
    runbookUrl: 'https://runbook',
  };
  const subject = await sendDigest(event, {
    config,
    readMetrics: metricReader(client),
    publish: async (message) => {
      sent.push(message);
      return 'message-1';
    },
    now: () => new Date(MONDAY),
    log: () => undefined,
    logError: (_, error) => errors.push(error),
  });
  return { subject, sent, errors };
}

describe('violations by bucket', () => {
  const wrong = (bucket: string, at = END - 1) => objectOf(['NonCompliantObjects', 'ReportedObjects'], { bucket, at });

  test('are those of the last week, the worst first, without the bucket of the canary', async () => {
    endpoint.measured = measuredFrom([
      ...['b', 'a', 'a', 'canaries', 'canaries', 'canaries'].map((bucket) => wrong(bucket)),
      wrong('b', END - 8 * DAY),
      wrong('old', END - 8 * DAY),
      objectOf(['CompliantObjects'], { bucket: 'good' }),
      { ...wrong('theirs'), enforcer: 'One' },
    ]);
    const { sent } = await send();
    expect(sent[0]?.text).toContain('- violations: 3 (2), of which unverifiable: 0 (0)\n- most in: a 2, b 1\n');
  });

  test('that CloudWatch does not tell leave a digest that says so, and an error in the log', async () => {
    endpoint.measured = measuredFrom([wrong('a')]);
    endpoint.distort = (answer, { MetricDataQueries: [query] }) =>
      query?.Expression === undefined ? answer : { MetricDataResults: [{ Id: 'buckets', StatusCode: 'InternalError' }] };
    const { sent, errors } = await send();
    expect(sent[0]?.text).toContain('- in which buckets: CloudWatch did not tell\n');
    expect(errors.map(String)).toEqual(
      Array(2).fill('UnansweredError: CloudWatch did not answer for everything: buckets is InternalError'),
    );
  });
});

describe('a digest is due', () => {
  const scheduled = (time: string) => ({ 'detail-type': 'Scheduled Event', source: 'aws.events', time });
  const NOW = new Date('2026-11-25T10:00:00Z');

  test.each([
    ['2026-11-22T08:00:00Z', undefined],
    ['2026-11-23T07:00:00Z', undefined],
    ['2026-11-23T09:00:00Z', undefined],
    ['2026-11-23T20:00:00Z', undefined],
    ['2026-11-23T08:00:00Z', '2026-11-23T08:00:00.000Z'],
    ['2026-11-24T08:00:00Z', undefined],
    ['2026-11-30T08:00:00Z', '2026-11-30T08:00:00.000Z'],
  ])('by the schedule on Mondays at 08:00 UTC, by the time of the event, which may come late: %s', (time, due) => {
    expect(dueAt(scheduled(time), NOW)?.toISOString()).toBe(due);
  });

  test.each([[undefined], [null], [{}], [{ reason: 'I want to see it' }]])('at once when somebody asks, with %j', (event) => {
    expect(dueAt(event, NOW)).toBe(NOW);
  });

  test.each([[undefined], ['soon']])('never at %j, which is an error', (time) => {
    expect(() => dueAt({ 'detail-type': 'Scheduled Event', time }, NOW)).toThrow(/has no time/);
  });

  test('and at other times nothing is asked or sent', async () => {
    await expect(send(scheduled('2026-11-24T08:00:00Z'))).resolves.toMatchObject({ subject: undefined, sent: [] });
    expect(endpoint.asked).toEqual([]);
  });
});

test('nothing is sent where CloudWatch leaves a count unanswered', async () => {
  endpoint.distort = () => ({ MetricDataResults: [] });
  await expect(send()).rejects.toThrow(/CloudWatch said nothing of e0_compliant/);
});

test.each([
  ['2026-11-23T00:00:00Z', '2026-11-09', '2026-11-16', '2026-11-23'],
  ['2026-11-25T23:59:59Z', '2026-11-11', '2026-11-18', '2026-11-25'],
  ['2027-01-04T08:00:00Z', '2026-12-21', '2026-12-28', '2027-01-04'],
])('the weeks before %s', (at, ...days) => {
  const { weekBefore, lastWeek, end } = weeksBefore(new Date(at));
  expect([weekBefore, lastWeek, end].map((date) => date.toISOString())).toEqual(days.map((day) => `${day}T00:00:00.000Z`));
});

describe('the environment of the function', () => {
  const COMPLETE = {
    DIGESTED_ENFORCERS: JSON.stringify(DIGESTED),
    TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:alerts',
    RUNBOOK_URL: 'https://runbook',
  };

  test('is its configuration', () => {
    const config = { enforcers: DIGESTED, topicArn: COMPLETE.TOPIC_ARN, runbookUrl: 'https://runbook' };
    expect(loadConfig(COMPLETE)).toEqual(config);
    expect(loadConfig({ ...COMPLETE, DASHBOARD_NAME: 'guard' })).toEqual({ ...config, dashboardName: 'guard' });
  });

  test.each(Object.keys(COMPLETE))('%s must be there', (name) => {
    expect(() => loadConfig({ ...COMPLETE, [name]: '' })).toThrow(
      `missing or unusable: ${name}. Deploy the function with an EncryptionDigest.`,
    );
  });

  test.each([
    'soon',
    '{}',
    '[]',
    '[null]',
    '[{"name":"One"}]',
    ...[
      { name: '' },
      { queue: undefined },
      { largeQueue: '' },
      { deadLetterQueues: [1] },
      { maxAgeMillis: undefined },
      { maxAgeMillis: 0 },
      { maxAgeMillis: '900000' },
      { maxAgeMillis: 0.5 },
      { canary: { bucket: 'canaries' } },
      { canary: { bucket: 'canaries', minutes: -60 } },
      { canary: { minutes: 60 } },
      { queues: [] },
    ].map((wrong) => JSON.stringify([{ ...DIGESTED[0], ...wrong }])),
  ])('has no enforcers in %s', (text) => {
    expect(() => loadConfig({ ...COMPLETE, DIGESTED_ENFORCERS: text })).toThrow(/^the enforcers of the digest: /);
  });
});
