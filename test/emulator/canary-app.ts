import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { EncryptionCanary, EncryptionEnforcer, EncryptionMonitoring } from '../../lib';

/** What `canary.emulator.test.ts` deploys: an enforcer, the canary that it must catch, and the dashboard of both. */
export const STACK = 'CanaryTest';
export const OUTPUTS = ['Function', 'Enforcer', 'Bucket', 'Quarantine', 'Logs', 'EnforcerLogs', 'Dashboard'] as const;

function main(): void {
  const stack = new Stack(new App(), STACK, {
    env: { account: process.env['CDK_DEFAULT_ACCOUNT'], region: process.env['CDK_DEFAULT_REGION'] },
  });
  const removalPolicy = RemovalPolicy.DESTROY;
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer', { removalPolicy });
  const canary = new EncryptionCanary(stack, 'Canary', { enforcer, patience: Duration.seconds(10) });
  // The engine's CloudFormation knows no composite alarms.
  const monitoring = new EncryptionMonitoring(stack, 'Monitoring', { enforcers: [enforcer], canaries: [canary], compositeAlarm: false });
  const outputs: Record<(typeof OUTPUTS)[number], string> = {
    Function: canary.handler.functionName,
    Enforcer: enforcer.handler.functionName,
    Bucket: canary.bucket.bucketName,
    Quarantine: enforcer.quarantineBucket.bucketName,
    Logs: canary.logGroup.logGroupName,
    EnforcerLogs: enforcer.logGroup.logGroupName,
    Dashboard: monitoring.dashboard.dashboardName,
  };
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, `${name}Output`, { value });
}

// The CDK CLI runs this file; the test imports its names.
if (require.main === module) main();
