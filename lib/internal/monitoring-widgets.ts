import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../domain/contract';
import type { EncryptionCanary } from '../encryption-canary';
import type { EncryptionEnforcer } from '../encryption-enforcer';
import { RUNBOOK } from './runbook-alarm';

/** What a dashboard is about. */
export interface Monitored {
  readonly enforcers: readonly EncryptionEnforcer[];
  readonly canaries: readonly EncryptionCanary[];
  readonly alarms: readonly cloudwatch.IAlarm[];
}

/** CloudWatch divides a dashboard into 24 columns. */
const THIRD = 8;
const HEIGHT = 6;
const PERIOD = Duration.minutes(5);

/** Rows of widgets, the answer first. */
export function monitoringWidgets(monitored: Monitored): cloudwatch.IWidget[][] {
  const { enforcers } = monitored;
  return [
    [answer(monitored), alarmStates(monitored), explanation()],
    [verdictsByScheme(enforcers), violationsByBucket(enforcers), actions(enforcers)],
    [ages(enforcers), waiting(enforcers), deadLetters(enforcers)],
    [failures(enforcers), durations(enforcers), concurrency(enforcers)],
  ];
}

/** "Is every object encrypted as we said?" */
function answer({ enforcers, canaries }: Monitored): cloudwatch.IWidget {
  const counts = (name: string) => enforcers.map((enforcer) => enforcer._metric(name));
  const onPurpose = canaries.map(({ bucket, enforcer }) => ofBucket(enforcer, METRICS.nonCompliantObjects, bucket.bucketName));
  const unverified = enforcers.flatMap(({ deadLetterQueue, undeliveredQueue }) => [
    messagesIn(deadLetterQueue),
    messagesIn(undeliveredQueue),
  ]);
  const caught = canaries.map(({ enforcer }) =>
    enforcer._metric(METRICS.canaryCaught, { statistic: 'Minimum', label: 'canary caught (1: yes)' }),
  );
  return new cloudwatch.SingleValueWidget({
    title: 'Is every object encrypted as declared? Yes, while the first three are 0',
    width: THIRD + 2,
    height: HEIGHT,
    setPeriodToTimeRange: true,
    metrics: [
      total('not as required', counts(METRICS.nonCompliantObjects), onPurpose),
      total('not verified', unverified),
      total('less done than configured', counts(METRICS.reducedActions)),
      total('as required', counts(METRICS.compliantObjects)),
      ...caught,
    ],
  });
}

function alarmStates({ alarms }: Monitored): cloudwatch.IWidget {
  return new cloudwatch.AlarmStatusWidget({ title: 'Alarms', width: THIRD, height: HEIGHT, alarms: [...alarms] });
}

function explanation(): cloudwatch.IWidget {
  const markdown = [
    `**[Operator runbook](${RUNBOOK})**: each alarm names its section. [What is guaranteed](${RUNBOOK.replace('operator-runbook', 'guarantees')}), and what not.`,
    `Canaries are violations on purpose, and left out of *not as required*.`,
    `*Not verified*: [dead letters](${RUNBOOK}#dead-letters), [undelivered events](${RUNBOOK}#undelivered-events).`,
  ].join('\n\n');
  return new cloudwatch.TextWidget({ width: THIRD - 2, height: HEIGHT, markdown });
}

function verdictsByScheme(enforcers: readonly EncryptionEnforcer[]): cloudwatch.IWidget {
  const dimension = METRICS.schemeDimension;
  return graph('Verdicts by scheme', {
    stacked: true,
    left: [
      search(enforcers, METRICS.compliantObjects, dimension, 'as required: '),
      search(enforcers, METRICS.nonCompliantObjects, dimension, 'not: '),
      search(enforcers, METRICS.exemptObjects, dimension, 'exempt: '),
    ],
  });
}

function violationsByBucket(enforcers: readonly EncryptionEnforcer[]): cloudwatch.IWidget {
  return graph('Violations by bucket', {
    stacked: true,
    left: [search(enforcers, METRICS.nonCompliantObjects, METRICS.bucketDimension, '')],
  });
}

function actions(enforcers: readonly EncryptionEnforcer[]): cloudwatch.IWidget {
  const names = [
    METRICS.reencryptedObjects,
    METRICS.quarantinedObjects,
    METRICS.taggedObjects,
    METRICS.reportedObjects,
    METRICS.reducedActions,
    METRICS.unverifiableObjects,
    METRICS.releasedObjects,
    METRICS.discardedObjects,
  ];
  return graph('Actions and fallbacks', { left: ofEach(enforcers, (enforcer) => names.map((name) => [name, enforcer._metric(name)])) });
}

function ages(enforcers: readonly EncryptionEnforcer[]): cloudwatch.IWidget {
  const age = (enforcer: EncryptionEnforcer, statistic: string) => enforcer._metric(METRICS.verificationAge, { statistic });
  return graph('From event to verdict (ms)', {
    left: ofEach(enforcers, (enforcer) => [
      ['p50', age(enforcer, 'p50')],
      ['p99', age(enforcer, 'p99')],
      ['throttled, still waiting', enforcer._metric(METRICS.throttledAge, { statistic: 'Maximum' })],
      ['over 5 GiB, still moving', enforcer._metric(METRICS.unfinishedAge, { statistic: 'Maximum' })],
    ]),
  });
}

function waiting(enforcers: readonly EncryptionEnforcer[]): cloudwatch.IWidget {
  return graph('Waiting events, and age of the oldest (s, right)', {
    left: ofEach(enforcers, ({ queue, largeObjectQueue }) => [
      ['waiting', messagesIn(queue)],
      ['under way', queue.metricApproximateNumberOfMessagesNotVisible({ statistic: 'Maximum' })],
      ['large objects', messagesIn(largeObjectQueue)],
    ]),
    right: ofEach(enforcers, ({ queue }) => [['age', queue.metricApproximateAgeOfOldestMessage()]]),
  });
}

function deadLetters(enforcers: readonly EncryptionEnforcer[]): cloudwatch.IWidget {
  return graph('Not verified: dead letters, undelivered events', {
    left: ofEach(enforcers, ({ deadLetterQueue, undeliveredQueue }) => [
      ['dead letters', messagesIn(deadLetterQueue)],
      ['undelivered', messagesIn(undeliveredQueue)],
    ]),
  });
}

function failures(enforcers: readonly EncryptionEnforcer[]): cloudwatch.IWidget {
  return graph('Function: errors, throttles', {
    left: ofEach(enforcers, ({ handler }) => [
      ['errors', handler.metricErrors()],
      ['throttles', handler.metricThrottles()],
    ]),
  });
}

function durations(enforcers: readonly EncryptionEnforcer[]): cloudwatch.IWidget {
  return graph('Function: duration (ms)', {
    left: ofEach(enforcers, ({ handler }) => [
      ['p50', handler.metricDuration({ statistic: 'p50' })],
      ['p99', handler.metricDuration({ statistic: 'p99' })],
    ]),
  });
}

function concurrency(enforcers: readonly EncryptionEnforcer[]): cloudwatch.IWidget {
  return graph('Function: concurrent executions', {
    left: ofEach(enforcers, ({ handler }) => [['at once', handler.metric('ConcurrentExecutions', { statistic: 'Maximum' })]]),
  });
}

function graph(title: string, props: cloudwatch.GraphWidgetProps): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({
    title,
    width: THIRD,
    height: HEIGHT,
    period: PERIOD,
    leftYAxis: { min: 0, showUnits: false },
    ...props,
  });
}

/** A metric of each, named after its enforcer where there are several. */
function ofEach(
  enforcers: readonly EncryptionEnforcer[],
  metricsOf: (enforcer: EncryptionEnforcer) => [label: string, metric: cloudwatch.Metric][],
): cloudwatch.IMetric[] {
  return enforcers.flatMap((enforcer) =>
    metricsOf(enforcer).map(([label, metric]) => metric.with({ label: enforcers.length > 1 ? `${enforcer.node.id}: ${label}` : label })),
  );
}

function messagesIn(queue: EncryptionEnforcer['queue']): cloudwatch.Metric {
  return queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' });
}

function ofBucket(enforcer: EncryptionEnforcer, name: string, bucketName: string): cloudwatch.Metric {
  const { namespace, metricName, dimensions, statistic } = enforcer._metric(name);
  const dimensionsMap = { ...dimensions, [METRICS.bucketDimension]: bucketName };
  return new cloudwatch.Metric({ namespace, metricName, statistic, dimensionsMap });
}

/** Nothing counted is zero, not a gap. Ids are unique in a widget, hence the letters of the label. */
function total(label: string, plus: readonly cloudwatch.IMetric[], minus: readonly cloudwatch.IMetric[] = []): cloudwatch.IMetric {
  const named = [...plus, ...minus].map((metric, position) => [`${label.replace(/[^a-z]/g, '')}${position}`, metric] as const);
  const expression = named
    .map(([id], position) => `${position < plus.length ? '+' : '-'}FILL(${id},0)`)
    .join('')
    .slice(1);
  return new cloudwatch.MathExpression({ label, expression, usingMetrics: Object.fromEntries(named), period: PERIOD });
}

/** One line for each value of the dimension that there is by then. */
function search(enforcers: readonly EncryptionEnforcer[], metricName: string, dimension: string, prefix: string): cloudwatch.IMetric {
  const { namespace, enforcerDimension } = METRICS;
  const names = enforcers.map(({ _name }) => `${enforcerDimension}="${_name}"`).join(' OR ');
  return new cloudwatch.MathExpression({
    expression: `SEARCH('{${namespace},${enforcerDimension},${dimension}} MetricName="${metricName}" AND (${names})', 'Sum')`,
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
    label: `${prefix}\${PROP('Dim.${dimension}')}`,
    period: PERIOD,
  });
}
