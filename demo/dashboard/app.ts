import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import {
  EncryptedBucket,
  EncryptionCanary,
  EncryptionEnforcer,
  EncryptionMonitoring,
  EnforcementAction,
  KmsQuotaMonitor,
  ObjectEncryption,
  TamperAlerts,
} from '../../lib';

/** What the picture of the dashboard shows: `scripts/dashboard-picture.mjs` takes its dashboard, `record.ts` what was measured of it. */
export const STACK = 'Guarded';
export const OUTPUTS = ['Records', 'Logs', 'OtherKey', 'Enforcer', 'EnforcerLogs', 'Canary', 'CanaryLogs'] as const;

function main(): void {
  const stack = new Stack(new App(), STACK);
  const removalPolicy = RemovalPolicy.DESTROY;
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer', { removalPolicy });
  const records = new EncryptedBucket(stack, 'Records', { enforcer, removalPolicy });
  const logs = new EncryptedBucket(stack, 'Logs', {
    enforcer,
    removalPolicy,
    encryption: ObjectEncryption.sseS3(),
    action: EnforcementAction.TAG,
  });
  const canary = new EncryptionCanary(stack, 'Canary', { enforcer, patience: Duration.seconds(10) });
  const watched = { enforcers: [enforcer], canaries: [canary] };
  if (process.env['AWS_ENDPOINT_URL'] === undefined) {
    const keys = records.encryptionKey && [records.encryptionKey];
    const quotaMonitors = [new KmsQuotaMonitor(stack, 'KmsQuota', { keys })];
    const tamperAlerts = [new TamperAlerts(stack, 'Tampering', watched)];
    new EncryptionMonitoring(stack, 'Monitoring', { ...watched, quotaMonitors, tamperAlerts });
  } else {
    // A local engine has no alarms over alarms or over calculations, and no metrics of KMS and of rules: scripts/dashboard/made-up.mjs.
    new EncryptionMonitoring(stack, 'Monitoring', { ...watched, compositeAlarm: false });
  }
  const outputs: Record<(typeof OUTPUTS)[number], string> = {
    Records: records.bucket.bucketName,
    Logs: logs.bucket.bucketName,
    OtherKey: new kms.Key(stack, 'OtherKey', { removalPolicy }).keyArn,
    Enforcer: enforcer.handler.functionName,
    EnforcerLogs: enforcer.logGroup.logGroupName,
    Canary: canary.handler.functionName,
    CanaryLogs: canary.logGroup.logGroupName,
  };
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, `${name}Output`, { value });
}

// Run as a program; what records it imports its names.
if (require.main === module) main();
