import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AlertTopic } from './alert-topic';
import { DIGEST_ENVIRONMENT } from './domain/contract';
import type { DigestedEnforcer } from './domain/digested-enforcer';
import type { EncryptionCanary } from './encryption-canary';
import type { EncryptionEnforcer } from './encryption-enforcer';
import { bundledFunction } from './internal/bundled-function';
import { requireRemovalPolicy } from './internal/require-enforcer-props';
import { requireDashboardName, requireEnforcersHere, requireTopicHere } from './internal/require-near';
import { requireValid } from './internal/require-valid';
import { runbookAlarm, runbookLink } from './internal/runbook-alarm';
import { areDifferent } from './internal/same-home';

/** Properties of an `EncryptionDigest`. */
export interface EncryptionDigestProps {
  /** The enforcers that it is about: 1 to 6, all of the account and Region of this construct. */
  readonly enforcers: EncryptionEnforcer[];

  /** Where it goes: a topic of the account and Region of this construct. */
  readonly alertTopic: AlertTopic;

  /**
   * Canaries of these enforcers: what they wrote is left out of the figures, and it is told how many of them were caught, and were written at all.
   *
   * @default - none
   */
  readonly canaries?: EncryptionCanary[];

  /**
   * The dashboard that the digest links to: the `dashboardName` that an `EncryptionMonitoring` was given. As a text, since a dashboard that shows
   * the alarms of this construct cannot be referred to by it.
   *
   * @default - no link
   */
  readonly dashboardName?: string;

  /**
   * What happens to the log of its function when the stack is deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

const WHAT_IT_DOES = 'Tells people once a week how many S3 objects were verified, and what was found';
/** What the environment of a function has room for, 4 KB: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ENFORCERS = 6;

/**
 * A message to people, each Monday at 08:00 UTC, about the seven days before: how many objects were verified, how many of these were as required,
 * what was done about the others, and how long objects waited, with the week before beside it. Its subject has the answer. That nothing was
 * verified is said aloud: it may mean that nothing was written, or that events are cut. So is what waited for as long as an alarm of its enforcer
 * allows, and that canaries were not written.
 *
 * It is made of metrics, by a function. What CloudWatch does not answer is no zero: the function then fails, Lambda tries it twice more, and an
 * alarm goes off.
 *
 * CloudWatch takes $0.01 for 1,000 metrics that are asked for, of which each enforcer has up to 31 a week and those of its buckets with violations,
 * and $0.10 a month for each of the three alarms (https://aws.amazon.com/cloudwatch/pricing/).
 */
export class EncryptionDigest extends Construct {
  /** Makes and sends it. Invoked by hand, with any payload, it sends one about the seven days before that day. */
  public readonly handler: lambda.IFunction;
  /** One JSON line for each digest. */
  public readonly logGroup: logs.ILogGroup;
  /**
   * Of which one goes off when a digest could not be made or sent, one when the schedule stands still, and one when the topic could not deliver
   * something. They tell nobody by themselves: pass them to the `alarms` of an `EncryptionMonitoring`, or add your actions to them.
   *
   * The one on the schedule goes off once after the first deployment, until the next full hour: it has then been seen to ring.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * Makes function, schedule and alarms.
   *
   * @throws Error for no enforcer, or more than 6, for one of another account or Region, a canary of an enforcer that is not among them, and a
   * topic of another account or Region
   */
  public constructor(scope: Construct, id: string, props: EncryptionDigestProps) {
    super(scope, id);
    const { alertTopic, removalPolicy = RemovalPolicy.RETAIN } = props;
    this.requireValidProps(props);
    requireRemovalPolicy(this, removalPolicy);
    const { handler, logGroup } = bundledFunction(this, {
      bundle: 'encryption-digest',
      description: WHAT_IT_DOES,
      timeout: Duration.minutes(2),
      removalPolicy,
      statements: this.statements(alertTopic),
      environment: this.environment(props),
    });
    this.handler = handler;
    this.logGroup = logGroup;
    new events.Rule(this, 'Schedule', {
      description: WHAT_IT_DOES,
      // Each hour, so that an alarm can tell that it stands still. The function knows when a digest is due: lambda/encryption-digest/weeks.ts.
      schedule: events.Schedule.cron({ minute: '0' }),
      targets: [new targets.LambdaFunction(handler)],
    });
    this.alarms = this.createAlarms(alertTopic);
  }

  private environment({ enforcers, canaries = [], alertTopic, dashboardName }: EncryptionDigestProps): Record<string, string> {
    const digested = enforcers.map((enforcer): DigestedEnforcer => {
      const canary = canaries.find((each) => each.enforcer === enforcer);
      return {
        name: enforcer._name,
        ...(canary !== undefined && { canary: { bucket: canary.bucket.bucketName, minutes: canary._interval.toMinutes() } }),
        queue: enforcer.queue.queueName,
        largeQueue: enforcer.largeObjectQueue.queueName,
        deadLetterQueues: [enforcer.deadLetterQueue, enforcer.undeliveredQueue].map(({ queueName }) => queueName),
        maxAgeMillis: enforcer._guard.parts.maxVerificationAge.toMilliseconds(),
      };
    });
    return {
      [DIGEST_ENVIRONMENT.enforcers]: Stack.of(this).toJsonString(digested),
      [DIGEST_ENVIRONMENT.topicArn]: alertTopic.topic.topicArn,
      [DIGEST_ENVIRONMENT.runbookUrl]: runbookLink('the-weekly-digest'),
      ...(dashboardName !== undefined && { [DIGEST_ENVIRONMENT.dashboardName]: dashboardName }),
    };
  }

  private statements({ topic }: AlertTopic): iam.PolicyStatement[] {
    const { region } = Stack.of(this);
    return [
      // IAM knows no resource for metrics: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
      new iam.PolicyStatement({ sid: 'ReadMetrics', actions: ['cloudwatch:GetMetricData'], resources: ['*'] }),
      new iam.PolicyStatement({ sid: 'SendDigest', actions: ['sns:Publish'], resources: [topic.topicArn] }),
      ...(topic.masterKey === undefined
        ? []
        : [
            // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
            new iam.PolicyStatement({
              sid: 'EncryptDigest',
              actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
              resources: [topic.masterKey.keyArn],
              conditions: { StringEquals: { 'kms:ViaService': `sns.${region}.amazonaws.com` } },
            }),
          ]),
    ];
  }

  private createAlarms({ topic }: AlertTopic): cloudwatch.Alarm[] {
    const section = 'digest-not-sent';
    return [
      runbookAlarm(this, 'FailedAlarm', {
        // Lambda's tries are minutes apart, and are one fault.
        metric: this.handler.metricErrors({ period: Duration.hours(1) }),
        threshold: 1,
        meaning: 'The weekly digest could not be made, or not be sent to its topic.',
        section,
      }),
      runbookAlarm(this, 'StandstillAlarm', {
        metric: this.handler.metricInvocations({ period: Duration.hours(3) }),
        threshold: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        treatMissingData: cloudwatch.TreatMissingData.BREACHING,
        meaning: 'The function of the weekly digest was not invoked for three hours: its schedule stands still.',
        section,
      }),
      runbookAlarm(this, 'UndeliveredAlarm', {
        metric: topic.metricNumberOfNotificationsFailed({ period: Duration.hours(1) }),
        threshold: 1,
        meaning: 'The topic of the weekly digest could not deliver a message to one of its subscribers.',
        section,
      }),
    ];
  }

  private requireValidProps({ enforcers, canaries = [], alertTopic, dashboardName }: EncryptionDigestProps): void {
    requireEnforcersHere(this, enforcers, 'EncryptionDigest');
    requireValid(this, enforcers.length <= MAX_ENFORCERS, {
      what: `a digest is about ${MAX_ENFORCERS} enforcers at most, whose names the environment of its function has room for`,
      value: enforcers.length,
      remedy: 'Make another for the others.',
    });
    for (const { enforcer, node } of canaries) {
      requireValid(this, enforcers.includes(enforcer), {
        what: `the enforcer of a canary is not among those of the digest: ${enforcer.node.path}`,
        value: node.path,
        remedy: 'Add its enforcer, or leave it out.',
      });
    }
    requireTopicHere(this, alertTopic, { name: 'alertTopic', than: 'the digest' });
    const { account } = Stack.of(this);
    // Its owner lets in rules and alarms of this account, as an AlertTopic asks for, and no functions.
    requireValid(this, !areDifferent(account, alertTopic.topic.env.account), {
      what: `the topic belongs to another account (${account}), and lets no function of this one in`,
      value: alertTopic.topic.topicArn,
      remedy: 'Pass an AlertTopic with a topic of this account.',
    });
    requireDashboardName(this, dashboardName);
  }
}
