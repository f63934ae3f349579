import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { EncryptedBucket, EncryptionEnforcer, QuarantineRelease } from '../../lib';

/** What `release.emulator.test.ts` deploys: an enforcer, the way back out of its quarantine, and a guarded bucket with versions and one without. */
export const STACK = 'ReleaseTest';
export const OUTPUTS = ['Function', 'Versioned', 'Unversioned', 'Quarantine', 'EnforcerLogs', 'Events'] as const;

function main(): void {
  const stack = new Stack(new App(), STACK, {
    env: { account: process.env['CDK_DEFAULT_ACCOUNT'], region: process.env['CDK_DEFAULT_REGION'] },
  });
  const removalPolicy = RemovalPolicy.DESTROY;
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer', { removalPolicy });
  const release = new QuarantineRelease(stack, 'Release', { enforcer, removalPolicy });
  const queue = new sqs.Queue(stack, 'ReleaseEvents');
  new events.Rule(stack, 'Releases', {
    eventPattern: { source: ['cdk-s3-encryption-guard'], detailType: ['S3 Object Released', 'S3 Object Discarded'] },
    targets: [new targets.SqsQueue(queue)],
  });
  const outputs: Record<(typeof OUTPUTS)[number], string> = {
    Function: release.handler.functionName,
    Versioned: new EncryptedBucket(stack, 'Versioned', { enforcer, removalPolicy }).bucket.bucketName,
    Unversioned: new EncryptedBucket(stack, 'Unversioned', { enforcer, removalPolicy, versioned: false }).bucket.bucketName,
    Quarantine: enforcer.quarantineBucket.bucketName,
    EnforcerLogs: enforcer.logGroup.logGroupName,
    Events: queue.queueUrl,
  };
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, `${name}Output`, { value });
}

// The CDK CLI runs this file; the test imports its names.
if (require.main === module) main();
