import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AlertTopic } from './alert-topic';
import { callAlert, serviceAlert } from './domain/alert-text';
import { KEY_EVENTS, TAMPER_GROUPS, type TamperGroup } from './domain/tamper-events';
import type { EncryptionEnforcer } from './encryption-enforcer';
import { GrowingRules } from './internal/growing-rules';
import type { EnforcerParts } from './internal/guard-resources';
import { requireHere, requireTamperProps } from './internal/require-tamper-props';
import { undeliveredQueue } from './internal/rule-queue';
import { runbookAlarm, runbookLink } from './internal/runbook-alarm';
import { generatedNameLength, uniqueName } from './internal/unique-name';

const PERIOD = Duration.minutes(5);
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html */
const METRICS_OF_AN_ALARM = 10;

/** Properties of `TamperAlerts`. Name at least one enforcer, bucket or key. */
export interface TamperAlertsProps {
  /**
   * Who is told.
   *
   * @default - a new topic
   */
  readonly alertTopic?: AlertTopic;

  /**
   * Enforcers to watch over: what each is made of, the buckets that it guards, now and later, with the keys that these buckets bring, and its
   * quarantine.
   *
   * @default - none
   */
  readonly enforcers?: EncryptionEnforcer[];

  /**
   * Buckets besides those, such as the one of the trail.
   *
   * @default - none
   */
  readonly buckets?: s3.IBucket[];

  /**
   * Keys besides those, such as the ones that are required by ARN. Of this account: what is done to keys of others is recorded there.
   *
   * @default - none
   */
  readonly keys?: kms.IKey[];

  /**
   * Name of the trail by which these alerts come, not its ARN.
   *
   * @default - every trail of the account and Region is watched
   */
  readonly trailName?: string;

  /**
   * ARNs of the roles that deploy, such as the execution role of CloudFormation, whose calls raise no alert. That is one-sided: whoever may
   * deploy by such a role then changes everything unheard, and only the trail knows.
   *
   * @default - none: deployments that change what is watched raise alerts as well
   */
  readonly deployingRoles?: string[];
}

/**
 * Tells people of calls that change what keeps objects encrypted as required: keys, buckets, the trail, the enforcer, and these alerts
 * themselves. Refused calls are told, too: that somebody tries is worth knowing.
 *
 * Rules of EventBridge hear of calls in their own account and Region, and only while a trail records management events there
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html): put one into each that has guarded buckets or keys.
 * What KMS tells itself needs no trail. Calls of IAM, such as those that change the role of an enforcer, are heard in us-east-1 only, and are
 * not watched.
 */
export class TamperAlerts extends Construct {
  /** Who is told. */
  public readonly alertTopic: AlertTopic;
  /** Alerts that could not be delivered, as the events of CloudTrail that they are about. */
  public readonly deadLetterQueue: sqs.IQueue;
  /** Alarms on alerts that nobody got. They tell the same topic; have them tell somebody else as well. */
  public readonly alarms: cloudwatch.Alarm[] = [];

  /**
   * With which the names of its rules begin.
   * @internal
   */
  public readonly _ruleNamePrefix: string;

  private readonly spared: readonly string[];
  private readonly keys: GrowingRules;
  private readonly keyEvents: GrowingRules;
  private readonly buckets: GrowingRules;
  private readonly alarmRules: GrowingRules;
  /** Names of rules that no alarm watches yet. */
  private unwatched: string[] = [];
  private isComplete = false;

  /**
   * @throws Error where nothing is named that could be watched, for what belongs to another account or Region, for an alias instead of a key, the
   * ARN of a trail instead of its name, and for a `deployingRoles` that is not the ARN of a role
   */
  public constructor(scope: Construct, id: string, props: TamperAlertsProps) {
    super(scope, id);
    requireTamperProps(this, props);
    const { enforcers = [], buckets = [], keys = [], trailName, deployingRoles = [] } = props;
    this.spared = deployingRoles;
    this._ruleNamePrefix = `${uniqueName(this, 40)}-`;
    this.alertTopic = props.alertTopic ?? new AlertTopic(this, 'Topic');
    requireHere(this, this.alertTopic.topic, 'a topic');
    const undelivered = undeliveredQueue(this, 'Undelivered', this._ruleNamePrefix);
    this.deadLetterQueue = undelivered;
    this.keys = this.rulesOn('Keys', TAMPER_GROUPS.keys);
    this.keyEvents = this.rulesOn('KeyEvents', KEY_EVENTS, serviceAlert);
    this.buckets = this.rulesOn('Buckets', TAMPER_GROUPS.buckets);
    this.alarmRules = this.rulesOn('Alarms', TAMPER_GROUPS.alarms);
    for (const key of keys) this.watchKey(key);
    for (const bucket of buckets) this.watchBucket(bucket);
    this.watchTrail(trailName);
    for (const enforcer of enforcers) this.watchBuckets(enforcer);
    this.watchParts(enforcers.map(({ _guard: { parts } }) => parts));
    this.watchDelivery(undelivered);
  }

  private watchKey(key: kms.IKey): void {
    for (const rules of [this.keys, this.keyEvents]) rules.add(key.keyId);
  }

  private watchBucket(bucket: s3.IBucket): void {
    this.buckets.add(bucket.bucketName);
    const key = bucket.encryptionKey;
    // What is done to a key of another account, nobody hears of here; and whoever looks on by an alias would see another key.
    if (key !== undefined && !('aliasName' in key) && isOf(key.env.account, Stack.of(this).account)) this.watchKey(key);
  }

  private watchTrail(trailName: string | undefined): void {
    const rules = this.rulesOn('Trail', TAMPER_GROUPS.trail);
    if (trailName === undefined) rules.addRule();
    else rules.add(trailName);
  }

  private watchBuckets({ _guard: guard }: EncryptionEnforcer): void {
    this.watchBucket(guard.parts.quarantineBucket);
    guard.onBucket((bucket) => this.watchBucket(bucket));
  }

  /** What enforcers are made of, and what these alerts are. */
  private watchParts(guards: readonly EnforcerParts[]): void {
    const watch = (id: string, group: TamperGroup, things: readonly string[]) => {
      const rules = this.rulesOn(id, group);
      for (const thing of things) rules.add(thing);
    };
    const eventRules = TAMPER_GROUPS.eventRules;
    watch(
      'Parameters',
      TAMPER_GROUPS.parameters,
      guards.map((guard) => guard.parameterPrefix),
    );
    watch(
      'Functions',
      TAMPER_GROUPS.functions,
      guards.map((guard) => guard.functionName),
    );
    watch(
      'Queues',
      TAMPER_GROUPS.queues,
      [...guards.flatMap((guard) => guard.queues), this.deadLetterQueue].map((queue) => queue.queueName),
    );
    watch('Topics', TAMPER_GROUPS.topics, [this.alertTopic.topic.topicArn]);
    watch('EventRules', eventRules, [...guards.map((guard) => guard.ruleNamePrefix), this._ruleNamePrefix]);
    // A rule that is switched off does not hear of it. Another one does.
    watch('EventRulesTwice', { ...eventRules, name: 'twice' }, [`${this._ruleNamePrefix}${eventRules.name}`]);
    for (const alarm of guards.flatMap((guard) => guard.alarms)) this.watchAlarm(alarm);
  }

  private watchAlarm(alarm: cloudwatch.Alarm): void {
    this.alarmRules.add(alarm.alarmName, generatedNameLength(alarm));
  }

  private rulesOn(id: string, group: TamperGroup, alert = callAlert): GrowingRules {
    return new GrowingRules(this, id, {
      ruleName: `${this._ruleNamePrefix}${group.name}`,
      description: `${group.title}: tells people`,
      pattern: (things) => group.pattern(things, this.spared),
      longest: group.longestThing,
      target: {
        arn: this.alertTopic.topic.topicArn,
        deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
        inputTransformer: { ...alert(group, runbookLink(group.section)) },
      },
      onRule: (ruleName) => this.watchRule(ruleName),
    });
  }

  /** Nobody would miss an alert that does not arrive. */
  private watchDelivery(undelivered: sqs.IQueue): void {
    this.addAlarm('UndeliveredAlertsAlarm', undelivered.metricApproximateNumberOfMessagesVisible({ period: PERIOD }));
    // Of which the last may come from the alarm on the others.
    while (this.unwatched.length > 0) {
      const names = this.unwatched.splice(0, METRICS_OF_AN_ALARM);
      this.addAlarm(`FailedAlertsAlarm${this.alarms.length === 1 ? '' : this.alarms.length}`, failedInvocations(names));
    }
    this.isComplete = true;
  }

  /** A rule that is added for a bucket that was guarded later, or for its key, has an alarm to itself. */
  private watchRule(ruleName: string): void {
    if (this.isComplete) this.addAlarm(`FailedAlertsAlarm${this.alarms.length}`, failedInvocations([ruleName]));
    else this.unwatched.push(ruleName);
  }

  private addAlarm(id: string, metric: cloudwatch.IMetric): void {
    const meaning = 'Alerts about tampering could not be delivered.';
    const alarm = runbookAlarm(this, id, { metric, threshold: 1, meaning, section: 'undelivered-alerts' });
    this.alarms.push(alarm);
    this.alertTopic.receiveFrom(alarm);
    this.watchAlarm(alarm);
  }
}

function isOf(account: string, own: string): boolean {
  return account === own || Token.isUnresolved(account) || Token.isUnresolved(own);
}

/** All together; a sum of which one has no data would have none. */
function failedInvocations(ruleNames: readonly string[]): cloudwatch.IMetric {
  const metrics = ruleNames.map(
    (RuleName) =>
      new cloudwatch.Metric({ namespace: 'AWS/Events', metricName: 'FailedInvocations', dimensionsMap: { RuleName }, statistic: 'Sum' }),
  );
  const usingMetrics = Object.fromEntries(metrics.map((metric, at) => [`rule${at}`, metric]));
  return new cloudwatch.MathExpression({ expression: 'SUM(METRICS())', label: 'FailedInvocations', usingMetrics, period: PERIOD });
}
