import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CANARY_ENVIRONMENT, METRICS } from './domain/contract';
import type { EncryptionEnforcer } from './encryption-enforcer';
import { EnforcementAction } from './enforcement-action';
import { bundledFunction } from './internal/bundled-function';
import { Memory } from './internal/memory';
import { requireDuration } from './internal/require-enforcer-props';
import { requireValid } from './internal/require-valid';
import { runbookAlarm } from './internal/runbook-alarm';
import { ObjectEncryption } from './object-encryption';

/** Properties of an `EncryptionCanary`. */
export interface EncryptionCanaryProps {
  /** The enforcer that must catch it; of the same stack. */
  readonly enforcer: EncryptionEnforcer;

  /**
   * How often a wrong object is written, in whole minutes, 15 minutes to 12 hours. The alarm goes off at the first that is not caught, and
   * when there was none for twice as long.
   *
   * @default Duration.hours(1)
   */
  readonly interval?: Duration;

  /**
   * How long the enforcer has to move it to quarantine, in whole seconds, 10 seconds to 10 minutes. As a rule that takes seconds; S3 may take over
   * a minute to send an event (https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html).
   *
   * @default Duration.minutes(5)
   */
  readonly patience?: Duration;

  /**
   * What happens to the canary's bucket and log when the stack is deleted. The bucket can be deleted while it is empty, which it is unless a
   * canary was not caught.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

const WHAT_IT_DOES = 'Writes a wrong object that the encryption enforcer must catch';

const canaries = new Memory<string>('canary');

/**
 * Proves again and again that an enforcer does its work: writes a wrongly encrypted object into a bucket of its own, and raises an
 * alarm if it is not moved to quarantine in time. It takes the whole way that every object takes: S3's event, rule, queue, function, copy, delete.
 *
 * Its violations are real ones: they are counted, logged and announced as others, with the name of the canary's bucket. `EncryptionMonitoring`
 * takes them out of its answer, the enforcer tells neither its topic nor Security Hub; a rule of yours for violation events leaves them out by
 * `detail: { bucket: events.Match.anythingBut(canary.bucket.bucketName) }`. Its bucket is one of those that an enforcer serves.
 *
 * The alarm goes off once after the first deployment, until the first canary is caught: it has then been seen to ring.
 */
export class EncryptionCanary extends Construct {
  /** The enforcer that must catch it. */
  public readonly enforcer: EncryptionEnforcer;
  /** Where the wrong objects are written. Anything that others write there wrongly is quarantined, too. */
  public readonly bucket: s3.IBucket;
  /** Writes one object each time it is invoked, and watches it. */
  public readonly handler: lambda.IFunction;
  /** One JSON line for each canary, caught or not. */
  public readonly logGroup: logs.ILogGroup;
  /** Of which the only one goes off when a wrong object was not caught, or none was written. */
  public readonly alarms: cloudwatch.Alarm[];

  /** @internal */
  public readonly _schedule: events.Rule;
  /** @internal */
  public readonly _interval: Duration;

  /**
   * Makes bucket, function, schedule and alarm.
   *
   * @throws Error for an enforcer of another stack, one that has a canary, and durations out of range
   */
  public constructor(scope: Construct, id: string, props: EncryptionCanaryProps) {
    super(scope, id);
    const { enforcer, interval = Duration.hours(1), patience = Duration.minutes(5), removalPolicy = RemovalPolicy.DESTROY } = props;
    this.requireValidProps(enforcer, interval, patience);
    this.enforcer = enforcer;
    this._interval = interval;
    this.bucket = this.createBucket(enforcer, removalPolicy);
    enforcer._outputs.spare(this.bucket);
    const { handler, logGroup } = this.createFunction(enforcer, patience, removalPolicy);
    this.handler = handler;
    this.logGroup = logGroup;
    this._schedule = new events.Rule(this, 'Schedule', {
      description: WHAT_IT_DOES,
      schedule: events.Schedule.rate(interval),
      targets: [new targets.LambdaFunction(this.handler)],
    });
    this.alarms = [this.createAlarm(enforcer, interval)];
  }

  private createBucket(enforcer: EncryptionEnforcer, removalPolicy: RemovalPolicy): s3.IBucket {
    // The canary writes nothing under it, so the quarantine's key, which every enforcer has, is as good as one more.
    const key = enforcer.quarantineBucket.encryptionKey as kms.IKey;
    const bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      // The canary watches one version: a name alone could be taken by another object.
      versioned: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy,
      // What was not caught is evidence for a week.
      lifecycleRules: [
        { id: 'ExpireEscapedCanaries', expiration: Duration.days(7), noncurrentVersionExpiration: Duration.days(1) },
        { id: 'RemoveRemains', expiredObjectDeleteMarker: true, abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    // Without RequireEncryption, whose policy would refuse the wrong object: it must slip through.
    enforcer.enforce(bucket, { encryption: ObjectEncryption.sseKms(key), action: EnforcementAction.QUARANTINE });
    return bucket;
  }

  private createFunction(enforcer: EncryptionEnforcer, patience: Duration, removalPolicy: RemovalPolicy) {
    return bundledFunction(this, {
      bundle: 'encryption-canary',
      description: WHAT_IT_DOES,
      // Some more, to say that it was not caught.
      timeout: patience.plus(Duration.seconds(60)),
      removalPolicy,
      statements: this.statements(),
      environment: {
        [CANARY_ENVIRONMENT.enforcerName]: enforcer._name,
        [CANARY_ENVIRONMENT.bucket]: this.bucket.bucketName,
        [CANARY_ENVIRONMENT.patienceSeconds]: String(patience.toSeconds()),
      },
    });
  }

  /** Write and look: it cannot take its own object away. */
  private statements(): iam.PolicyStatement[] {
    // A name is free once its bucket is deleted, and whoever takes it in another account is nobody's canary.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
    const conditions = { StringEquals: { 'aws:ResourceAccount': Stack.of(this).account } };
    return [
      new iam.PolicyStatement({
        sid: 'WriteAndWatchCanaries',
        actions: ['s3:PutObject', 's3:GetObjectVersion'],
        resources: [this.bucket.arnForObjects('canary-*')],
        conditions,
      }),
      // Without it, S3 answers 403 instead of 404 for an object that is gone.
      new iam.PolicyStatement({
        sid: 'SeeThatTheyAreGone',
        actions: ['s3:ListBucket', 's3:ListBucketVersions'],
        resources: [this.bucket.bucketArn],
        conditions,
      }),
    ];
  }

  private createAlarm(enforcer: EncryptionEnforcer, interval: Duration): cloudwatch.Alarm {
    return runbookAlarm(this, 'NotCaughtAlarm', {
      // Two rounds, since one that begins a little later than the one before would leave an hour of the clock empty.
      metric: enforcer._metric(METRICS.canaryCaught, { statistic: 'Minimum', period: Duration.minutes(2 * interval.toMinutes()) }),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      // A canary that is silent proves nothing: its schedule, its function or its metrics are gone.
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
      meaning: 'A wrong object that was written on purpose was not moved to quarantine, or none was written.',
      section: 'canary-not-caught',
    });
  }

  private requireValidProps(enforcer: EncryptionEnforcer, interval: Duration, patience: Duration): void {
    requireValid(this, Stack.of(enforcer) === Stack.of(this), {
      what: 'a canary must be in the stack of its enforcer, since each needs something of the other',
      value: enforcer.node.path,
      remedy: 'Make it in that stack.',
    });
    const other = canaries.of(enforcer);
    requireValid(this, other === undefined, {
      what: `the enforcer has a canary, ${other}, and metrics of two could not be told apart`,
      value: enforcer.node.path,
      remedy: 'One is enough.',
    });
    canaries.set(enforcer, this.node.path);
    // Twice the interval is the period of the alarm, and CloudWatch takes a day at most.
    requireDuration(this, 'interval', interval, Duration.minutes(15), Duration.hours(12));
    requireValid(this, interval.toSeconds() % 60 === 0, {
      what: 'interval must be whole minutes',
      value: interval.toHumanString(),
      remedy: 'Use Duration.minutes().',
    });
    requireDuration(this, 'patience', patience, Duration.seconds(10), Duration.minutes(10));
  }
}
