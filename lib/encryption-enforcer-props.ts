import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { AlertTopic } from './alert-topic';

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
   * How long it may take from the event of an object to its verdict, 1 minute to 3 days, before an alarm goes off.
   *
   * @default Duration.minutes(15)
   */
  readonly maxVerificationAge?: Duration;

  /**
   * Is told of each violation, and later of its end where it has one: a message that people can read, for each object. So a client that
   * writes wrongly all day sends as many messages; where that may be, subscribe to the alarms, and read the log. What a canary writes is not told.
   *
   * @default - nobody: events of EventBridge, the log and metrics say the same
   */
  readonly violationTopic?: AlertTopic;

  /**
   * Whether AWS Security Hub CSPM gets a finding for each violation, which it updates when the object is mended. It must be enabled in the account
   * and Region of the enforcer (https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html): until then the
   * events wait in a dead-letter queue, and an alarm says so.
   *
   * @default false
   */
  readonly securityHubFindings?: boolean;

  /**
   * What happens to the quarantine bucket, its key and the logs when the stack is deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
