import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { METRICS } from './domain/contract';
import type { EncryptionEnforcerProps } from './encryption-enforcer-props';
import type { EnforceOptions } from './enforce-options';
import { EnforcementAction } from './enforcement-action';
import { EventSource } from './event-source';
import { cfnBucketOf } from './internal/cfn-bucket';
import { declareEncryption } from './internal/declared-encryption';
import { watchDefaultEncryption } from './internal/default-encryption';
import { requireEnforceable, requireRoom } from './internal/enforceable';
import { enforcerAlarms } from './internal/enforcer-alarms';
import { EnforcerFunction, VISIBILITY_TIMEOUT } from './internal/enforcer-function';
import { EnforcerOutputs } from './internal/enforcer-outputs';
import { decryptStatements, guardedBucketStatements, operatingStatements, readEnvelopesStatements } from './internal/enforcer-permissions';
import { EventQueue } from './internal/event-queue';
import { registerGuard, registerQuarantine } from './internal/guard-registry';
import { GuardResources } from './internal/guard-resources';
import { GuardedBucket } from './internal/guarded-bucket';
import { requireTrustedAccount } from './internal/key-trust';
import { keysOf } from './internal/object-grants';
import { QuarantineBucket } from './internal/quarantine-bucket';
import { grantReencryption, warnOfNoReencryption } from './internal/reencryption-grants';
import { requireEnforceOptions } from './internal/require-enforce-options';
import { requireEnforcerProps } from './internal/require-enforcer-props';
import { requireValid } from './internal/require-valid';
import { pathHash, uniqueName } from './internal/unique-name';
import { requireUsableKey } from './internal/usable-key';
import { closeTaggedObjects, namedRoleArn, violationTagStatements } from './internal/violation-tag';

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
  /** Events that EventBridge could not put into `queue`: each is an object that nobody has verified. */
  public readonly undeliveredQueue: sqs.IQueue;
  /** Objects over 5 GiB on their way to quarantine wait here. */
  public readonly largeObjectQueue: sqs.IQueue;
  /** Where objects that fail verification are moved. Closed to all but the enforcer: see `grantQuarantineRead()`. */
  public readonly quarantineBucket: s3.IBucket;
  /** One JSON line for each object verified. */
  public readonly logGroup: logs.ILogGroup;
  /** Alarms on everything that keeps the enforcer from its work; add your actions to them. */
  public readonly alarms: cloudwatch.Alarm[];

  /** @internal */
  public readonly _name: string;
  /**
   * What `TamperAlerts` watches.
   * @internal
   */
  public readonly _guard: GuardResources;
  /** @internal */
  public readonly _outputs: EnforcerOutputs;

  private readonly role: iam.Role;
  private readonly roleName: string;
  private readonly queues: EventQueue;
  private readonly quarantine: QuarantineBucket;
  private readonly rulePrefix: string;
  private readonly crossAccountKeys: kms.IKey[];
  private guardedBuckets = 0;

  public constructor(scope: Construct, id: string, props: EncryptionEnforcerProps = {}) {
    super(scope, id);
    const { quarantineRetention: retention = Duration.days(90), maxReceiveCount = 5, maxConcurrency = 20 } = props;
    const { removalPolicy = RemovalPolicy.RETAIN, maxVerificationAge = Duration.minutes(15) } = props;
    requireEnforcerProps(this, { ...props, retention, maxReceiveCount, maxConcurrency, maxVerificationAge, removalPolicy });
    // Ends in a hash, so that no enforcer's name is the beginning of another's rule names.
    this._name = uniqueName(this, 48);
    this.rulePrefix = `/s3-encryption-guard/${this._name}`;
    this.crossAccountKeys = this.usableKeys(props.crossAccountKeys ?? []);
    // Named, since policies of buckets in other stacks name it, and these stacks cannot wait for each other. IAM knows no Regions.
    this.roleName = `${this._name}-${Stack.of(this).region}`;
    this.role = new iam.Role(this, 'Role', { roleName: this.roleName, assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    this.quarantine = new QuarantineBucket(this, 'Quarantine', { enforcerRole: this.role, retention, removalPolicy });
    registerQuarantine(this, this.quarantine.bucket);
    this.queues = new EventQueue(this, 'Events', { ruleNamePrefix: this._name, visibilityTimeout: VISIBILITY_TIMEOUT, maxReceiveCount });
    const verifier = new EnforcerFunction(this, 'Function', {
      enforcerName: this._name,
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
    this.undeliveredQueue = this.queues.undeliveredQueue;
    this.largeObjectQueue = this.queues.largeObjectQueue;
    this.quarantineBucket = this.quarantine.bucket;
    this._outputs = new EnforcerOutputs(this, 'Outputs', { ...props, enforcerName: this._name, removalPolicy });
    this.alarms = [...enforcerAlarms(this, maxVerificationAge), ...this._outputs.alarms];
    this._guard = new GuardResources({
      parameterPrefix: `${this.rulePrefix}/`,
      ruleNamePrefix: `${this._name}-`,
      functionNames: [verifier.handler.functionName, ...this._outputs.functionNames],
      queues: [...this.queues.all, ...this._outputs.queues],
      alarms: this.alarms,
      maxVerificationAge,
      quarantineBucket: this.quarantine.bucket,
      quarantineKey: this.quarantine.key,
      logGroup: verifier.logGroup,
    });
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
    const keys = keysOf(options.encryption);
    this._guard.addBucket(bucket, keys);
    new GuardedBucket(this, uniqueName(bucket, 60), {
      bucket,
      rule: { declaration, action: options.action },
      ruleName: `${this._name}-${pathHash(bucket)}`,
      rulePrefix: this.rulePrefix,
      queues: this.queues,
      role: this.role,
      eventSource: options.eventSource ?? EventSource.EVENT_BRIDGE,
    });
    this.allow(guardedBucketStatements(bucket, options.action));
    this.allow(readEnvelopesStatements(this, declaration));
    if (options.action !== EnforcementAction.REPORT)
      closeTaggedObjects(bucket, this.violationTagStatements(bucket, options.replicationRoles));
    if (options.action === EnforcementAction.QUARANTINE || options.action === EnforcementAction.REENCRYPT)
      this.allow(decryptStatements(this, this.crossAccountKeys));
    if (options.action === EnforcementAction.REENCRYPT) {
      warnOfNoReencryption(bucket, declaration);
      this.allow(grantReencryption({ bucket, declaration, keys }, this.role));
    }
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

  /** One JSON line for each finding that Security Hub did not take; undefined without `securityHubFindings`. */
  public get securityHubLogGroup(): logs.ILogGroup | undefined {
    return this._outputs.securityHubLogGroup;
  }

  /** Lets a role or user, and no one else, read quarantined objects and their receipts. */
  public grantQuarantineRead(reader: iam.IGrantable): iam.Grant {
    return this.quarantine.grantRead(reader);
  }

  /**
   * Lets the role of a `QuarantineRelease` into the quarantine.
   *
   * @internal
   */
  public _admitRelease(release: iam.Role, roleName: string): void {
    this.quarantine.admitRelease(release.roleArn, namedRoleArn(release, roleName));
  }

  /** Objects that failed verification. By default the sum over five minutes. */
  public metricNonCompliantObjects(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this._metric(METRICS.nonCompliantObjects, options);
  }

  /** Objects that failed verification because S3 does not tell enough. By default the sum over five minutes. */
  public metricUnverifiableObjects(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this._metric(METRICS.unverifiableObjects, options);
  }

  /** Violations where less was done than configured. By default the sum over five minutes. */
  public metricReducedActions(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this._metric(METRICS.reducedActions, options);
  }

  /**
   * What the function counts under this enforcer's name.
   *
   * @internal
   */
  public _metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const dimensionsMap = { [METRICS.enforcerDimension]: this._name };
    return new cloudwatch.Metric({ namespace: METRICS.namespace, metricName, dimensionsMap, statistic: 'Sum', ...options });
  }

  private usableKeys(keys: kms.IKey[]): kms.IKey[] {
    for (const key of keys) {
      requireUsableKey(this, key);
      requireTrustedAccount(this, key, Stack.of(this));
    }
    return keys;
  }

  private allow(statements: iam.PolicyStatement[]): void {
    for (const statement of statements) this.role.addToPolicy(statement);
  }
}
