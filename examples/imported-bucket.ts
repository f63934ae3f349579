/**
 * A bucket that is not yours to change, made by another team or by hand. Its owner gets what protects it, as JSON; you verify.
 *
 *     npx cdk deploy --app "npx tsx examples/imported-bucket.ts" -c bucketName=NAME -c keyArn=arn:aws:kms:REGION:ACCOUNT:key/ID
 *
 * The owner adds the statements of both outputs to the bucket's policy, beside those that it has, sets the default encryption to
 * the key, and switches EventBridge on for the bucket. Two warnings at synth say so until you acknowledge them, for example
 * Annotations.of(bucket).acknowledgeWarning('cdk-s3-encryption-guard:EventBridgeOfImportedBucket', 'Switched on by …').
 *
 * In your app, import from 'cdk-s3-encryption-guard' instead of '../lib'.
 */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionEnforcer, EnforcementAction, mixins, ObjectEncryption } from '../lib';

const app = new App();
const stack = new Stack(app, 'ImportedBucket');

const bucket = s3.Bucket.fromBucketName(stack, 'Partner', app.node.getContext('bucketName'));
const encryption = ObjectEncryption.sseKms(kms.Key.fromKeyArn(stack, 'TeamKey', app.node.getContext('keyArn')));

const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
enforcer.enforce(bucket, { encryption, action: EnforcementAction.TAG });

// What refuses uploads. `npx cdk deploy --outputs-file policy.json` writes it to a file.
new CfnOutput(stack, 'EncryptionPolicy', { value: mixins.RequireEncryption.policyJson(bucket, encryption) });
// What closes objects that are tagged as violations.
const Statement = enforcer.violationTagStatements(bucket).map((statement) => statement.toStatementJson());
new CfnOutput(stack, 'ViolationTagPolicy', { value: stack.toJsonString({ Version: '2012-10-17', Statement }) });
