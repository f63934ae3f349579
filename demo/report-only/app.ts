import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionEnforcer, EnforcementAction, ObjectEncryption } from '../../lib';
import { DEMO_STACK, type DemoOutput } from '../deployment';

/**
 * What `npm start -- --report-only` deploys: four buckets as they are before anybody requires anything, ordinary ones under SSE-S3, and an
 * enforcer that reports what would differ. No default encryption is changed, nothing is denied, and no object is touched.
 */
const app = new App();
const env = { account: process.env['CDK_DEFAULT_ACCOUNT'], region: process.env['CDK_DEFAULT_REGION'] };
const stack = new Stack(app, DEMO_STACK, { env });

const removalPolicy = RemovalPolicy.DESTROY;
const enforcer = new EncryptionEnforcer(stack, 'Enforcer', { removalPolicy });

function keyFor(id: string, description: string): kms.Key {
  return new kms.Key(stack, id, { description, enableKeyRotation: true, removalPolicy });
}

function liveBucket(id: string, encryption: ObjectEncryption): s3.Bucket {
  const live = { encryption: s3.BucketEncryption.S3_MANAGED, enforceSSL: true, versioned: true, removalPolicy };
  const bucket = new s3.Bucket(stack, id, live);
  enforcer.enforce(bucket, { encryption, action: EnforcementAction.REPORT });
  return bucket;
}

const kmsKey = keyFor('KmsKey', 'What the bucket UnderKms is to require');
const dsseKey = keyFor('DsseKey', 'What the bucket UnderDsse is to require');
const outputs: Record<DemoOutput, string | undefined> = {
  KmsBucket: liveBucket('UnderKms', ObjectEncryption.sseKms(kmsKey)).bucketName,
  KmsBucketKey: kmsKey.keyArn,
  S3Bucket: liveBucket('UnderS3', ObjectEncryption.sseS3()).bucketName,
  DsseBucket: liveBucket('UnderDsse', ObjectEncryption.dsseKms(dsseKey)).bucketName,
  DsseBucketKey: dsseKey.keyArn,
  ClientSideBucket: liveBucket('UnderClientSide', ObjectEncryption.clientSide()).bucketName,
  OtherKey: keyFor('UnrelatedKey', 'Not the key of any bucket').keyArn,
  QuarantineBucket: enforcer.quarantineBucket.bucketName,
  QuarantineKey: enforcer.quarantineBucket.encryptionKey?.keyArn,
  EnforcerLogs: enforcer.logGroup.logGroupName,
};
for (const [name, value] of Object.entries(outputs)) {
  if (value === undefined) throw new Error(`The demo's stack has no value for its output ${name}.`);
  new CfnOutput(stack, name, { value });
}
