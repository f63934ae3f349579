import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EncryptedBucket, EncryptionEnforcer, EnforcementAction, ObjectEncryption, QuarantineRelease } from '../lib';
import { DEMO_STACK, type DemoOutput, type MENDED_OUTPUTS, RELEASE_OUTPUT } from './deployment';

/** What `npm start` deploys: five guarded buckets, one enforcer, the way back out of its quarantine, and a key that belongs to none of them. */
const app = new App();
const env = { account: process.env['CDK_DEFAULT_ACCOUNT'], region: process.env['CDK_DEFAULT_REGION'] };
const stack = new Stack(app, DEMO_STACK, { env });

const removalPolicy = RemovalPolicy.DESTROY;
const enforcer = new EncryptionEnforcer(stack, 'Enforcer', { removalPolicy });
const release = new QuarantineRelease(stack, 'Release', { enforcer, removalPolicy });
const underKms = new EncryptedBucket(stack, 'UnderKms', { enforcer, removalPolicy });
const underS3 = new EncryptedBucket(stack, 'UnderS3', { enforcer, removalPolicy, encryption: ObjectEncryption.sseS3() });
const dsseKey = new kms.Key(stack, 'DsseKey', { description: 'Objects of the bucket UnderDsse', enableKeyRotation: true, removalPolicy });
const underDsse = new EncryptedBucket(stack, 'UnderDsse', { enforcer, removalPolicy, encryption: ObjectEncryption.dsseKms(dsseKey) });
const clientSide = new EncryptedBucket(stack, 'ClientSide', { enforcer, removalPolicy, encryption: ObjectEncryption.clientSide() });
const mended = new EncryptedBucket(stack, 'Mended', { enforcer, removalPolicy, action: EnforcementAction.REENCRYPT });
const otherKey = new kms.Key(stack, 'UnrelatedKey', { description: 'Not the key of any bucket', removalPolicy });

const outputs: Record<DemoOutput | (typeof MENDED_OUTPUTS)[number], string | undefined> = {
  MendedBucket: mended.bucket.bucketName,
  MendedBucketKey: mended.encryptionKey?.keyArn,
  KmsBucket: underKms.bucket.bucketName,
  KmsBucketKey: underKms.encryptionKey?.keyArn,
  S3Bucket: underS3.bucket.bucketName,
  DsseBucket: underDsse.bucket.bucketName,
  DsseBucketKey: dsseKey.keyArn,
  ClientSideBucket: clientSide.bucket.bucketName,
  OtherKey: otherKey.keyArn,
  QuarantineBucket: enforcer.quarantineBucket.bucketName,
  QuarantineKey: enforcer.quarantineBucket.encryptionKey?.keyArn,
  EnforcerLogs: enforcer.logGroup.logGroupName,
};
for (const [name, value] of Object.entries(outputs)) {
  if (value === undefined) throw new Error(`The demo's stack has no value for its output ${name}.`);
  new CfnOutput(stack, name, { value });
}
new CfnOutput(stack, RELEASE_OUTPUT, { value: release.handler.functionName });
