/**
 * A bucket whose objects are encrypted before they come to S3, with the AWS Encryption SDK or an Amazon S3 Encryption Client. No bucket policy
 * can demand that: S3 sees bytes. The enforcer looks for the envelope of each new object, and quarantines one without.
 *
 *     npx cdk deploy --app "npx tsx examples/client-side-encryption.ts"
 *
 * The output BucketName is where client-side-encryption/client.ts, the other half, puts its objects. An envelope is what the client says, not
 * proof: docs/guarantees.md tells what would be.
 *
 * In your app, import from 'cdk-s3-encryption-guard' instead of '../lib'.
 */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { EncryptedBucket, ObjectEncryption } from '../lib';

const stack = new Stack(new App(), 'ClientSideEncryption');

const documents = new EncryptedBucket(stack, 'Documents', { encryption: ObjectEncryption.clientSide() });

new CfnOutput(stack, 'BucketName', { value: documents.bucket.bucketName });
