/**
 * One line: a bucket under a KMS key of its own, over HTTPS only. Uploads that are encrypted otherwise are refused, and
 * every object is verified after it was written; what slipped through goes to a quarantine bucket.
 *
 *     npx cdk deploy --app "npx tsx examples/one-line-bucket.ts"
 *
 * In your app, import from 'cdk-s3-encryption-guard' instead of '../lib'.
 */
import { App, Stack } from 'aws-cdk-lib';
import { EncryptedBucket } from '../lib';

const stack = new Stack(new App(), 'OneLineBucket');

new EncryptedBucket(stack, 'Data');
