import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AlertTopic } from './alert-topic';
import { KEY_EVENTS, OWN_ALARMS, RULE_OF_RULES, TAMPER_GROUPS } from './domain/tamper-events';
import type { EncryptionCanary } from './encryption-canary';
import type { EncryptionEnforcer } from './encryption-enforcer';
import { alarmNameLength, generatedNameLength, topicArnLength } from './internal/longest-name';
import { requireHere, requireTamperProps } from './internal/require-tamper-props';
import { undeliveredQueue } from './internal/rule-queue';
import { runbookAlarm } from './internal/runbook-alarm';
import { areDifferent } from './internal/same-home';
import { TamperRules } from './internal/tamper-rules';
import { uniqueName } from './internal/unique-name';
import { isAlias } from './internal/usable-key';
import type { KeyAuditTrail } from './key-audit-trail';
import type { TamperAlertsProps } from './tamper-alerts-props';

const PERIOD = Duration.minutes(5);
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html */
const METRICS_OF_AN_ALARM = 10;

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

  private readonly rules: TamperRules;
  private readonly ruleNames: string[] = [];
  /** Graphs that rules are added to as they come. */
  private readonly graphs: cloudwatch.GraphWidget[] = [];
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
    const { enforcers = [], canaries = [], buckets = [], keys = [], alarms = [], trails = [], trailNames = [] } = props;
    this._ruleNamePrefix = `${uniqueName(this, 40)}-`;
    this.alertTopic = props.alertTopic ?? new AlertTopic(this, 'Topic');
    const { topic } = this.alertTopic;
    requireHere(this, topic, 'a topic');
    const undelivered = undeliveredQueue(this, 'Undelivered', this._ruleNamePrefix);
    this.deadLetterQueue = undelivered;
    this.rules = new TamperRules(this, {
      ruleNamePrefix: this._ruleNamePrefix,
      spared: props.deployingRoles ?? [],
      topic,
      deadLetterQueue: undelivered,
      onRule: (ruleName) => this.watchRule(ruleName),
    });
    this.watchKeys(keys);
    for (const bucket of buckets) this.watchBucket(bucket);
    this.watchTrails(trails, trailNames);
    for (const enforcer of enforcers) this.watchEnforcer(enforcer);
    for (const canary of canaries) this.watchCanary(canary);
    for (const alarm of alarms) this._watchAlarm(alarm);
    this.watchItself();
    this.watchDelivery(undelivered);
  }

  /** For a dashboard: how many events each rule heard of, those included whose alerts did not arrive. Rules that are added later appear as well. */
  public widgets(): cloudwatch.IWidget[] {
    const graph = new cloudwatch.GraphWidget({
      title: 'Tampering: calls that were told, refused ones too',
      width: 8,
      height: 6,
      period: PERIOD,
      leftYAxis: { min: 0, showUnits: false },
      left: this.ruleNames.map((ruleName) => this.triggered(ruleName)),
    });
    this.graphs.push(graph);
    return [graph];
  }

  /**
   * Hears of what is done to an alarm.
   *
   * @internal
   */
  public _watchAlarm(alarm: cloudwatch.IAlarm): void {
    this._watchAlarmNamed(alarm.alarmName, alarmNameLength(alarm));
  }

  /**
   * The same of an alarm that may be yet to come.
   *
   * @param length - characters that the name can have at most
   * @internal
   */
  public _watchAlarmNamed(alarmName: string, length = alarmName.length): void {
    this.rules.watch(TAMPER_GROUPS.alarms, alarmName, length);
  }

  /** What is done to a key of another account, nobody hears of here; and whoever looks on by an alias would see another key. */
  private watchKeys(keys: readonly (kms.IKey | undefined)[]): void {
    for (const key of keys) {
      if (key === undefined || isAlias(key) || this.isForeign(key.env.account)) continue;
      for (const group of [TAMPER_GROUPS.keys, KEY_EVENTS]) this.rules.watch(group, key.keyId);
    }
  }

  private watchBucket(bucket: s3.IBucket, keys: readonly kms.IKey[] = []): void {
    this.rules.watch(TAMPER_GROUPS.buckets, bucket.bucketName);
    this.watchKeys([bucket.encryptionKey, ...keys]);
  }

  private watchLog(logGroup: logs.ILogGroup): void {
    const { logs } = TAMPER_GROUPS;
    this.rules.watch(logs, logGroup.logGroupName, generatedNameLength(logGroup, logs.longestThing));
  }

  private watchTrails(trails: readonly KeyAuditTrail[], trailNames: readonly string[]): void {
    const names = [...trails.map(({ trail }) => trail.trailName ?? trail.ref), ...trailNames];
    if (names.length === 0) this.rules.watchAll(TAMPER_GROUPS.trail);
    for (const name of names) this.rules.watch(TAMPER_GROUPS.trail, name);
    for (const { auditBucket, auditKey, logGroup } of trails) {
      if (!this.isForeign(auditBucket.env.account)) this.watchBucket(auditBucket);
      this.watchKeys([auditKey]);
      this.watchLog(logGroup);
    }
  }

  private watchEnforcer({ _guard: guard }: EncryptionEnforcer): void {
    const { parts } = guard;
    this.watchBucket(parts.quarantineBucket, [parts.quarantineKey]);
    guard.onBucket((bucket, keys) => this.watchBucket(bucket, keys));
    this.rules.watch(TAMPER_GROUPS.parameters, parts.parameterPrefix);
    for (const name of parts.functionNames) this.rules.watch(TAMPER_GROUPS.functions, name);
    guard.onFunction((functionName, logGroup) => {
      this.rules.watch(TAMPER_GROUPS.functions, functionName);
      this.watchLog(logGroup);
    });
    for (const { queueName } of parts.queues) this.rules.watch(TAMPER_GROUPS.queues, queueName);
    this.rules.watch(TAMPER_GROUPS.eventRules, parts.ruleNamePrefix);
    this.watchLog(parts.logGroup);
    for (const alarm of parts.alarms) this._watchAlarm(alarm);
  }

  private watchCanary({ bucket, handler, logGroup, alarms, _schedule: { ruleName } }: EncryptionCanary): void {
    this.watchBucket(bucket);
    this.rules.watch(TAMPER_GROUPS.functions, handler.functionName);
    this.rules.watch(TAMPER_GROUPS.eventRules, ruleName);
    this.watchLog(logGroup);
    for (const alarm of alarms) this._watchAlarm(alarm);
  }

  private watchItself(): void {
    const { topic } = this.alertTopic;
    this.rules.watch(TAMPER_GROUPS.topics, topic.topicArn, topicArnLength(topic));
    // Without it the topic takes nothing: whoever disables it mutes everything, and this is heard, though it may be left in the queue.
    this.watchKeys([topic.masterKey]);
    this.rules.watch(TAMPER_GROUPS.queues, this.deadLetterQueue.queueName);
    this.rules.watch(OWN_ALARMS, this._ruleNamePrefix);
    this.rules.watch(TAMPER_GROUPS.eventRules, this._ruleNamePrefix);
    this.rules.watch(RULE_OF_RULES, `${this._ruleNamePrefix}${TAMPER_GROUPS.eventRules.name}`);
  }

  private isForeign(account: string): boolean {
    return areDifferent(account, Stack.of(this).account);
  }

  /** Nobody would miss an alert that does not arrive. */
  private watchDelivery(undelivered: sqs.IQueue): void {
    this.addAlarm('undelivered', undelivered.metricApproximateNumberOfMessagesVisible({ period: PERIOD }));
    while (this.unwatched.length > 0) {
      this.addAlarm(`failed-${this.alarms.length}`, failedInvocations(this.unwatched.splice(0, METRICS_OF_AN_ALARM)));
    }
    this.isComplete = true;
  }

  /** A rule that is added for a bucket that was guarded later, or for its key, has an alarm to itself. */
  private watchRule(ruleName: string): void {
    this.ruleNames.push(ruleName);
    for (const graph of this.graphs) graph.addLeftMetric(this.triggered(ruleName));
    if (this.isComplete) this.addAlarm(`failed-${this.alarms.length}`, failedInvocations([ruleName]));
    else this.unwatched.push(ruleName);
  }

  private triggered(ruleName: string): cloudwatch.IMetric {
    return ofRule(ruleName, 'TriggeredRules').with({ label: ruleName.slice(this._ruleNamePrefix.length) });
  }

  private addAlarm(name: string, metric: cloudwatch.IMetric): void {
    const alarm = runbookAlarm(this, `Alarm-${name}`, {
      metric,
      alarmName: `${this._ruleNamePrefix}${name}`,
      threshold: 1,
      meaning: 'Alerts about tampering could not be delivered.',
      section: 'undelivered-alerts',
    });
    this.alarms.push(alarm);
    this.alertTopic.receiveFrom(alarm);
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
function ofRule(RuleName: string, metricName: string): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: 'AWS/Events', metricName, dimensionsMap: { RuleName }, statistic: 'Sum' });
}

/** All together; a sum of which one has no data would have none. */
function failedInvocations(ruleNames: readonly string[]): cloudwatch.IMetric {
  const metrics = ruleNames.map((ruleName, at) => [`rule${at}`, ofRule(ruleName, 'FailedInvocations')] as const);
  const usingMetrics = Object.fromEntries(metrics);
  return new cloudwatch.MathExpression({ expression: 'SUM(METRICS())', label: 'FailedInvocations', usingMetrics, period: PERIOD });
}
