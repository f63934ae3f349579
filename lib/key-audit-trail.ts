import { type ArnComponents, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import type * as athena from 'aws-cdk-lib/aws-athena';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type DeliveringTrail, trailBucketStatements, trailKeyStatements } from './domain/audit-policy';
import { trailSelectors } from './domain/trail-selectors';
import { createAuditBucket, type OwnBucketProps } from './internal/audit-bucket';
import { createAuditKey } from './internal/audit-key';
import { type AthenaQuestions, athenaQuestions, insightsQuestions } from './internal/audit-questions';
import { registerAuditBucket } from './internal/guard-registry';
import { logDeliveryRole } from './internal/log-delivery-role';
import { partitionOf } from './internal/principal-arn';
import { grantQuery } from './internal/query-grant';
import { requireRecordable } from './internal/recordable-bucket';
import { requireAuditProps, requireTrails } from './internal/require-audit-props';
import { requireValid } from './internal/require-valid';
import { documentJson } from './internal/required-policy';
import { regionalName } from './internal/unique-name';

/** Properties of a `KeyAuditTrail`. */
export interface KeyAuditTrailProps {
  /**
   * Whose objects' reads and writes are recorded, besides every management event: 497 buckets of this account at most, each once, in any Region; none in an
   * account that has keys and no guarded buckets, or that keeps the files of `otherTrails`. Not the buckets that hold this log, server access logs, or
   * quarantined objects: each delivery would be an event that is delivered.
   *
   * Each 100,000 events of their objects cost $0.10 (https://aws.amazon.com/cloudtrail/pricing/).
   */
  readonly buckets: s3.IBucket[];

  /**
   * Name of the trail: 3 to 128 letters, digits, `.`, `_` and `-`. One that is known beforehand lets the owner of a central audit name the trail's ARN before
   * this construct is made. A multi-Region trail is there in every Region, so two of one account need two names.
   *
   * @default - from the names of stack and construct, and the Region
   */
  readonly trailName?: string;

  /**
   * Keys of which the query `unused-keys` speaks even if the log has never seen them, of any account and Region.
   *
   * @default - keys that the log has seen
   */
  readonly keys?: kms.IKey[];

  /**
   * How long log files are kept, in whole days: 90 at least, which `unused-keys` looks back.
   *
   * @default Duration.days(365)
   */
  readonly retention?: Duration;

  /**
   * How long new log files are locked by default. Switches Object Lock on.
   *
   * @default - no Object Lock: the bucket's policy lets nobody delete log files, but the policy itself can be changed; see `configurationAdmins`
   */
  readonly objectLock?: s3.ObjectLockRetention;

  /**
   * ARNs of the roles and users that may change what protects the audit bucket, as of `EncryptedBucket`: its policy, lifecycle, default encryption, versioning,
   * replication, and more. Besides them only the role that deploys the stack may, and the account's root user, who can always delete the policy.
   *
   * @default - whoever IAM allows may change the policy; lifecycle, replication, default encryption, versioning and Object Lock only the role that deploys,
   * if the stack's synthesizer tells which that is
   */
  readonly configurationAdmins?: string[];

  /**
   * How long events are kept in CloudWatch Logs.
   *
   * @default RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * ARNs of trails of other accounts that deliver their files to the bucket of this one, for a central audit.
   *
   * @default - none
   */
  readonly otherTrails?: string[];

  /**
   * Bucket of a central audit that the files go to instead of one of this trail's own. Its owner names this trail's ARN in `otherTrails`, or adds
   * what `auditBucketPolicyJson()` and `auditKeyPolicyJson()` say. Athena's questions are asked there, not here.
   *
   * @default - a bucket is made
   */
  readonly auditBucket?: s3.IBucket;

  /**
   * The key of `auditBucket`, in its Region, by its full ARN: what files are encrypted under.
   *
   * @default - none; needed where `auditBucket` is given
   */
  readonly auditBucketKey?: kms.IKey;

  /**
   * Bucket that server access logs of the buckets made here go to. Its default encryption must be SSE-S3
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html).
   *
   * @default - no server access logs
   */
  readonly serverAccessLogsBucket?: s3.IBucket;

  /**
   * Regions that Athena looks for log files in. What lies in others is recorded, and not found.
   *
   * @default - every Region of the partition that the CDK knows
   */
  readonly regions?: string[];

  /**
   * How much a question to Athena reads at most before it is cancelled, 10 MB at least.
   *
   * @default Size.gibibytes(100)
   */
  readonly scanLimit?: Size;

  /**
   * What happens to the buckets, the key and the logs when the stack is deleted. Recording ends in any case.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Who used which key for which object: a trail of all Regions with everything that KMS was asked, and every read and write of the objects of
 * these buckets; and questions about it, ready to ask.
 *
 * One for each guarded account, whichever Regions its buckets are in: the trail has a shadow in every Region. Rules of EventBridge see events of data and
 * management only in the account and Region of the call, and only while a trail records them: so rules, such as those of `TamperAlerts`, stand in each Region.
 * A second trail of an account, this one's or an organization's, costs a second copy of management events: $2.00 per 100,000.
 */
export class KeyAuditTrail extends Construct {
  /** The trail. */
  public readonly trail: cloudtrail.CfnTrail;
  /** ARN of the trail, by its name, which is fixed: for `otherTrails` of a central audit. */
  public readonly trailArn: string;
  /** Where the log files go. */
  public readonly auditBucket: s3.IBucket;
  /** Encrypts what is made here: log files, answers of Athena, and the log group. */
  public readonly auditKey: kms.IKey;
  /** The same events, for CloudWatch Logs Insights. */
  public readonly logGroup: logs.ILogGroup;
  /** Where Athena writes answers; absent where files go to a central audit. */
  public readonly resultsBucket?: s3.IBucket;
  /** For Athena; none where files go to a central audit. */
  public readonly queries: athena.CfnNamedQuery[];
  /** For CloudWatch Logs Insights. */
  public readonly insightsQueries: logs.CfnQueryDefinition[];

  private readonly delivering: DeliveringTrail;
  private readonly questions: AthenaQuestions | undefined;

  public constructor(scope: Construct, id: string, props: KeyAuditTrailProps) {
    super(scope, id);
    requireAuditProps(this, props);
    for (const bucket of [props.auditBucket, props.serverAccessLogsBucket]) if (bucket !== undefined) registerAuditBucket(this, bucket);
    requireRecordable(this, props.buckets);
    const { removalPolicy = RemovalPolicy.RETAIN, retention = Duration.days(365) } = props;
    const name = props.trailName ?? regionalName(this, 128);
    const stack = Stack.of(this);
    // Written out, not asked of the resource: bucket and key must name the trail before it is there.
    this.trailArn = this.arn({ service: 'cloudtrail', resource: 'trail', resourceName: name });
    this.delivering = { arn: this.trailArn, account: stack.account };
    const trails = [this.delivering, ...requireTrails(this, props.otherTrails ?? [])];
    const isCentral = props.auditBucket !== undefined;
    const key = createAuditKey(this, { trails: isCentral ? [] : trails, retention, removalPolicy });
    this.auditKey = key;
    this.logGroup = new logs.LogGroup(this, 'Events', {
      retention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
      encryptionKey: key,
      removalPolicy,
    });
    const { serverAccessLogsBucket, objectLock, configurationAdmins } = props;
    const own = { key, retention, removalPolicy, serverAccessLogsBucket };
    this.auditBucket = props.auditBucket ?? createAuditBucket(this, { ...own, trails, objectLock, configurationAdmins });
    this.trail = this.createTrail(name, props.buckets, props.auditBucketKey ?? key);
    this.insightsQueries = insightsQuestions(this, this.logGroup);
    this.questions = isCentral ? undefined : this.createQuestions(props, own, trails);
    this.queries = this.questions?.queries ?? [];
    this.resultsBucket = this.questions?.resultsBucket;
    for (const bucket of [this.auditBucket, this.resultsBucket]) if (bucket !== undefined) registerAuditBucket(this, bucket);
  }

  /** The statements that the owner of `auditBucket` adds to its policy, in a document in JSON. */
  public auditBucketPolicyJson(): string {
    return documentJson(this, trailBucketStatements(this.auditBucketArn(), [this.delivering]));
  }

  /** The statements that the owner of `auditBucketKey` adds to its policy, in a document in JSON. */
  public auditKeyPolicyJson(): string {
    return documentJson(this, trailKeyStatements([this.delivering], `${this.auditBucketArn()}/*`));
  }

  /**
   * Lets somebody ask Athena: run queries in the workgroup, read log files, and read and write answers.
   *
   * @throws Error where files go to a central audit, whose owner lets people ask
   */
  public grantQuery(auditor: iam.IGrantable): iam.Grant {
    requireValid(this, this.questions !== undefined, {
      what: 'Athena is asked where the files are: in the account of the central audit',
      value: this.auditBucket.node.path,
      remedy: 'Call grantQuery() of the KeyAuditTrail there.',
    });
    return grantQuery(this, this.questions as AthenaQuestions, this, auditor);
  }

  private createQuestions(props: KeyAuditTrailProps, own: OwnBucketProps, trails: readonly DeliveringTrail[]): AthenaQuestions {
    return athenaQuestions(this, {
      ...own,
      auditBucket: this.auditBucket,
      accounts: [...new Set(trails.map(({ account }) => account))],
      regions: props.regions,
      scanLimit: props.scanLimit ?? Size.gibibytes(100),
      keyArns: (props.keys ?? []).map(({ keyArn }) => keyArn),
    });
  }

  private auditBucketArn(): string {
    return this.arn({ service: 's3', region: '', account: '', resource: this.auditBucket.bucketName });
  }

  /** With the partition, where it is known, rather than with a token for it: others are to read the ARN. */
  private arn(components: ArnComponents): string {
    return Stack.of(this).formatArn({ partition: partitionOf(this), ...components });
  }

  /** Not the L2, which has no advanced selectors, and lets any trail write to the bucket. */
  private createTrail(trailName: string, buckets: s3.IBucket[], fileKey: kms.IKey): cloudtrail.CfnTrail {
    const trail = new cloudtrail.CfnTrail(this, 'Trail', {
      trailName,
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      kmsKeyId: fileKey.keyArn,
      s3BucketName: this.auditBucket.bucketName,
      cloudWatchLogsLogGroupArn: this.logGroup.logGroupArn,
      cloudWatchLogsRoleArn: logDeliveryRole(this, this.logGroup, this.trailArn).roleArn,
      advancedEventSelectors: trailSelectors(buckets.map(({ bucketArn }) => bucketArn)),
    });
    // CloudTrail tries the way before it makes a trail: the policies of bucket and role must be there.
    trail.node.addDependency(this.auditBucket, this.node.findChild('LogDelivery'));
    return trail;
  }
}
