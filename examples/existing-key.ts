/**
 * A new bucket under a KMS key that exists already, made by another app, another team, or by hand.
 *
 *     npx cdk deploy --app "npx tsx examples/existing-key.ts" -c keyArn=arn:aws:kms:REGION:ACCOUNT:key/ID
 *
 * The key lies in the bucket's Region, and is named by its ARN: an alias would mean another key in another account. Its
 * policy cannot be changed from here, so it must let your account's IAM policies allow its use, as the policies that KMS
 * and CDK write do. For a key of another account, see cross-account-key.ts.
 *
 * In your app, import from 'cdk-s3-encryption-guard' instead of '../lib'.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EncryptedBucket, ObjectEncryption } from '../lib';

const app = new App();
const stack = new Stack(app, 'ExistingKey');

const key = kms.Key.fromKeyArn(stack, 'TeamKey', app.node.getContext('keyArn'));

new EncryptedBucket(stack, 'Data', { encryption: ObjectEncryption.sseKms(key) });
