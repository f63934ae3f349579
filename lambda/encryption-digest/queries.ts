import type { Metric, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { METRICS } from '../../lib/domain/contract';
import type { DigestedEnforcer } from '../../lib/domain/digested-enforcer';

/** What is counted, by the names under which the digest has it. */
export const COUNTS = {
  compliant: METRICS.compliantObjects,
  violations: METRICS.nonCompliantObjects,
  exempt: METRICS.exemptObjects,
  unverifiable: METRICS.unverifiableObjects,
  reduced: METRICS.reducedActions,
  reported: METRICS.reportedObjects,
  tagged: METRICS.taggedObjects,
  quarantined: METRICS.quarantinedObjects,
  reencrypted: METRICS.reencryptedObjects,
  released: METRICS.releasedObjects,
  discarded: METRICS.discardedObjects,
} as const;

export type Count = keyof typeof COUNTS;
export const COUNT_NAMES = Object.keys(COUNTS) as Count[];

/** How long objects waited, the longest of each kind: the metrics of the alarms in lib/internal/enforcer-alarms.ts. */
export const WAITS = {
  /** SQS tells seconds: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
  queued: { metricOf: ({ queue }: DigestedEnforcer) => queueMetric('ApproximateAgeOfOldestMessage', queue), unitMillis: 1_000 },
  queuedLarge: {
    metricOf: ({ largeQueue }: DigestedEnforcer) => queueMetric('ApproximateAgeOfOldestMessage', largeQueue),
    unitMillis: 1_000,
  },
  throttled: { metricOf: ({ name }: DigestedEnforcer) => guardMetric(METRICS.throttledAge, name), unitMillis: 1 },
  unfinished: { metricOf: ({ name }: DigestedEnforcer) => guardMetric(METRICS.unfinishedAge, name), unitMillis: 1 },
} as const;

export type Wait = keyof typeof WAITS;
export const WAIT_NAMES = Object.keys(WAITS) as Wait[];

/** Of the enforcer at this place of the list. */
export const queryIds = (place: number) => ({
  count: (name: Count) => `e${place}_${name}`,
  countOfCanary: (name: Count) => `e${place}_${name}_of_canary`,
  slowest: `e${place}_slowest`,
  canaries: `e${place}_canaries`,
  caught: `e${place}_caught`,
  wait: (name: Wait) => `e${place}_${name}`,
  waiting: (queue: number) => `e${place}_waiting${queue}`,
});

/**
 * A day, which whole weeks are made of; of metrics older than 15 days CloudWatch has no period below five minutes:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html
 */
const PERIOD_SECONDS = 86_400;

/** Up to 31 for each enforcer, of 500 that a call takes. */
export function queriesOf(enforcers: readonly DigestedEnforcer[]): MetricDataQuery[] {
  return enforcers.flatMap((enforcer, place) => [...queriesOfAll(enforcer, place), ...queriesOfCanary(enforcer, place)]);
}

function queriesOfAll(enforcer: DigestedEnforcer, place: number): MetricDataQuery[] {
  const { name, deadLetterQueues } = enforcer;
  const id = queryIds(place);
  return [
    ...COUNT_NAMES.map((count) => query(id.count(count), guardMetric(COUNTS[count], name), 'Sum')),
    query(id.slowest, guardMetric(METRICS.verificationAge, name), 'Maximum'),
    ...WAIT_NAMES.map((wait) => query(id.wait(wait), WAITS[wait].metricOf(enforcer), 'Maximum')),
    ...deadLetterQueues.map((queue, at) => query(id.waiting(at), queueMetric('ApproximateNumberOfMessagesVisible', queue), 'Maximum')),
  ];
}

/** What it wrote is taken off again: it is wrong on purpose. */
function queriesOfCanary({ name, canary }: DigestedEnforcer, place: number): MetricDataQuery[] {
  if (canary === undefined) return [];
  const id = queryIds(place);
  return [
    ...COUNT_NAMES.map((count) => query(id.countOfCanary(count), guardMetric(COUNTS[count], name, canary.bucket), 'Sum')),
    // 1 for each that was caught, 0 for each that was not.
    query(id.canaries, guardMetric(METRICS.canaryCaught, name), 'SampleCount'),
    query(id.caught, guardMetric(METRICS.canaryCaught, name), 'Sum'),
  ];
}

/**
 * Violations of each bucket. By a search, which finds what reported data in the last two weeks, since the names of 80 buckets have no room in the
 * environment of a function: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html
 *
 * That each bucket is a result of its own, with its name for a label, is an assumption; what is not told by bucket, the digest says.
 */
export function queryByBucket(enforcerName: string): MetricDataQuery {
  const { namespace, enforcerDimension, bucketDimension, nonCompliantObjects } = METRICS;
  const what = `{${namespace},${enforcerDimension},${bucketDimension}} MetricName="${nonCompliantObjects}" AND ${enforcerDimension}="${enforcerName}"`;
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
  const Label = `\${PROP('Dim.${bucketDimension}')}`;
  return { Id: 'buckets', Expression: `SEARCH('${what}', 'Sum', ${PERIOD_SECONDS})`, Label };
}

function query(Id: string, metric: Metric, Stat: string): MetricDataQuery {
  return { Id, MetricStat: { Metric: metric, Period: PERIOD_SECONDS, Stat } };
}

function guardMetric(MetricName: string, enforcer: string, bucket?: string): Metric {
  const ofBucket = bucket === undefined ? [] : [{ Name: METRICS.bucketDimension, Value: bucket }];
  return {
    Namespace: METRICS.namespace,
    MetricName,
    Dimensions: [{ Name: METRICS.enforcerDimension, Value: enforcer }, ...ofBucket],
  };
}

function queueMetric(MetricName: string, queue: string): Metric {
  return { Namespace: 'AWS/SQS', MetricName, Dimensions: [{ Name: 'QueueName', Value: queue }] };
}
