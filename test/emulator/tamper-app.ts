import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import {
  AlertTopic,
  EncryptedBucket,
  EncryptionCanary,
  EncryptionEnforcer,
  EnforcementAction,
  ObjectEncryption,
  TamperAlerts,
} from '../../lib';

/** What `tamper.emulator.test.ts` deploys: an enforcer with three buckets, and alerts that watch over them. */
export const STACK = 'TamperTest';
export const OUTPUTS = [
  'Versioned',
  'Unversioned',
  'Tagging',
  'Quarantine',
  'Queue',
  'QueueName',
  'Logs',
  'CanaryFunction',
  'CanarySchedule',
  'CanaryAlarm',
  'TopicKeyId',
  'KeyId',
  'KeyArn',
  'FunctionName',
  'FunctionArn',
  'ParameterPrefix',
  'RulePrefix',
  'AlertRulePrefix',
  'AlarmName',
  'TopicArn',
] as const;

export const TRAIL_NAME = 'audit-trail';
export const DEPLOYING_ROLE = 'arn:aws:iam::333333333333:role/deployers/cfn-exec';

function main(): void {
  const stack = new Stack(new App(), STACK, {
    env: { account: process.env['CDK_DEFAULT_ACCOUNT'], region: process.env['CDK_DEFAULT_REGION'] },
  });
  const removalPolicy = RemovalPolicy.DESTROY;
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer', { removalPolicy, maxReceiveCount: 2 });
  const guarded = { enforcer, removalPolicy };
  const versioned = new EncryptedBucket(stack, 'Versioned', guarded);
  const canary = new EncryptionCanary(stack, 'Canary', { enforcer });
  const alertTopic = new AlertTopic(stack, 'Alerts', { removalPolicy });
  const alerts = new TamperAlerts(stack, 'Tamper', {
    alertTopic,
    enforcers: [enforcer],
    canaries: [canary],
    trailNames: [TRAIL_NAME],
    deployingRoles: [DEPLOYING_ROLE],
  });
  for (const alarm of alerts.alarms) withoutMath(alarm.node.defaultChild as cloudwatch.CfnAlarm);
  const tagging = { ...guarded, encryption: ObjectEncryption.sseS3(), action: EnforcementAction.TAG };
  const { parts } = enforcer._guard;
  const outputs: Record<(typeof OUTPUTS)[number], string | undefined> = {
    Versioned: versioned.bucket.bucketName,
    // After the alerts were made.
    Unversioned: new EncryptedBucket(stack, 'Unversioned', { ...guarded, versioned: false }).bucket.bucketName,
    Tagging: new EncryptedBucket(stack, 'Tagging', tagging).bucket.bucketName,
    Quarantine: enforcer.quarantineBucket.bucketName,
    Queue: enforcer.queue.queueUrl,
    QueueName: enforcer.queue.queueName,
    Logs: enforcer.logGroup.logGroupName,
    CanaryFunction: canary.handler.functionName,
    CanarySchedule: canary._schedule.ruleName,
    CanaryAlarm: canary.alarms[0]?.alarmName,
    TopicKeyId: alertTopic.topic.masterKey?.keyId,
    KeyId: versioned.encryptionKey?.keyId,
    KeyArn: versioned.encryptionKey?.keyArn,
    FunctionName: enforcer.handler.functionName,
    FunctionArn: enforcer.handler.functionArn,
    ParameterPrefix: parts.parameterPrefix,
    RulePrefix: parts.ruleNamePrefix,
    AlertRulePrefix: alerts._ruleNamePrefix,
    AlarmName: enforcer.alarms[0]?.alarmName,
    TopicArn: alertTopic.topic.topicArn,
  };
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, `${name}Output`, { value: value ?? '' });
}

/** The engine refuses alarms on several metrics, so these watch one. */
function withoutMath(alarm: cloudwatch.CfnAlarm): void {
  if (alarm.metrics === undefined) return;
  alarm.addPropertyDeletionOverride('Metrics');
  const one = { Namespace: 'AWS/Events', MetricName: 'FailedInvocations', Statistic: 'Sum', Period: 300 };
  for (const [name, value] of Object.entries(one)) alarm.addPropertyOverride(name, value);
}

// The CDK CLI runs this file; the test imports its names.
if (require.main === module) main();
