import { Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { requireValid } from './require-valid';
import { runbookText } from './runbook-alarm';
import { uniqueName } from './unique-name';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
const MAX_CHILDREN = 100;
const MAX_RULE_LENGTH = 10_240;

/** An alarm that goes off when any of the others does: something keeps the guarantee from being known to hold. */
export function guaranteeAtRiskAlarm(scope: Construct, id: string, alarms: readonly cloudwatch.IAlarm[]): cloudwatch.CompositeAlarm {
  const length = ruleLength(scope, alarms);
  requireValid(scope, alarms.length <= MAX_CHILDREN && length <= MAX_RULE_LENGTH, {
    what: `a composite alarm takes ${MAX_CHILDREN} alarms at most, in a rule of ${MAX_RULE_LENGTH} characters`,
    value: `${alarms.length} alarms, about ${length} characters`,
    remedy: 'Make one EncryptionMonitoring for each enforcer, or give fewer alarms.',
  });
  return new cloudwatch.CompositeAlarm(scope, id, {
    // CDK's own default leaves out the stack, and two stacks could ask for the same.
    compositeAlarmName: uniqueName(scope, 200),
    alarmRule: cloudwatch.AlarmRule.anyOf(...alarms.map((alarm) => cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM))),
    alarmDescription: runbookText({
      meaning: 'Encryption guarantee at risk: at least one alarm on what keeps objects encrypted as declared has gone off.',
      section: 'encryption-guarantee-at-risk',
    }),
  });
}

/** CDK counts tokens. At deployment each alarm is `ALARM("…its ARN…")`, and the operator between two of them. */
function ruleLength(scope: Construct, alarms: readonly cloudwatch.IAlarm[]): number {
  const around = 'ALARM("arn:aws-us-gov:cloudwatch:ap-southeast-1:111122223333:alarm:") OR '.length;
  return alarms.reduce((sum, alarm) => sum + around + nameLength(scope, alarm), 0);
}

/** CloudFormation names what has no name `<stack>-<logical id>-<12 characters>`. */
function nameLength(scope: Construct, alarm: cloudwatch.IAlarm): number {
  if (!Token.isUnresolved(alarm.alarmName)) return alarm.alarmName.length;
  const { stackName } = Stack.of(alarm);
  const child = alarm.node.defaultChild;
  const logicalId = cloudwatch.CfnAlarm.isCfnAlarm(child) ? String(Stack.of(scope).resolve(child.logicalId)) : '';
  return Math.min(255, (Token.isUnresolved(stackName) ? 128 : stackName.length) + logicalId.length + 14);
}
