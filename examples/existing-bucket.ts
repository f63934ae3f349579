/**
 * A bucket that your app already makes: the mixin changes it where it stands, and an enforcer verifies it. Its logical id
 * stays as it is, so CloudFormation updates the bucket and keeps the objects in it.
 *
 *     npx cdk deploy --app "npx tsx examples/existing-bucket.ts"
 *
 * In your app, import from 'cdk-s3-encryption-guard' instead of '../lib'.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionEnforcer, EnforcementAction, mixins, ObjectEncryption } from '../lib';

const stack = new Stack(new App(), 'ExistingBucket');

// As it stands in your app today.
const key = new kms.Key(stack, 'RecordsKey', { enableKeyRotation: true });
const records = new s3.Bucket(stack, 'Records', { versioned: true, encryption: s3.BucketEncryption.KMS, encryptionKey: key });

// What you add. Uploads that name another scheme or key are refused from the next deployment on; to see first which ones
// those are, deploy without the mixin and with EnforcementAction.REPORT (see report-only.ts).
const encryption = ObjectEncryption.sseKms(key);
records.with(new mixins.RequireEncryption(encryption));
new EncryptionEnforcer(stack, 'Enforcer').enforce(records, { encryption, action: EnforcementAction.QUARANTINE });
