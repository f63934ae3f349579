import { Duration, Lazy, type RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AlertTopic } from '../alert-topic';
import { EVENTS } from '../domain/contract';
import { LATER_EVENTS, laterText, OBJECT_EVENTS, objectEventPattern, violationText } from '../domain/object-events';
import { requireTopicHere } from './require-near';
import { undeliveredQueue } from './rule-queue';
import { runbookAlarm, runbookLink } from './runbook-alarm';
import { SecurityHubFindings } from './security-hub-findings';

export interface EnforcerOutputsProps {
  readonly enforcerName: string;
  readonly violationTopic?: AlertTopic;
  readonly securityHubFindings?: boolean;
  readonly removalPolicy: RemovalPolicy;
}

/** Where an enforcer tells of objects, besides its log, metrics and events. */
export class EnforcerOutputs extends Construct {
  readonly alarms: cloudwatch.Alarm[] = [];
  readonly queues: sqs.IQueue[] = [];
  readonly functionNames: string[] = [];
  securityHubLogGroup: logs.ILogGroup | undefined;
  private readonly undelivered: sqs.Queue | undefined;
  private readonly spared: s3.IBucket[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EnforcerOutputsProps,
  ) {
    super(scope, id);
    const { violationTopic, securityHubFindings = false } = props;
    if (violationTopic === undefined && !securityHubFindings) return;
    this.undelivered = this.createUndelivered();
    if (violationTopic !== undefined) this.tellTopic(violationTopic, this.undelivered);
    if (securityHubFindings) this.makeFindings(this.undelivered);
  }

  /** Objects of this bucket are wrong on purpose. */
  spare(bucket: s3.IBucket): void {
    this.spared.push(bucket);
  }

  private createUndelivered(): sqs.Queue {
    const queue = undeliveredQueue(this, 'Undelivered', `${this.props.enforcerName}-`);
    this.queues.push(queue);
    this.alarms.push(
      runbookAlarm(this, 'UndeliveredAlarm', {
        metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
        threshold: 1,
        meaning: 'Events about violations could not be delivered to the topic, or to the queue of findings.',
        section: 'undelivered-violations',
      }),
    );
    return queue;
  }

  private tellTopic(alertTopic: AlertTopic, undelivered: sqs.Queue): void {
    requireTopicHere(this, alertTopic, { name: 'violationTopic', than: 'the enforcer' });
    const target = { arn: alertTopic.topic.topicArn, deadLetterConfig: { arn: undelivered.queueArn } };
    const runbook = runbookLink('a-violation-was-told');
    this.addRule('violations', [EVENTS.violation], { ...target, inputTransformer: { ...violationText(runbook) } });
    this.addRule('endings', LATER_EVENTS, { ...target, inputTransformer: { ...laterText(runbook) } });
  }

  private makeFindings(undelivered: sqs.Queue): void {
    const { enforcerName, removalPolicy } = this.props;
    const findings = new SecurityHubFindings(this, 'SecurityHub', { ruleNamePrefix: `${enforcerName}-`, removalPolicy });
    const target = { arn: findings.queue.queueArn, deadLetterConfig: { arn: undelivered.queueArn } };
    this.addRule('findings', OBJECT_EVENTS, target);
    this.queues.push(findings.queue, findings.deadLetterQueue);
    this.functionNames.push(findings.handler.functionName);
    this.alarms.push(findings.alarm);
    this.securityHubLogGroup = findings.logGroup;
  }

  /** Not `events.Rule`, which adds to the policy of its target for each rule, and needs its pattern at once. */
  private addRule(name: string, detailTypes: readonly string[], target: Omit<events.CfnRule.TargetProperty, 'id'>): void {
    const { enforcerName } = this.props;
    new events.CfnRule(this, `Rule-${name}`, {
      name: `${enforcerName}-${name}`,
      description: 'What an encryption enforcer found, and what became of it, to whom it may concern',
      state: 'ENABLED',
      eventPattern: Lazy.any({
        produce: () =>
          objectEventPattern(
            enforcerName,
            detailTypes,
            this.spared.map(({ bucketName }) => bucketName),
          ),
      }),
      targets: [{ id: 'Target', ...target }],
    });
  }
}
