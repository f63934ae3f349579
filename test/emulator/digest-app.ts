import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AlertTopic, EncryptionCanary, EncryptionDigest, EncryptionEnforcer } from '../../lib';

/** What `digest.emulator.test.ts` deploys: an enforcer with a canary, the digest about both, and a queue that hears what the topic says. */
export const STACK = 'DigestTest';
export const OUTPUTS = ['Digest', 'Enforcer', 'CanaryBucket', 'Queue', 'DeadLetters', 'Mails'] as const;

function main(): void {
  const stack = new Stack(new App(), STACK, {
    env: { account: process.env['CDK_DEFAULT_ACCOUNT'], region: process.env['CDK_DEFAULT_REGION'] },
  });
  const removalPolicy = RemovalPolicy.DESTROY;
  const alertTopic = new AlertTopic(stack, 'Alerts', { removalPolicy });
  const mails = new sqs.Queue(stack, 'Mails');
  // With its envelope, which has the subject.
  alertTopic.topic.addSubscription(new SqsSubscription(mails));
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer', { removalPolicy });
  const canary = new EncryptionCanary(stack, 'Canary', { enforcer });
  const digest = new EncryptionDigest(stack, 'Digest', { enforcers: [enforcer], canaries: [canary], alertTopic, removalPolicy });
  const outputs: Record<(typeof OUTPUTS)[number], string> = {
    Digest: digest.handler.functionName,
    Enforcer: enforcer._name,
    CanaryBucket: canary.bucket.bucketName,
    Queue: enforcer.queue.queueName,
    DeadLetters: enforcer.deadLetterQueue.queueName,
    Mails: mails.queueUrl,
  };
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, `${name}Output`, { value });
}

// The CDK CLI runs this file; the test imports its names.
if (require.main === module) main();
