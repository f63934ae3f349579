/**
 * Roll-out, step one, on a bucket that is in use and full of old objects. It may belong to another app: nothing of it is
 * changed here. Nothing is refused, moved or tagged; each new object is verified, and what differs is reported.
 *
 *     npx cdk deploy --app "npx tsx examples/report-only.ts" \
 *       -c bucketName=NAME -c keyArn=arn:aws:kms:REGION:ACCOUNT:key/ID
 *
 * 1. Have the owner switch EventBridge on for the bucket, beside the notifications it has; else no object is seen. The
 *    warning at synth says so. When it is done: Annotations.of(bucket).acknowledgeWarning(
 *    'cdk-s3-encryption-guard:EventBridgeOfImportedBucket', 'Switched on by …').
 * 2. Deploy, and read the log group for some days: behind each line with `"outcome":"reported"` is a client to mend, or one
 *    that sends no header and will be right once the key is the bucket's default. README, "Roll it out on a bucket in use",
 *    says how to tell them apart, who must be granted the key first, and what reports cannot show.
 * 3. Then refuse such uploads: the mixin where the bucket is made, or for its owner the default encryption and the statements
 *    of mixins.RequireEncryption.policyStatements(). Reads over HTTPS with TLS 1.2 or later go on as before.
 * 4. Then raise the action to TAG, and to QUARANTINE.
 *
 * The old objects stay as they are, and readable, all the while. They are not verified until they are written again; the
 * field EncryptionStatus of an S3 Inventory report tells their scheme.
 *
 * In your app, import from 'cdk-s3-encryption-guard' instead of '../lib'.
 */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionEnforcer, EnforcementAction, ObjectEncryption } from '../lib';

const app = new App();
const stack = new Stack(app, 'ReportOnly');

const bucket = s3.Bucket.fromBucketName(stack, 'Archive', app.node.getContext('bucketName'));
const key = kms.Key.fromKeyArn(stack, 'TeamKey', app.node.getContext('keyArn'));

const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
enforcer.enforce(bucket, { encryption: ObjectEncryption.sseKms(key), action: EnforcementAction.REPORT });

new CfnOutput(stack, 'Verdicts', { value: enforcer.logGroup.logGroupName });
