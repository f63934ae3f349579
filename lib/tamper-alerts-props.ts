import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { AlertTopic } from './alert-topic';
import type { EncryptionCanary } from './encryption-canary';
import type { EncryptionEnforcer } from './encryption-enforcer';
import type { KeyAuditTrail } from './key-audit-trail';

/** Properties of `TamperAlerts`. Name at least one thing to watch. */
export interface TamperAlertsProps {
  /**
   * Who is told.
   *
   * @default - a new topic
   */
  readonly alertTopic?: AlertTopic;

  /**
   * Enforcers to watch over: what each is made of, the buckets that it guards, now and later, with every key that their objects may be
   * encrypted under, and its quarantine.
   *
   * @default - none
   */
  readonly enforcers?: EncryptionEnforcer[];

  /**
   * Canaries: their function, schedule, log, bucket and alarms.
   *
   * @default - none
   */
  readonly canaries?: EncryptionCanary[];

  /**
   * Buckets besides those, with the keys of their default encryption.
   *
   * @default - none
   */
  readonly buckets?: s3.IBucket[];

  /**
   * Keys besides those, such as the ones that are required by ARN. Of this account: what is done to keys of others is recorded there.
   *
   * @default - none
   */
  readonly keys?: kms.IKey[];

  /**
   * Trails by which these alerts come: the trail itself, its log group, its key, and the bucket of its files where that belongs to this account.
   *
   * @default - every trail of the account and Region is watched, unless `trailNames` names some
   */
  readonly trails?: KeyAuditTrail[];

  /**
   * Names of other trails by which these alerts come, not their ARNs. Pass what they write to in `buckets` and `keys`.
   *
   * @default - every trail of the account and Region is watched, unless `trails` names some
   */
  readonly trailNames?: string[];

  /**
   * Alarms besides those of enforcers and canaries, such as of a `KmsQuotaMonitor`. An `EncryptionMonitoring` that is told of these alerts adds
   * its own.
   *
   * @default - none
   */
  readonly alarms?: cloudwatch.IAlarm[];

  /**
   * ARNs of the roles that deploy, such as the execution role of CloudFormation, whose calls raise no alert. That is one-sided: whoever may
   * deploy by such a role then changes everything unheard, and only the trail knows.
   *
   * They take room in every pattern, most where neither name nor path is known at synth: write them out.
   *
   * @default - none: deployments that change what is watched raise alerts as well
   */
  readonly deployingRoles?: string[];
}
