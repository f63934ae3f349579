import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { alarmNameLength } from './longest-name';
import { requireValid } from './require-valid';
import { runbookText } from './runbook-alarm';
import { uniqueName } from './unique-name';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
const MAX_CHILDREN = 100;
const MAX_RULE_LENGTH = 10_240;

/** Its name, known before it is made: CDK's own default leaves out the stack, and two stacks could ask for the same. */
export function guaranteeAtRiskName(scope: Construct): string {
  return uniqueName(scope, 200);
}

/** An alarm that goes off when any of the others does: something keeps the guarantee from being known to hold. */
export function guaranteeAtRiskAlarm(scope: Construct, id: string, alarms: readonly cloudwatch.IAlarm[]): cloudwatch.CompositeAlarm {
  const length = ruleLength(alarms);
  requireValid(scope, alarms.length <= MAX_CHILDREN && length <= MAX_RULE_LENGTH, {
    what: `a composite alarm takes ${MAX_CHILDREN} alarms at most, in a rule of ${MAX_RULE_LENGTH} characters`,
    value: `${alarms.length} alarms, about ${length} characters`,
    remedy: 'Make one EncryptionMonitoring for each enforcer, or give fewer alarms.',
  });
  return new cloudwatch.CompositeAlarm(scope, id, {
    compositeAlarmName: guaranteeAtRiskName(scope),
    alarmRule: cloudwatch.AlarmRule.anyOf(...alarms.map((alarm) => cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM))),
    alarmDescription: runbookText({
      meaning: 'Encryption guarantee at risk: at least one alarm on what keeps objects encrypted as declared has gone off.',
      section: 'encryption-guarantee-at-risk',
    }),
  });
}

/** CDK counts tokens. At deployment each alarm is `ALARM("…its ARN…")`, and the operator between two of them. */
function ruleLength(alarms: readonly cloudwatch.IAlarm[]): number {
  const around = 'ALARM("arn:aws-us-gov:cloudwatch:ap-southeast-1:111122223333:alarm:") OR '.length;
  return alarms.reduce((sum, alarm) => sum + around + alarmNameLength(alarm), 0);
}
