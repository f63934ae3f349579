import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { type AlertTopic, type EncryptedBucket, EncryptionCanary, EncryptionEnforcer, QuarantineRelease } from '../../lib';
import { keyNamesIn } from '../config/encryption-config';
import type { DataConfig } from '../config/guard-config';
import { AccessLogs } from './access-logs';
import { createAlertTopic } from './alarms';
import { addGuardedBucket } from './guarded-bucket';
import { createKey, type DeclaredKeys, type KeyOf, keysOf } from './keys';
import { encryptLogs } from './log-encryption';

export interface DataStackProps extends StackProps {
  readonly config: DataConfig;
  /** Keys of other stacks that the buckets name. */
  readonly declaredKeys?: DeclaredKeys;
}

/** The data account: guarded buckets, the enforcer that verifies their objects, access logs, and somebody to tell. */
export class DataStack extends Stack {
  readonly enforcer: EncryptionEnforcer;
  /** By the ids of the configuration. */
  readonly buckets = new Map<string, EncryptedBucket>();
  readonly canary: EncryptionCanary | undefined;
  readonly release: QuarantineRelease | undefined;
  readonly alarms: AlertTopic;
  /** Of logs and alarms. */
  readonly operationsKey: kms.Key;
  private readonly keyOf: KeyOf;
  private readonly namedKeys: readonly kms.IKey[];

  constructor(scope: Construct, id: string, { config, declaredKeys = new Map(), ...props }: DataStackProps) {
    super(scope, id, props);
    this.keyOf = keysOf(this, declaredKeys);
    this.namedKeys = [...new Set(config.buckets.flatMap(keyNamesIn))].map(this.keyOf);
    const accessLogs = new AccessLogs(this, 'AccessLogs', Duration.days(config.accessLogs.retentionDays));
    this.operationsKey = createKey(this, 'OperationsKey', 'Logs and alarms of the encryption enforcer');
    this.alarms = createAlertTopic(this, config.alarms, this.operationsKey);
    this.enforcer = this.createEnforcer(config);
    accessLogs.receiveFrom(this.enforcer.quarantineBucket, 'quarantine/');
    const { logGroup, securityHubLogGroup } = this.enforcer;
    for (const each of [logGroup, securityHubLogGroup]) if (each !== undefined) encryptLogs(each, this.operationsKey);
    this.alarms.receiveFrom(...this.enforcer.alarms);
    this.addBuckets(config, accessLogs);
    this.canary = this.createCanary(config, accessLogs);
    this.release = this.createRelease(config);
    new CfnOutput(this, 'QuarantineBucketName', { value: this.enforcer.quarantineBucket.bucketName });
    new CfnOutput(this, 'AlarmTopicArn', { value: this.alarms.topic.topicArn });
  }

  /** In scopes of their own, so that no id of the configuration meets one of the stack's. */
  private addBuckets(config: DataConfig, accessLogs: AccessLogs): void {
    const [newKeys, outputs] = [new Construct(this, 'BucketKeys'), new Construct(this, 'BucketOutputs')];
    const surroundings = { enforcer: this.enforcer, accessLogs, newKeys, keyOf: this.keyOf, outputs };
    const buckets = new Construct(this, 'Buckets');
    for (const bucket of config.buckets) this.buckets.set(bucket.id, addGuardedBucket(buckets, bucket, surroundings));
  }

  /** Keys of this account, and so far as is known of no other, that its buckets are encrypted under. */
  get bucketKeys(): kms.IKey[] {
    const ofBuckets = [...this.buckets.values()].flatMap(({ encryptionKey }) => encryptionKey ?? []);
    return [...new Set([...ofBuckets, ...this.namedKeys])].filter((key) => !this.isForeign(key));
  }

  private createEnforcer({ quarantine, outputs }: DataConfig): EncryptionEnforcer {
    const enforcer = new EncryptionEnforcer(this, 'Enforcer', {
      quarantineRetention: Duration.days(quarantine.retentionDays),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      violationTopic: outputs.violations ? this.alarms : undefined,
      securityHubFindings: outputs.securityHub,
      crossAccountKeys: this.namedKeys.filter((key) => this.isForeign(key)),
    });
    for (const arn of quarantine.readers) enforcer.grantQuarantineRead(new iam.ArnPrincipal(arn));
    return enforcer;
  }

  /** While the account is not known, any key that is named by its ARN may be of another one. */
  private isForeign(key: kms.IKey): boolean {
    const { account } = key.env;
    return !Token.isUnresolved(account) && account !== this.account;
  }

  private createCanary({ monitoring }: DataConfig, accessLogs: AccessLogs): EncryptionCanary | undefined {
    if (monitoring?.canary === undefined) return undefined;
    const interval = Duration.minutes(monitoring.canary.intervalMinutes);
    const canary = new EncryptionCanary(this, 'Canary', { enforcer: this.enforcer, interval });
    // No id of a bucket begins with a small letter.
    accessLogs.receiveFrom(canary.bucket, 'buckets/canary/');
    encryptLogs(canary.logGroup, this.operationsKey);
    this.alarms.receiveFrom(...canary.alarms);
    return canary;
  }

  private createRelease({ quarantine }: DataConfig): QuarantineRelease | undefined {
    if (quarantine.release === undefined) return undefined;
    const removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    const release = new QuarantineRelease(this, 'Release', { enforcer: this.enforcer, removalPolicy });
    encryptLogs(release.logGroup, this.operationsKey);
    for (const arn of quarantine.release.operators) release.grantInvoke(new iam.ArnPrincipal(arn));
    new CfnOutput(this, 'ReleaseFunctionName', { value: release.handler.functionName });
    return release;
  }
}
