/**
 * A whole app under one requirement: every bucket of every stack, those that are added next year included. Buckets that take
 * logs are excepted, since S3 delivers server access logs only where the default encryption is SSE-S3.
 *
 *     npx cdk deploy --app "npx tsx examples/whole-app.ts" --all -c keyArn=arn:aws:kms:REGION:ACCOUNT:key/ID
 *
 * It acts at once, on what is there: say it last. A bucket that states another default encryption stops the synthesis; so
 * does, of those selected, one that the app imports (see imported-bucket.ts).
 *
 * In your app, import from 'cdk-s3-encryption-guard' instead of '../lib'.
 */
import { App, type IConstructSelector, Mixins, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionEnforcer, EnforcementAction, mixins, ObjectEncryption } from '../lib';

const app = new App();

// As it stands in your app today: buckets in several stacks, and one of them takes logs.
const billing = new Stack(app, 'Billing');
const logs = new s3.Bucket(billing, 'AccessLogs', { encryption: s3.BucketEncryption.S3_MANAGED });
new s3.Bucket(billing, 'Invoices', { versioned: true, serverAccessLogsBucket: logs });
new s3.CfnBucket(billing, 'Letters');
new s3.Bucket(new Stack(app, 'Reports'), 'Monthly', { versioned: true });

// What you add: the requirement, and which buckets it is for.
const guard = new Stack(app, 'Guard');
const encryption = ObjectEncryption.sseKms(kms.Key.fromKeyArn(guard, 'TeamKey', app.node.getContext('keyArn')));
const dataBuckets: IConstructSelector = {
  select: (scope) => scope.node.findAll().filter((each) => s3.CfnBucket.isCfnBucket(each) && each !== logs.node.defaultChild),
};

// One enforcer for all, in the Region of all. A bucket from CloudFormation's own constructs is wrapped before anything is added.
const buckets = dataBuckets.select(app) as s3.CfnBucket[];
const enforcer = new EncryptionEnforcer(guard, 'Enforcer');
for (const bucket of buckets) {
  const { scope: owner } = bucket.node;
  const enforced = owner instanceof s3.Bucket ? owner : s3.Bucket.fromCfnBucket(bucket);
  enforcer.enforce(enforced, { encryption, action: EnforcementAction.TAG });
}
// The enforcer's quarantine bucket is among those selected here, and left alone: its encryption is its own.
Mixins.of(app, dataBuckets).requireAny().apply(new mixins.RequireEncryption(encryption));
