import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { METRICS } from './domain/contract';
import type { EnforceOptions } from './enforce-options';
import { EnforcementAction } from './enforcement-action';
import { EventSource } from './event-source';
import { cfnBucketOf } from './internal/cfn-bucket';
import { declareEncryption } from './internal/declared-encryption';
import { watchDefaultEncryption } from './internal/default-encryption';
import { requireEnforceable, requireRoom } from './internal/enforceable';
import { enforcerAlarms } from './internal/enforcer-alarms';
import { EnforcerFunction, FUNCTION_TIMEOUT } from './internal/enforcer-function';
import { decryptStatements, guardedBucketStatements, operatingStatements } from './internal/enforcer-permissions';
import { EventQueue } from './internal/event-queue';
import { registerGuard, registerQuarantine } from './internal/guard-registry';
import { GuardedBucket } from './internal/guarded-bucket';
import { requireTrustedAccount } from './internal/key-trust';
import { QuarantineBucket } from './internal/quarantine-bucket';
import { requireEnforceOptions } from './internal/require-enforce-options';
import { requireValid } from './internal/require-valid';
import { pathHash, uniqueName } from './internal/unique-name';
import { requireUsableKey } from './internal/usable-key';
import { closeTaggedObjects, namedRoleArn, violationTagStatements } from './internal/violation-tag';

/** Properties of an `EncryptionEnforcer`. */
export interface EncryptionEnforcerProps {
  /**
   * How long quarantined objects are kept at least, in whole days.
   *
   * @default Duration.days(90)
   */
  readonly quarantineRetention?: Duration;

  /**
   * Keys of other accounts that the enforcer may decrypt with, to move objects to quarantine. Their owners must allow it
   * in the key policies, as a `CrossAccountKey` does. Objects under other foreign keys are tagged instead.
   *
   * @default - only keys of the enforcer's own account
   */
  readonly crossAccountKeys?: kms.IKey[];

  /**
   * Times an event is tried before it goes to the dead-letter queue, 1 to 1000.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;

  /**
   * How many copies of the function run at once at most, 2 to 1000. Each verifies up to ten objects at a time.
   *
   * @default 20
   */
  readonly maxConcurrency?: number;

  /**
   * What happens to the quarantine bucket, its key and the logs when the stack is deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Verifies the encryption of each new object of the buckets it is told of, and acts on those that fail.
 *
 * S3 → EventBridge → queue → function → quarantine bucket. One enforcer serves up to 80 buckets of its own account and Region.
 */
export class EncryptionEnforcer extends Construct {
  /** The enforcer that `EncryptedBucket`s share in the stack of `scope`; made when first asked for. */
  public static of(scope: IConstruct): EncryptionEnforcer {
    const stack = Stack.of(scope);
    const id = 'SharedEncryptionEnforcer';
    const existing = stack.node.tryFindChild(id) ?? new EncryptionEnforcer(stack, id);
    requireValid(stack, existing instanceof EncryptionEnforcer, {
      what: 'the id of the shared enforcer is taken by another construct',
      value: id,
      remedy: 'Rename that construct, or pass an enforcer of your own.',
    });
    return existing as EncryptionEnforcer;
  }

  /** The function that verifies. */
  public readonly handler: lambda.IFunction;
  /** Events of new objects wait here. */
  public readonly queue: sqs.IQueue;
  /** Events that failed too often: each is an object that nobody has verified. */
  public readonly deadLetterQueue: sqs.IQueue;
  /** Where objects that fail verification are moved. Closed to all but the enforcer: see `grantQuarantineRead()`. */
  public readonly quarantineBucket: s3.IBucket;
  /** One JSON line for each object verified. */
  public readonly logGroup: logs.ILogGroup;
  /** Alarms on everything that keeps the enforcer from its work; add your actions to them. */
  public readonly alarms: cloudwatch.Alarm[];

  private readonly role: iam.Role;
  private readonly roleName: string;
  private readonly queues: EventQueue;
  private readonly quarantine: QuarantineBucket;
  private readonly enforcerName: string;
  private readonly rulePrefix: string;
  private readonly crossAccountKeys: kms.IKey[];
  private guardedBuckets = 0;

  public constructor(scope: Construct, id: string, props: EncryptionEnforcerProps = {}) {
    super(scope, id);
    const { quarantineRetention: retention = Duration.days(90), maxReceiveCount = 5, maxConcurrency = 20 } = props;
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.requireValidProps(retention, maxReceiveCount, maxConcurrency);
    // Ends in a hash, so that no enforcer's name is the beginning of another's rule names.
    this.enforcerName = uniqueName(this, 48);
    this.rulePrefix = `/s3-encryption-guard/${this.enforcerName}`;
    this.crossAccountKeys = props.crossAccountKeys ?? [];
    for (const key of this.crossAccountKeys) {
      requireUsableKey(this, key);
      requireTrustedAccount(this, key, Stack.of(this));
    }
    // Named, since policies of buckets in other stacks name it, and these stacks cannot wait for each other. IAM knows no Regions.
    this.roleName = `${this.enforcerName}-${Stack.of(this).region}`;
    this.role = new iam.Role(this, 'Role', { roleName: this.roleName, assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    this.quarantine = new QuarantineBucket(this, 'Quarantine', { enforcerRole: this.role, retention, removalPolicy });
    registerQuarantine(this, this.quarantine.bucket);
    // Six times the function's timeout: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    const visibilityTimeout = Duration.seconds(6 * FUNCTION_TIMEOUT.toSeconds());
    this.queues = new EventQueue(this, 'Events', { ruleNamePrefix: this.enforcerName, visibilityTimeout, maxReceiveCount });
    const verifier = new EnforcerFunction(this, 'Function', {
      enforcerName: this.enforcerName,
      role: this.role,
      rulePrefix: this.rulePrefix,
      quarantine: this.quarantine,
      queues: this.queues,
      maxConcurrency,
      removalPolicy,
    });
    this.allow(operatingStatements(this, verifier.logGroup, this.rulePrefix, this.queues));
    this.handler = verifier.handler;
    this.logGroup = verifier.logGroup;
    this.queue = this.queues.queue;
    this.deadLetterQueue = this.queues.deadLetterQueue;
    this.quarantineBucket = this.quarantine.bucket;
    this.alarms = enforcerAlarms(this, this.queues, this.handler, this.metricReducedActions());
  }

  /**
   * Verify every new object of a bucket.
   *
   * The bucket sends its events to EventBridge from then on. An imported bucket cannot be told to: its owner must have
   * switched that on, and a warning says so.
   *
   * @throws Error for the 81st bucket, a bucket of another account or Region, one that is verified already, one that is required to be
   * encrypted otherwise, and for the enforcer's own quarantine bucket
   */
  public enforce(bucket: s3.IBucket, options: EnforceOptions): void {
    requireEnforceOptions(this, options);
    requireEnforceable(this, bucket);
    const declaration = options.encryption._declarationFor(bucket);
    const cfnBucket = cfnBucketOf(bucket);
    if (cfnBucket !== undefined) declareEncryption(cfnBucket, declaration);
    if (cfnBucket !== undefined && options.action !== EnforcementAction.REPORT) watchDefaultEncryption(cfnBucket, declaration);
    this.guardedBuckets += 1;
    requireRoom(this, this.guardedBuckets);
    registerGuard(this, bucket);
    new GuardedBucket(this, uniqueName(bucket, 60), {
      bucket,
      rule: { declaration, action: options.action },
      ruleName: `${this.enforcerName}-${pathHash(bucket)}`,
      rulePrefix: this.rulePrefix,
      queues: this.queues,
      eventSource: options.eventSource ?? EventSource.EVENT_BRIDGE,
    });
    this.allow(guardedBucketStatements(bucket, options.action));
    if (options.action !== EnforcementAction.REPORT)
      closeTaggedObjects(bucket, this.violationTagStatements(bucket, options.replicationRoles));
    if (options.action === EnforcementAction.QUARANTINE) this.allow(decryptStatements(this, this.crossAccountKeys));
  }

  /**
   * The statements that close objects with the violation tag to all but the enforcer and those who may read the quarantine, and the tag to
   * all but the enforcer. `enforce()` adds them to buckets of this app; the owner of an imported bucket has to.
   *
   * @param bucket - a bucket that this enforcer verifies, with an action other than REPORT
   * @param replicationRoles - ARNs of the roles that replicate objects into the bucket, with their tags
   */
  public violationTagStatements(bucket: s3.IBucket, replicationRoles: string[] = []): iam.PolicyStatement[] {
    const enforcer = namedRoleArn(this.role, this.roleName);
    return violationTagStatements(bucket, { enforcer, readers: this.quarantine.readersOfTagged(bucket, enforcer), replicationRoles });
  }

  /** Lets a role or user, and no one else, read quarantined objects and their receipts. */
  public grantQuarantineRead(reader: iam.IGrantable): iam.Grant {
    return this.quarantine.grantRead(reader);
  }

  /** Objects that failed verification. By default the sum over five minutes. */
  public metricNonCompliantObjects(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.nonCompliantObjects, options);
  }

  /** Objects that failed verification because S3 does not tell enough. By default the sum over five minutes. */
  public metricUnverifiableObjects(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.unverifiableObjects, options);
  }

  /** Violations where less was done than configured. By default the sum over five minutes. */
  public metricReducedActions(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(METRICS.reducedActions, options);
  }

  private metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const dimensionsMap = { [METRICS.enforcerDimension]: this.enforcerName };
    return new cloudwatch.Metric({ namespace: METRICS.namespace, metricName, dimensionsMap, statistic: 'Sum', ...options });
  }

  private allow(statements: iam.PolicyStatement[]): void {
    for (const statement of statements) this.role.addToPolicy(statement);
  }

  private requireValidProps(retention: Duration, maxReceiveCount: number, maxConcurrency: number): void {
    const isDuration = retention instanceof Duration;
    const days = isDuration && !retention.isUnresolved() ? retention.toDays({ integral: false }) : 1;
    requireValid(this, isDuration && Number.isInteger(days) && days >= 1, {
      what: 'quarantineRetention must be whole days, at least one',
      value: String(retention),
      remedy: 'Use Duration.days().',
    });
    requireWholeNumber(this, 'maxReceiveCount', maxReceiveCount, 1);
    requireWholeNumber(this, 'maxConcurrency', maxConcurrency, 2);
  }
}

function requireWholeNumber(scope: IConstruct, name: string, value: number, least: number): void {
  requireValid(scope, Token.isUnresolved(value) || (Number.isInteger(value) && value >= least && value <= 1000), {
    what: `${name} must be a whole number from ${least} to 1000`,
    value,
    remedy: 'Choose one in that range, or leave it out.',
  });
}
