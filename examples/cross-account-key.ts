/**
 * A key in one account, a bucket under it in another. The owner of the key says who may use it and for which bucket; the account of the bucket
 * says which of its roles. Both halves are in this app, and compared at synth: change one of them, and see.
 *
 * A KMS key has no name by which the other account could know it before it is there, so there are two deployments, each with
 * credentials of its own account:
 *
 *     npx cdk deploy --app "npx tsx examples/cross-account-key.ts" KeyOwner -c keyAccount=111111111111 -c dataAccount=222222222222
 *     npx cdk deploy --app "npx tsx examples/cross-account-key.ts" KeyConsumer -c keyAccount=111111111111 -c dataAccount=222222222222 \
 *       -c sharedKeyArn=ARN
 *
 * ARN is the output KeyOwner.KeyArn. Without an AWS account, `npm start -- --accounts 2` does both on a local engine, and uploads.
 * The name of the bucket is fixed before, too, since the key is bound to it. Where the two accounts do not share an app, each prints what
 * the other has to add: CrossAccountKey.usePolicyJson(), SharedKey.ownerPolicyJson().
 *
 * In your app, import from 'cdk-s3-encryption-guard' instead of '../lib'.
 */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CrossAccountKey, EncryptedBucket, EncryptionEnforcer, ObjectEncryption, SharedKey } from '../lib';

const app = new App();
const setting = (name: string, otherwise: string): string => app.node.tryGetContext(name) ?? otherwise;
const region = setting('region', 'eu-west-1');
const dataAccount = setting('dataAccount', '222222222222');
const bucketName = setting('exchangeBucket', `exchange-${dataAccount}-${region}`);

// The key account: it administers the key, and cannot use it.
const keyOwner = new Stack(app, 'KeyOwner', { env: { account: setting('keyAccount', '111111111111'), region } });
const owner = new CrossAccountKey(keyOwner, 'Key', { bucketArns: [`arn:aws:s3:::${bucketName}`], consumerAccounts: [dataAccount] });
new CfnOutput(keyOwner, 'KeyArn', { value: owner.keyArn });

// The data account, once the key is there.
const keyArn: string | undefined = app.node.tryGetContext('sharedKeyArn');
if (keyArn !== undefined) {
  const keyConsumer = new Stack(app, 'KeyConsumer', { env: { account: dataAccount, region } });
  const { key } = SharedKey.fromKeyArn(keyConsumer, 'Key', keyArn, { owner });

  // Told of the key, the enforcer can move what is wrong under it: an object that belongs under another one, after a change of the rules.
  const enforcer = new EncryptionEnforcer(keyConsumer, 'Enforcer', { crossAccountKeys: [key] });
  const exchange = new EncryptedBucket(keyConsumer, 'Exchange', { bucketName, encryption: ObjectEncryption.sseKms(key), enforcer });

  // As it stands in your app today.
  const application = new iam.Role(keyConsumer, 'Application', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  exchange.grantRead(application);
  exchange.grantWrite(application);
}
