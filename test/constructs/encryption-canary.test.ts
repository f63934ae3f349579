import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { EncryptionCanary, type EncryptionCanaryProps, EncryptionEnforcer } from '../../lib';
import { decodeRule } from '../../lib/domain/bucket-rule';
import { OTHER_KEY } from '../domain/sample-keys';
import {
  bucketResource,
  complaintsOf,
  FLAG_SETS,
  newApp,
  newStack,
  onlyResourceOf,
  policiesOf,
  resourcesOf,
  type Statement,
  siblingOf,
  textOf,
} from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

function canaryIn(stack: Stack, props: Partial<EncryptionCanaryProps> = {}): EncryptionCanary {
  return new EncryptionCanary(stack, 'Canary', { enforcer: new EncryptionEnforcer(stack, 'Enforcer'), ...props });
}

const alarmOf = (stack: Stack) =>
  resourcesOf(stack, 'AWS::CloudWatch::Alarm').find(({ Properties }) => Properties.MetricName === 'CanaryCaught')?.Properties;

const functionOf = (stack: Stack) =>
  resourcesOf(stack, 'AWS::Lambda::Function').find(({ Properties }) => 'CANARY_BUCKET' in Properties.Environment.Variables)?.Properties;

describe('the bucket of a canary', () => {
  test('requires SSE-KMS of its objects, and has the enforcer quarantine the others', () => {
    const stack = newStack();
    const { enforcer } = canaryIn(stack);
    const keyArn = stack.resolve(enforcer.quarantineBucket.encryptionKey?.keyArn);
    const rule = textOf(onlyResourceOf(stack, 'AWS::SSM::Parameter').Properties.Value, { [keyArn['Fn::GetAtt'].join('.')]: OTHER_KEY });
    const accepted = [{ scheme: 'SSE-KMS', keyArns: [OTHER_KEY] }];
    expect(decodeRule(rule)).toMatchObject({ action: 'quarantine', declaration: { accepted } });
  });

  test('lets the wrong object in: no statement of its policy looks at encryption', () => {
    const stack = newStack();
    const { bucket } = canaryIn(stack);
    const [policy] = policiesOf(stack, bucket);
    const statements: Statement[] = policy?.Properties.PolicyDocument.Statement;
    expect(statements.length).toBeGreaterThan(1);
    expect(JSON.stringify(statements)).not.toMatch(/server-side-encryption/);
    expect(JSON.stringify(statements)).toMatch(/aws:SecureTransport/);
  });

  test('has versions, so that the very object can be watched, and forgets what was not caught after a week', () => {
    const stack = newStack();
    const { VersioningConfiguration, LifecycleConfiguration } = bucketResource(stack, canaryIn(stack).bucket as never).Properties;
    expect(VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(LifecycleConfiguration.Rules[0]).toMatchObject({ ExpirationInDays: 7, NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
  });

  test.each([
    [undefined, 'Delete'],
    [RemovalPolicy.RETAIN, 'Retain'],
  ])('under removal policy %s goes by %s, and its log with it', (removalPolicy, policy) => {
    const stack = newStack();
    const canary = canaryIn(stack, removalPolicy === undefined ? {} : { removalPolicy });
    expect(bucketResource(stack, canary.bucket as never).DeletionPolicy).toBe(policy);
    const logs = resourcesOf(stack, 'AWS::Logs::LogGroup').map(({ DeletionPolicy }) => DeletionPolicy);
    expect(logs).toContain(policy);
  });
});

describe('the function of a canary', () => {
  test('is invoked by its schedule, and has a minute more than the enforcer', () => {
    const stack = newStack();
    const { bucket, handler } = canaryIn(stack, { interval: Duration.minutes(30), patience: Duration.minutes(2) });
    expect(functionOf(stack)).toMatchObject({
      Timeout: 180,
      Environment: {
        Variables: {
          ENFORCER_NAME: expect.stringMatching(/^Data-Enforcer-/),
          CANARY_BUCKET: stack.resolve(bucket.bucketName),
          PATIENCE_SECONDS: '120',
        },
      },
    });
    const [schedule] = resourcesOf(stack, 'AWS::Events::Rule').filter(({ Properties }) => 'ScheduleExpression' in Properties);
    expect(schedule?.Properties).toMatchObject({
      ScheduleExpression: 'rate(30 minutes)',
      Targets: [{ Arn: stack.resolve(handler.functionArn) }],
    });
  });
});

describe('the alarm of a canary', () => {
  test('goes off at the first that is not caught, and when there is none in two rounds', () => {
    const stack = newStack();
    canaryIn(stack, { interval: Duration.minutes(30) });
    expect(alarmOf(stack)).toMatchObject({
      Namespace: 'S3EncryptionGuard',
      Dimensions: [{ Name: 'service', Value: functionOf(stack)?.Environment.Variables.ENFORCER_NAME }],
      Statistic: 'Minimum',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
      EvaluationPeriods: 1,
      Period: 3600,
    });
  });

  test('has a period that CloudWatch takes for the longest interval', () => {
    const stack = newStack();
    canaryIn(stack, { interval: Duration.hours(12) });
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: a day, for one period
    expect(alarmOf(stack)?.Period).toBe(86_400);
  });
});

const MISTAKES: readonly Mistake[] = [
  {
    mistake: 'an enforcer of another stack',
    make: (stack) => canaryIn(stack, { enforcer: new EncryptionEnforcer(siblingOf(stack, 'Other'), 'Enforcer') }),
    path: 'Data/Canary',
    what: /a canary must be in the stack of its enforcer/,
    value: '"Other/Enforcer"',
    remedy: 'Make it in that stack.',
  },
  {
    mistake: 'a second canary of one enforcer',
    make: (stack) => new EncryptionCanary(stack, 'Second', { enforcer: canaryIn(stack).enforcer }),
    path: 'Data/Second',
    what: /the enforcer has a canary, Data\/Canary/,
    value: '"Data/Enforcer"',
    remedy: 'One is enough.',
  },
  ...(
    [
      ['interval', Duration.minutes(14), '14 minutes', '15 minutes to 12 hours'],
      ['interval', Duration.hours(13), '13 hours', '15 minutes to 12 hours'],
      ['patience', Duration.seconds(9), '9 seconds', '10 seconds to 10 minutes'],
      ['patience', Duration.minutes(11), '11 minutes', '10 seconds to 10 minutes'],
      ['patience', Duration.millis(10_500), '10 seconds 500 millis', '10 seconds to 10 minutes'],
      ['patience', 60 as never, '60', '10 seconds to 10 minutes'],
    ] as const
  ).map(([name, duration, value, range]) => ({
    mistake: `${name} of ${value}`,
    make: (stack: Stack) => canaryIn(stack, { [name]: duration }),
    path: 'Data/Canary',
    what: new RegExp(`^${name} must be a Duration of whole seconds from ${range}$`),
    value: JSON.stringify(value),
    remedy: 'Choose one in that range, or leave it out.',
  })),
  {
    mistake: 'an interval that is no whole minute',
    make: (stack) => canaryIn(stack, { interval: Duration.seconds(1_000) }),
    path: 'Data/Canary',
    what: /^interval must be whole minutes$/,
    value: '"16 minutes 40 seconds"',
    remedy: 'Use Duration.minutes().',
  },
];

test.each(MISTAKES)('$mistake is refused, with path, value and remedy', expectRefusal);

test.each(FLAG_SETS)('a canary synthesises without a complaint under %s', (_, flags) => {
  const stack = newStack({ flags });
  canaryIn(stack);
  expect(complaintsOf(stack)).toEqual([]);
});

test('a canary synthesises where account and Region are not known', () => {
  const stack = new Stack(newApp(), 'Data');
  canaryIn(stack);
  expect(complaintsOf(stack)).toEqual([]);
});
