import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AlertTopic, EncryptedBucket, EncryptionEnforcer } from '../../lib';

/** What `outputs.emulator.test.ts` deploys: an enforcer that tells a topic and Security Hub, and a queue that hears what the topic says. */
export const STACK = 'OutputsTest';
export const OUTPUTS = ['Bucket', 'Enforcer', 'Mails'] as const;
/** In the environment of the CDK CLI: who plays Security Hub, which the engine does not have. */
export const SECURITY_HUB = 'SECURITY_HUB_OF_TEST';

function main(): void {
  const stack = new Stack(new App(), STACK, {
    env: { account: process.env['CDK_DEFAULT_ACCOUNT'], region: process.env['CDK_DEFAULT_REGION'] },
  });
  const removalPolicy = RemovalPolicy.DESTROY;
  const violationTopic = new AlertTopic(stack, 'Alerts', { removalPolicy });
  const mails = new sqs.Queue(stack, 'Mails');
  violationTopic.topic.addSubscription(new SqsSubscription(mails, { rawMessageDelivery: true }));
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer', { removalPolicy, violationTopic, securityHubFindings: true });
  const { bucket } = new EncryptedBucket(stack, 'Data', { enforcer, removalPolicy });
  const findings = stack.node
    .findAll()
    .find((each) => lambda.CfnFunction.isCfnResource(each) && each.node.path.includes('SecurityHub/Handler'));
  (findings as lambda.CfnFunction).addPropertyOverride('Environment.Variables.AWS_ENDPOINT_URL_SECURITYHUB', process.env[SECURITY_HUB]);
  const outputs: Record<(typeof OUTPUTS)[number], string> = {
    Bucket: bucket.bucketName,
    Enforcer: enforcer._name,
    Mails: mails.queueUrl,
  };
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, `${name}Output`, { value });
}

// The CDK CLI runs this file; the test imports its names.
if (require.main === module) main();
