import type { Measurement } from '../../lambda/shared/enforcer-metrics';
import { EnforcerMetrics } from '../../lambda/shared/enforcer-metrics';

const ENFORCER = 'Stack-Enforcer-AB12CD34';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
interface Line {
  readonly _aws: { readonly CloudWatchMetrics: [{ Namespace: string; Dimensions: string[][]; Metrics: { Name: string; Unit: string }[] }] };
  readonly [field: string]: unknown;
}

const count = (metric: string, bucket: string, scheme?: string, value = 1): Measurement => ({ metric, value, bucket, scheme });

/** What it prints in each of several invocations. */
function printed(...invocations: readonly (readonly Measurement[])[]): Line[][] {
  const lines: string[] = [];
  const metrics = new EnforcerMetrics(ENFORCER, (line) => void lines.push(line));
  return invocations.map((measurements) => {
    for (const measurement of measurements) metrics.add(measurement);
    metrics.flush();
    return lines.splice(0).map((line) => JSON.parse(line));
  });
}

/** What CloudWatch reads in a line: each metric, by each set of its dimensions. */
function readByCloudWatch(lines: readonly Line[]): string[] {
  return lines.flatMap((line) => {
    const [{ Namespace, Dimensions, Metrics }] = line._aws.CloudWatchMetrics;
    const values = (name: string) => [line[name]].flat().join('+');
    const sets = Dimensions.map((names) =>
      names
        .map((name) => `${name}=${line[name]}`)
        .sort()
        .join(','),
    );
    return sets.flatMap((set) => Metrics.map(({ Name, Unit }) => `${Namespace} ${Name} ${values(Name)} ${Unit} ${set}`));
  });
}

test('a verdict is counted for the enforcer, for its bucket, and for its scheme', () => {
  const [lines = []] = printed([count('NonCompliantObjects', 'records', 'SSE-S3')]);
  expect(readByCloudWatch(lines)).toEqual([
    `S3EncryptionGuard NonCompliantObjects 1 Count service=${ENFORCER}`,
    `S3EncryptionGuard NonCompliantObjects 1 Count Bucket=records,service=${ENFORCER}`,
    `S3EncryptionGuard NonCompliantObjects 1 Count Scheme=SSE-S3,service=${ENFORCER}`,
  ]);
});

test.each(['VerificationAge', 'ThrottledAge'])('%s is in milliseconds', (metric) => {
  const [lines = []] = printed([count(metric, 'records', undefined, 1500)]);
  expect(readByCloudWatch(lines)).toContain(`S3EncryptionGuard ${metric} 1500 Milliseconds service=${ENFORCER}`);
});

test('what is no verdict has no scheme', () => {
  const [lines = []] = printed([count('ReducedActions', 'records')]);
  expect(readByCloudWatch(lines)).toEqual([
    `S3EncryptionGuard ReducedActions 1 Count service=${ENFORCER}`,
    `S3EncryptionGuard ReducedActions 1 Count Bucket=records,service=${ENFORCER}`,
  ]);
});

test('how old an event was is in milliseconds', () => {
  const [lines = []] = printed([{ metric: 'VerificationAge', value: 1234, bucket: 'records' }]);
  expect(readByCloudWatch(lines)[0]).toBe(`S3EncryptionGuard VerificationAge 1234 Milliseconds service=${ENFORCER}`);
});

test('an invocation prints one line for each bucket and scheme, not one for each object', () => {
  const ten = Array.from({ length: 10 }, () => count('CompliantObjects', 'records', 'SSE-KMS'));
  const [lines = []] = printed([
    ...ten,
    count('NonCompliantObjects', 'records', 'SSE-S3'),
    count('CompliantObjects', 'letters', 'SSE-KMS'),
  ]);
  expect(lines.map((line) => [line['Bucket'], line['Scheme'], line['CompliantObjects'] ?? line['NonCompliantObjects']])).toEqual([
    ['records', 'SSE-KMS', 10],
    ['records', 'SSE-S3', 1],
    ['letters', 'SSE-KMS', 1],
  ]);
});

test('an invocation without measurements prints nothing', () => {
  expect(printed([])).toEqual([[]]);
});

test('the next invocation of the same function begins at nought, with all its dimensions', () => {
  const one = [count('CompliantObjects', 'records', 'SSE-KMS')];
  const [first = [], second = [], third = []] = printed(one, [count('GoneObjects', 'records')], one);
  expect(readByCloudWatch(third)).toEqual(readByCloudWatch(first));
  expect(readByCloudWatch(second)).toEqual(readByCloudWatch(second).filter((text) => text.includes('GoneObjects')));
});

test('of ages each is told, for their percentiles, however many there are, and no line loses its dimensions', () => {
  const ages = Array.from({ length: 250 }, (_, age) => age);
  const [lines = []] = printed([
    ...ages.map((value) => ({ metric: 'VerificationAge', value, bucket: 'records' })),
    count('GoneObjects', 'records', undefined, 3),
  ]);
  expect(lines.flatMap((line) => line['VerificationAge'])).toEqual(ages);
  expect(lines.flatMap((line) => line['GoneObjects'] ?? [])).toEqual([3]);
  expect(lines.map((line) => [line['VerificationAge']].flat().length)).toEqual([99, 99, 52]);
  for (const line of lines) expect(line._aws.CloudWatchMetrics[0].Dimensions).toHaveLength(2);
});

test('nothing is printed but by whom it was given to', () => {
  const write = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    printed(Array.from({ length: 250 }, () => ({ metric: 'VerificationAge', value: 1, bucket: 'records' })));
    expect(write).not.toHaveBeenCalled();
  } finally {
    write.mockRestore();
  }
});
