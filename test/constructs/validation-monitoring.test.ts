import { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { AlertTopic, EncryptionEnforcer, EncryptionMonitoring } from '../../lib';
import { monitor } from '../support/monitored';
import { complaintsOf, newStack, siblingOf } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const namedAlarms = (stack: Stack, count: number, nameLength: number) =>
  Array.from({ length: count }, (_, i) => {
    const name = String(i).padStart(nameLength, 'x');
    return cloudwatch.Alarm.fromAlarmArn(stack, `Alarm${i}`, `arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${name}`);
  });

const MISTAKES: readonly Mistake[] = [
  {
    mistake: 'no enforcer',
    make: (stack) => new EncryptionMonitoring(stack, 'Monitoring', { enforcers: [] }),
    path: 'Data/Monitoring',
    what: /^enforcers must name one at least$/,
    value: '0',
    remedy: 'Pass the enforcers of this account and Region.',
  },
  {
    mistake: 'an enforcer twice',
    make: (stack) => {
      const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
      new EncryptionMonitoring(stack, 'Monitoring', { enforcers: [enforcer, enforcer] });
    },
    path: 'Data/Monitoring',
    what: /^enforcers names one twice, whose objects would be counted twice$/,
    value: '"Data/Enforcer"',
    remedy: 'Name it once.',
  },
  {
    mistake: 'an enforcer of another Region',
    make: (stack) => {
      const there = new Stack(stack.node.root as never, 'There', { env: { account: stack.account, region: 'eu-central-1' } });
      monitor(stack, { enforcers: [new EncryptionEnforcer(there, 'Enforcer')] });
    },
    path: 'Data/Monitoring',
    what: /another account or Region/,
    value: '"There/Enforcer in 111122223333/eu-central-1"',
    remedy: 'Make an EncryptionMonitoring there.',
  },
  {
    mistake: 'a topic that makes two stacks wait for each other',
    make: (stack) => {
      const enforcer = new EncryptionEnforcer(siblingOf(stack, 'Other'), 'Enforcer');
      const alertTopic = new AlertTopic(stack, 'Alerts');
      new EncryptionMonitoring(stack, 'Monitoring', { enforcers: [enforcer], alertTopic, compositeAlarm: false });
    },
    path: 'Data/Monitoring',
    what: /the stack of Other\/Enforcer would wait for the topic/,
    value: '"Data/Alerts/Topic"',
    remedy: 'Make the topic in the stack of the enforcer, or in one of its own, or leave the composite alarm on, which tells it alone.',
  },
  {
    mistake: 'a name that CloudWatch refuses',
    make: (stack) => monitor(stack, { dashboardName: 'my dashboard' }),
    path: 'Data/Monitoring',
    what: /^dashboardName may have letters, digits, - and _, 255 at most$/,
    value: '"my dashboard"',
    remedy: 'Choose another, or leave it out.',
  },
];

test.each(MISTAKES)('$mistake is refused, with path, value and remedy', expectRefusal);

describe('more than a composite alarm takes is refused before CloudFormation does:', () => {
  // Ten come from the enforcer and the canary.
  test.each([
    ['101 alarms', 90, 10],
    ['more than 10,240 characters of them', 40, 200],
  ])('%s', (_, count, nameLength) => {
    const stack = newStack();
    expect(() => monitor(stack, { alarms: namedAlarms(stack, count, nameLength) })).toThrow(
      /^Data\/Monitoring: a composite alarm takes 100 alarms at most, in a rule of 10240 characters \(got .*\)\. Make one/,
    );
  });

  test('100 with short names go', () => {
    const stack = newStack();
    monitor(stack, { alarms: namedAlarms(stack, 89, 10) });
    expect(complaintsOf(stack)).toEqual([]);
  });
});
