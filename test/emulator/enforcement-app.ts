import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { EncryptedBucket, EncryptionEnforcer, EnforcementAction, EventSource, ObjectEncryption } from '../../lib';

/** What `enforcement.emulator.test.ts` deploys: one enforcer, and a bucket for each way to guard one. */
export const STACK = 'EnforcementTest';
export const OUTPUTS = [
  'Versioned',
  'Unversioned',
  'Tagging',
  'ClientSide',
  'Notifying',
  'Quarantine',
  'QuarantineKey',
  'Queue',
  'DeadLetters',
  'Violations',
  'Logs',
] as const;

function main(): void {
  const stack = new Stack(new App(), STACK, {
    env: { account: process.env['CDK_DEFAULT_ACCOUNT'], region: process.env['CDK_DEFAULT_REGION'] },
  });
  const removalPolicy = RemovalPolicy.DESTROY;
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer', { removalPolicy, maxReceiveCount: 2 });
  const guarded = { enforcer, removalPolicy };
  const versioned = new EncryptedBucket(stack, 'Versioned', guarded);
  const violations = new sqs.Queue(stack, 'Violations');
  new events.Rule(stack, 'ViolationEvents', {
    eventPattern: { source: ['cdk-s3-encryption-guard'], detailType: ['S3 Object Encryption Violation'] },
    targets: [new targets.SqsQueue(violations)],
  });
  const clientSide = { ...guarded, encryption: ObjectEncryption.clientSide() };
  const tagging = { ...guarded, encryption: ObjectEncryption.sseS3(), action: EnforcementAction.TAG };
  const outputs: Record<(typeof OUTPUTS)[number], string | undefined> = {
    Versioned: versioned.bucket.bucketName,
    Unversioned: new EncryptedBucket(stack, 'Unversioned', { ...guarded, versioned: false }).bucket.bucketName,
    Tagging: new EncryptedBucket(stack, 'Tagging', tagging).bucket.bucketName,
    ClientSide: new EncryptedBucket(stack, 'ClientSide', clientSide).bucket.bucketName,
    Notifying: new EncryptedBucket(stack, 'Notifying', { ...guarded, eventSource: EventSource.S3_NOTIFICATION }).bucket.bucketName,
    Quarantine: enforcer.quarantineBucket.bucketName,
    QuarantineKey: enforcer.quarantineBucket.encryptionKey?.keyArn,
    Queue: enforcer.queue.queueUrl,
    DeadLetters: enforcer.deadLetterQueue.queueUrl,
    Violations: violations.queueUrl,
    Logs: enforcer.logGroup.logGroupName,
  };
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, `${name}Output`, { value: value ?? '' });
}

// The CDK CLI runs this file; the test imports its names.
if (require.main === module) main();
