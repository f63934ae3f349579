/**
 * A bucket in use comes under a requirement in five steps, none of which breaks a client. Each step is a deployment of its own; docs/roll-out.md
 * says what to look at before the next, how long, and how to go back.
 *
 *     npx cdk deploy --app "npx tsx examples/roll-out.ts" -c step=report
 *
 * Then `-c step=accept`, `enforce`, `require`, and, where it is wanted, `strict`. In your app, write the line of the step in place of the one before.
 *
 * In your app, import from 'cdk-s3-encryption-guard' instead of '../lib'.
 */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionEnforcer, EnforcementAction, mixins, ObjectEncryption } from '../lib';

const app = new App();
const stack = new Stack(app, 'RollOut');

// As it stands in your app today, under SSE-S3; and the key that its objects shall be under.
const records = new s3.Bucket(stack, 'Records', { versioned: true });
const key = new kms.Key(stack, 'RecordsKey', { enableKeyRotation: true });

const wanted = ObjectEncryption.sseKms(key);
// Beside it, what the reports of the first step show, and what cannot be mended at once.
const forNow = wanted.alsoAccept(ObjectEncryption.sseS3());
const enforcer = new EncryptionEnforcer(stack, 'Enforcer');

const STEPS: Readonly<Record<string, () => void>> = {
  report: () => {
    enforcer.enforce(records, { encryption: wanted, action: EnforcementAction.REPORT });
  },
  accept: () => {
    records.with(new mixins.RequireEncryption(forNow));
    enforcer.enforce(records, { encryption: forNow, action: EnforcementAction.REPORT });
  },
  enforce: () => {
    records.with(new mixins.RequireEncryption(forNow));
    enforcer.enforce(records, { encryption: forNow, action: EnforcementAction.QUARANTINE });
  },
  require: () => {
    records.with(new mixins.RequireEncryption(wanted));
    enforcer.enforce(records, { encryption: wanted, action: EnforcementAction.QUARANTINE });
  },
  strict: () => {
    records.with(new mixins.RequireEncryption(wanted.strict()));
    enforcer.enforce(records, { encryption: wanted.strict(), action: EnforcementAction.QUARANTINE });
  },
};

const step: string = app.node.tryGetContext('step') ?? 'report';
const take = STEPS[step];
if (take === undefined) throw new Error(`-c step=${step}: there is no such step. Take one of ${Object.keys(STEPS).join(', ')}.`);
take();

new CfnOutput(stack, 'Verdicts', { value: enforcer.logGroup.logGroupName });
