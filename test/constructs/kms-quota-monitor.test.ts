import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { KmsQuotaMonitor, type KmsQuotaMonitorProps } from '../../lib';
import { RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';
import { evaluate, type MetricQuery } from '../support/metric-math';
import { complaintsOf, FLAG_SETS, newStack, onlyResourceOf, resourcesOf } from '../support/stacks';

const ALARM = 'AWS::CloudWatch::Alarm';

function quotaAlarm(props?: KmsQuotaMonitorProps) {
  const stack = newStack();
  new KmsQuotaMonitor(stack, 'Monitor', props);
  return onlyResourceOf(stack, ALARM).Properties;
}

/** What the alarm compares with its threshold, when so many calls were counted in a period. */
function percentOf(calls: number | undefined, serviceQuota: number, props?: KmsQuotaMonitorProps) {
  return evaluate(quotaAlarm(props).Metrics, { valueOf: () => calls, serviceQuota });
}

describe('the alarm on the quota', () => {
  test('watches the calls that count against the quota of symmetric operations, and nothing else', () => {
    const metrics = quotaAlarm().Metrics.filter(({ MetricStat }: MetricQuery) => MetricStat);
    expect(metrics.map(({ MetricStat }: MetricQuery) => MetricStat)).toEqual([
      {
        Metric: {
          Namespace: 'AWS/Usage',
          MetricName: 'CallCount',
          Dimensions: expect.arrayContaining([
            { Name: 'Class', Value: 'None' },
            { Name: 'Resource', Value: 'CryptographicOperationsSymmetric' },
            { Name: 'Service', Value: 'KMS' },
            { Name: 'Type', Value: 'API' },
          ]),
        },
        Period: 60,
        Stat: 'Sum',
      },
    ]);
    expect(metrics[0].MetricStat.Metric.Dimensions).toHaveLength(4);
  });

  test.each([
    // calls in 60 seconds, quota a second, percent
    [300_000, 20_000, 25],
    [4_800_000, 100_000, 80],
    [600_000, 10_000, 100],
    [1_200_000, 10_000, 200],
    [0, 10_000, 0],
  ])('%d calls in a minute, under a quota of %d a second, are %d %%', (calls, quota, percent) => {
    expect(percentOf(calls, quota)).toBeCloseTo(percent, 9);
  });

  test('takes a quota that is written down instead of the one of Service Quotas', () => {
    expect(percentOf(300_000, 1, { quotaPerSecond: 40_000 })).toBeCloseTo(12.5, 9);
  });

  test('has no value where nothing was counted, and then is not OK but without data', () => {
    expect(percentOf(undefined, 10_000)).toBeUndefined();
    expect(quotaAlarm().TreatMissingData).toBe('missing');
  });

  test('goes off at 80 %, after three minutes in a row', () => {
    expect(quotaAlarm()).toMatchObject({ Threshold: 80, EvaluationPeriods: 3, ComparisonOperator: 'GreaterThanOrEqualToThreshold' });
  });

  test('goes off where it is told to, and says so', () => {
    const alarm = quotaAlarm({ thresholdPercent: 55.5, evaluationPeriods: 1 });
    expect(alarm).toMatchObject({ Threshold: 55.5, EvaluationPeriods: 1 });
    expect(alarm.AlarmDescription).toContain('use 55.5 % of the quota');
  });
});

test('metricQuotaUsage() over five minutes divides by five minutes', () => {
  const stack = newStack();
  const metric = new KmsQuotaMonitor(stack, 'Monitor').metricQuotaUsage({ period: Duration.minutes(5) });
  metric.createAlarm(stack, 'Slow', { threshold: 50, evaluationPeriods: 1 });
  const slow = resourcesOf(stack, ALARM).find(({ Properties }) => Properties.Threshold === 50);
  // 1,500,000 in 300 s are 5,000 a second, 25 % of 20,000
  expect(evaluate(slow?.Properties.Metrics, { valueOf: () => 1_500_000, serviceQuota: 20_000 })).toBeCloseTo(25, 9);
});

describe('the requests of a key', () => {
  const CALLS: Readonly<Record<string, number>> = { Decrypt: 6000, GenerateDataKey: 3000, Encrypt: 60 };

  function alarmOnKey(keyArn: string) {
    const stack = newStack();
    const key = kms.Key.fromKeyArn(stack, 'Key', keyArn);
    const metric = new KmsQuotaMonitor(stack, 'Monitor').metricKeyRequests(key);
    metric.createAlarm(stack, 'Busy', { threshold: 7, evaluationPeriods: 1 });
    return resourcesOf(stack, ALARM).find(({ Properties }) => Properties.Threshold === 7)?.Properties.Metrics as MetricQuery[];
  }

  const operationOf = ({ MetricStat }: MetricQuery) =>
    String(MetricStat?.Metric.Dimensions.find(({ Name }) => Name === 'Operation')?.Value);

  test('are those that KMS counts of it, of each operation that counts against the quota', () => {
    const metrics = alarmOnKey(RIGHT_KEY).flatMap(({ MetricStat }) => MetricStat ?? []);
    for (const { Metric, Stat } of metrics) {
      expect({ Stat, ...Metric }).toMatchObject({ Stat: 'Sum', Namespace: 'AWS/KMS', MetricName: 'SuccessfulRequest' });
      expect(Metric.Dimensions).toContainEqual({ Name: 'KeyArn', Value: RIGHT_KEY });
      expect(Metric.Dimensions).toHaveLength(2);
    }
    expect(
      alarmOnKey(RIGHT_KEY)
        .filter(({ MetricStat }) => MetricStat)
        .map(operationOf)
        .sort(),
    ).toEqual(['Decrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext']);
  });

  test('are the sum of its operations, a second: (6,000 + 3,000 + 60) in a minute are 151, also where one was never used', () => {
    const value = evaluate(alarmOnKey(RIGHT_KEY), { valueOf: (query) => CALLS[operationOf(query)], serviceQuota: 0 });
    expect(value).toBeCloseTo(151, 9);
  });
});

describe('buckets with request metrics', () => {
  function monitored() {
    const stack = newStack();
    const [records, logs] = ['records-1', 'logs-1'].map((name) => s3.Bucket.fromBucketName(stack, name, name)) as [s3.IBucket, s3.IBucket];
    const requestMetrics = [
      { bucket: records, filterId: 'EntireBucket' },
      { bucket: records, filterId: 'in' },
      { bucket: logs, filterId: 'EntireBucket' },
    ];
    return { stack, monitor: new KmsQuotaMonitor(stack, 'Monitor', { requestMetrics, evaluationPeriods: 2 }) };
  }

  test('have an alarm each, on the share of their requests that S3 fails: one in a hundred, in each minute', () => {
    const { stack, monitor } = monitored();
    const alarms = resourcesOf(stack, ALARM).map(({ Properties }) => Properties);
    expect(monitor.alarms).toHaveLength(4);
    const onBuckets = alarms.filter(({ Namespace }) => Namespace === 'AWS/S3');
    expect(onBuckets.map(({ Dimensions }) => Dimensions.map(({ Value }: { Value: string }) => Value))).toEqual([
      ['records-1', 'EntireBucket'],
      ['records-1', 'in'],
      ['logs-1', 'EntireBucket'],
    ]);
    for (const alarm of onBuckets) {
      expect(alarm).toMatchObject({
        MetricName: '5xxErrors',
        Statistic: 'Average',
        Threshold: 0.01,
        Period: 60,
        EvaluationPeriods: 2,
        TreatMissingData: 'notBreaching',
        Dimensions: [{ Name: 'BucketName' }, { Name: 'FilterId' }],
      });
    }
  });

  test('are shown on the dashboard beside the quota and the keys', () => {
    const { stack, monitor } = monitored();
    expect(monitor.widgets()).toHaveLength(2);
    const keys = [RIGHT_KEY, SECOND_KEY].map((arn, position) => kms.Key.fromKeyArn(stack, `Key${position}`, arn));
    const widgets = new KmsQuotaMonitor(stack, 'WithKeys', { keys, thresholdPercent: 70 }).widgets();
    new cloudwatch.Dashboard(stack, 'Dashboard', { widgets: [widgets] });
    const body = JSON.stringify(stack.resolve(onlyResourceOf(stack, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody));
    for (const text of ['SERVICE_QUOTA(calls)', RIGHT_KEY, SECOND_KEY, 'KMS request quota used', '\\"value\\":70']) {
      expect(body.replaceAll('\\\\', '\\')).toContain(text);
    }
  });
});

test('alarms link sections of the runbook that exist', () => {
  const stack = newStack();
  new KmsQuotaMonitor(stack, 'Monitor', {
    requestMetrics: [{ bucket: s3.Bucket.fromBucketName(stack, 'Records', 'records-1'), filterId: 'EntireBucket' }],
  });
  const runbook = readFileSync(join(__dirname, '..', '..', 'docs', 'operator-runbook.md'), 'utf8');
  const sections = [...runbook.matchAll(/^##+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'));
  const links = resourcesOf(stack, ALARM).map(({ Properties }) => /operator-runbook\.md#(\S+)$/.exec(Properties.AlarmDescription)?.[1]);
  expect(links).toEqual(['kms-request-quota', 's3-server-errors']);
  for (const link of links) expect(sections).toContain(link);
});

test.each(FLAG_SETS)('it synthesises without a complaint: %s', (_, flags) => {
  const stack = newStack({ flags });
  const bucket = s3.Bucket.fromBucketName(stack, 'Records', 'records-1');
  const keys = [new kms.Key(stack, 'Key', { enableKeyRotation: true })];
  const monitor = new KmsQuotaMonitor(stack, 'Monitor', { keys, requestMetrics: [{ bucket, filterId: 'EntireBucket' }] });
  new cloudwatch.Dashboard(stack, 'Dashboard', { widgets: [monitor.widgets()] });
  expect(complaintsOf(stack)).toEqual([]);
});

test('two monitors of one stack, or of a stack that knows no Region, are in nobody’s way', () => {
  const stack = newStack({ env: {} });
  const keys = [kms.Key.fromKeyArn(stack, 'Key', RIGHT_KEY)];
  for (const id of ['One', 'Other']) new KmsQuotaMonitor(stack, id, { keys });
  expect(resourcesOf(stack, ALARM)).toHaveLength(2);
});
