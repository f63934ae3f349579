/**
 * Several buckets under one enforcer: one queue, one function, one quarantine bucket and one set of alarms for all of them.
 * Each bucket says for itself what it requires, and what happens to an object that differs.
 *
 *     npx cdk deploy --app "npx tsx examples/shared-enforcer.ts"
 *
 * In your app, import from 'cdk-s3-encryption-guard' instead of '../lib'.
 */
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatchActions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EncryptedBucket, EncryptionEnforcer, EnforcementAction, ObjectEncryption } from '../lib';

const stack = new Stack(new App(), 'SharedEnforcer');

// Without `enforcer`, the EncryptedBuckets of a stack share one as well; making it yourself lets you set its properties.
const enforcer = new EncryptionEnforcer(stack, 'Enforcer', { quarantineRetention: Duration.days(30) });

const key = new kms.Key(stack, 'SecretsKey', { enableKeyRotation: true });
new EncryptedBucket(stack, 'Records', { enforcer });
new EncryptedBucket(stack, 'Secrets', { enforcer, encryption: ObjectEncryption.dsseKms(key) });
new EncryptedBucket(stack, 'Scratch', { enforcer, encryption: ObjectEncryption.sseS3(), action: EnforcementAction.TAG });

// One place to be told: each violation is an event, and each alarm says that verification itself is in trouble.
const topic = new sns.Topic(stack, 'Security', { enforceSSL: true });
new events.Rule(stack, 'Violations', {
  eventPattern: { source: ['cdk-s3-encryption-guard'], detailType: ['S3 Object Encryption Violation'] },
  targets: [new targets.SnsTopic(topic)],
});
// The rule gives the topic a policy, which ends what the topic's owner may do without one; alarms need this then.
topic.grantPublish(new iam.ServicePrincipal('cloudwatch.amazonaws.com'));
for (const alarm of enforcer.alarms) alarm.addAlarmAction(new cloudwatchActions.SnsAction(topic));
