import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';

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
   * What happens to the quarantine bucket, its key and the logs when the stack is deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
