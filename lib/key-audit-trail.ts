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
import type { KeyAuditTrailProps } from './key-audit-trail-props';

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
   * @throws Error where files go to a central audit, whose owner lets people ask; for who is of another account, or has no IAM policies, such as an
   * `iam.ArnPrincipal`
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
