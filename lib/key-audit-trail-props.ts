import type { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';

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
