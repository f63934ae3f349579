import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { AlertTopic, type EncryptedBucket, EncryptionEnforcer } from '../../lib';
import { keyArnsIn } from '../config/encryption-config';
import type { AlarmConfig, GuardConfig } from '../config/guard-config';
import { AccessLogs } from './access-logs';
import { acknowledgeFindings } from './acknowledgements';
import { addGuardedBucket } from './guarded-bucket';
import { createKey, importKey } from './keys';
import { encryptLogs } from './log-encryption';

export interface DataStackProps extends StackProps {
  readonly config: GuardConfig;
}

/** The data account: guarded buckets, the enforcer that verifies their objects, access logs, and somebody to tell. */
export class DataStack extends Stack {
  readonly enforcer: EncryptionEnforcer;
  /** By the ids of the configuration. */
  readonly buckets = new Map<string, EncryptedBucket>();

  constructor(scope: Construct, id: string, { config, ...props }: DataStackProps) {
    super(scope, id, props);
    const accessLogs = new AccessLogs(this, 'AccessLogs', Duration.days(config.accessLogs.retentionDays));
    this.enforcer = this.createEnforcer(config);
    accessLogs.receiveFrom(this.enforcer.quarantineBucket, 'quarantine/');
    const operationsKey = createKey(this, 'OperationsKey', 'Logs and alarms of the encryption enforcer');
    encryptLogs(this.enforcer.logGroup, operationsKey);
    const alarms = this.createAlertTopic(config.alarms, operationsKey);
    alarms.receiveFrom(...this.enforcer.alarms);
    this.addBuckets(config, accessLogs);
    new CfnOutput(this, 'QuarantineBucketName', { value: this.enforcer.quarantineBucket.bucketName });
    new CfnOutput(this, 'AlarmTopicArn', { value: alarms.topic.topicArn });
  }

  /** In scopes of their own, so that no id of the configuration meets one of the stack's. */
  private addBuckets(config: GuardConfig, accessLogs: AccessLogs): void {
    const [keys, outputs] = [new Construct(this, 'BucketKeys'), new Construct(this, 'BucketOutputs')];
    const surroundings = { enforcer: this.enforcer, accessLogs, keys, outputs };
    const buckets = new Construct(this, 'Buckets');
    for (const bucket of config.buckets) this.buckets.set(bucket.id, addGuardedBucket(buckets, bucket, surroundings));
  }

  /** A topic that exists, or one of its own. */
  private createAlertTopic({ topicArn, emails = [] }: AlarmConfig, encryptionKey: kms.Key): AlertTopic {
    const given = topicArn === undefined ? undefined : sns.Topic.fromTopicArn(this, 'GivenTopic', topicArn);
    const alarms = new AlertTopic(this, 'Alarms', given === undefined ? { encryptionKey } : { topic: given });
    for (const address of emails) alarms.topic.addSubscription(new EmailSubscription(address));
    return alarms;
  }

  private createEnforcer({ buckets, quarantine }: GuardConfig): EncryptionEnforcer {
    const arns = [...new Set(buckets.flatMap(keyArnsIn))];
    // While the account is not known, any of them may be of another one.
    const foreign = arns.filter((arn) => Token.isUnresolved(this.account) || arn.split(':')[4] !== this.account);
    const enforcer = new EncryptionEnforcer(this, 'Enforcer', {
      quarantineRetention: Duration.days(quarantine.retentionDays),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      crossAccountKeys: foreign.map((arn) => importKey(this, arn)),
    });
    for (const arn of quarantine.readers) enforcer.grantQuarantineRead(new iam.ArnPrincipal(arn));
    return enforcer;
  }
}

/** For the account and Region of the configuration, or of the profile that the CDK CLI runs under. */
export function addDataStack(scope: Construct, config: GuardConfig): DataStack {
  const stack = new DataStack(scope, config.stackName, {
    config,
    description: 'Guarded buckets, and the enforcer that verifies their objects',
    env: {
      account: config.account ?? process.env['CDK_DEFAULT_ACCOUNT'],
      region: config.region ?? process.env['CDK_DEFAULT_REGION'],
    },
  });
  acknowledgeFindings(stack, config);
  return stack;
}
