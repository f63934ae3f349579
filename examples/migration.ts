/**
 * A bucket on its way from SSE-S3 and an old key to a key of its own, while some prefixes stay different and one vendor is late.
 *
 *     npx cdk deploy --app "npx tsx examples/migration.ts" -c keyArn=arn:aws:kms:REGION:ACCOUNT:key/ID -c vendorArn=arn:aws:iam::ACCOUNT:role/NAME
 *
 * From the first deployment on, uploads that say nothing get the new key. When the clients that name the old one are mended,
 * delete `alsoAccept()`. The exemption ends by itself, without a deployment; a warning at synth reminds of it afterwards.
 *
 * In your app, import from 'cdk-s3-encryption-guard' instead of '../lib'.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EncryptedBucket, ObjectEncryption } from '../lib';

const app = new App();
const stack = new Stack(app, 'Migration');

const newKey = new kms.Key(stack, 'RecordsKey', { enableKeyRotation: true });
const cardsKey = new kms.Key(stack, 'CardsKey', { enableKeyRotation: true });
const oldKey = kms.Key.fromKeyArn(stack, 'OldKey', app.node.getContext('keyArn'));

const encryption = ObjectEncryption.sseKms(newKey)
  // Old and new side by side. What was written before is right, whether it names the old key or none.
  .alsoAccept(ObjectEncryption.sseKms(oldKey), ObjectEncryption.sseS3())
  // A stronger requirement for a part. The bucket's default is not it, so uploads there must name it.
  .underPrefix('cards/', ObjectEncryption.dsseKms(cardsKey))
  // Who, where, until when and why: the reason stands in the report of each object that is spared.
  .exempt({
    prefix: 'vendor/',
    principalArns: [app.node.getContext('vendorArn')],
    until: '2027-03-31',
    reason: 'The vendor uploads under its own key until its release of March; agreed in SEC-142.',
  });

new EncryptedBucket(stack, 'Records', { encryption });
