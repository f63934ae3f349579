import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlertTopic, EncryptionCanary, EncryptionEnforcer, EncryptionMonitoring } from '../../lib';
import { decodeDigestedEnforcers } from '../../lib/domain/digested-enforcer';
import { digestIn } from '../support/digest-stack';
import { complaintsOf, FLAG_SETS, newApp, newStack, type Resource, resourcesOf, type Statement, textOf } from '../support/stacks';

const functionOf = (stack: Stack) =>
  resourcesOf(stack, 'AWS::Lambda::Function').find(({ Properties }) => 'DIGESTED_ENFORCERS' in (Properties.Environment?.Variables ?? {}))
    ?.Properties;

const environmentOf = (stack: Stack) => functionOf(stack)?.Environment.Variables;

/** The ones of the role, but for its log. */
function statementsOf(stack: Stack): Statement[] {
  const [policy] = resourcesOf(stack, 'AWS::IAM::Policy').filter(({ Properties }) => /^DigestRole/.test(Properties.PolicyName));
  return policy?.Properties.PolicyDocument.Statement.filter(({ Sid }: Statement) => Sid !== 'WriteLogs');
}

function alarmsOf(stack: Stack): Resource['Properties'][] {
  const alarms = resourcesOf(stack, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
  return alarms.filter(({ AlarmDescription }) => /digest/.test(AlarmDescription));
}

describe('the function of a digest', () => {
  test('is told the enforcers with their queues, what is late, the bucket and the interval of a canary, the topic and the runbook', () => {
    const stack = newStack();
    const one = new EncryptionEnforcer(stack, 'One');
    const two = new EncryptionEnforcer(stack, 'Two', { maxVerificationAge: Duration.hours(2) });
    const canary = new EncryptionCanary(stack, 'Canary', { enforcer: two, interval: Duration.hours(12) });
    const alertTopic = new AlertTopic(stack, 'Alerts');
    digestIn(stack, { enforcers: [one, two], canaries: [canary], alertTopic, dashboardName: 'guard' });
    const { DIGESTED_ENFORCERS, ...others } = environmentOf(stack);
    expect(others).toEqual({
      TOPIC_ARN: stack.resolve(alertTopic.topic.topicArn),
      RUNBOOK_URL:
        'https://github.com/cdk-s3-encryption-guard/cdk-s3-encryption-guard/blob/main/docs/operator-runbook.md#the-weekly-digest',
      DASHBOARD_NAME: 'guard',
    });
    const nameOf = (token: string) => textOf(stack.resolve(token));
    const queuesOf = ({ queue, largeObjectQueue, deadLetterQueue, undeliveredQueue }: EncryptionEnforcer) => ({
      queue: nameOf(queue.queueName),
      largeQueue: nameOf(largeObjectQueue.queueName),
      deadLetterQueues: [deadLetterQueue, undeliveredQueue].map(({ queueName }) => nameOf(queueName)),
    });
    expect(decodeDigestedEnforcers(textOf(DIGESTED_ENFORCERS))).toEqual([
      { name: one._name, ...queuesOf(one), maxAgeMillis: 900_000 },
      { name: two._name, canary: { bucket: nameOf(canary.bucket.bucketName), minutes: 720 }, ...queuesOf(two), maxAgeMillis: 7_200_000 },
    ]);
  });

  test('is invoked each hour', () => {
    const stack = newStack();
    const { handler } = digestIn(stack);
    const [schedule, ...others] = resourcesOf(stack, 'AWS::Events::Rule').filter(({ Properties }) => 'ScheduleExpression' in Properties);
    expect(others).toEqual([]);
    expect(schedule?.Properties).toMatchObject({
      ScheduleExpression: 'cron(0 * * * ? *)',
      State: 'ENABLED',
      Targets: [{ Arn: stack.resolve(handler.functionArn) }],
    });
  });

  test.each([
    [undefined, 'Retain'],
    [RemovalPolicy.DESTROY, 'Delete'],
  ])('under removal policy %s has a log that goes by %s', (removalPolicy, policy) => {
    const stack = newStack();
    const { logGroup } = digestIn(stack, removalPolicy === undefined ? {} : { removalPolicy });
    const name = JSON.stringify(functionOf(stack)?.LoggingConfig.LogGroup);
    expect(name).toBe(JSON.stringify(stack.resolve(logGroup.logGroupName)));
    const logs = resourcesOf(stack, 'AWS::Logs::LogGroup').map(({ DeletionPolicy }) => DeletionPolicy);
    expect(logs).toContain(policy);
  });

  test('has an environment that Lambda takes, 4 KB, with six enforcers of the longest names and their canaries', () => {
    const stack = new Stack(newApp(), 'S'.repeat(100));
    const maxVerificationAge = Duration.days(3);
    const enforcers = Array.from(
      { length: 6 },
      (_, at) => new EncryptionEnforcer(stack, `${'Enforcer'.repeat(12)}${at}`, { maxVerificationAge }),
    );
    const interval = Duration.hours(12);
    const canaries = enforcers.map((enforcer, at) => new EncryptionCanary(stack, `Canary${at}`, { enforcer, interval }));
    digestIn(stack, { enforcers, canaries, dashboardName: 'd'.repeat(255) });
    // A name of a bucket has 63 characters at most, one of a queue 80, an ARN of a topic 310.
    const longest = (text: string) =>
      text
        .replaceAll(/\$\{[^}]*Bucket[^}]*\}/g, 'b'.repeat(63))
        .replaceAll(/\$\{[^}]*\.QueueName\}/g, 'q'.repeat(80))
        .replaceAll(/\$\{[^}]*\}/g, 't'.repeat(310));
    const pairs = Object.entries<unknown>(environmentOf(stack)).map(([name, value]) => name + longest(textOf(value)));
    const bytes = pairs.join('').length;
    expect(bytes).toBeGreaterThan(2_500);
    expect(bytes).toBeLessThanOrEqual(4_096);
  });
});

describe('the role of a digest', () => {
  const READ = { Sid: 'ReadMetrics', Effect: 'Allow', Action: 'cloudwatch:GetMetricData', Resource: '*' };

  test('reads metrics, publishes to this topic, and uses its key through SNS: nothing else', () => {
    const stack = newStack();
    const alertTopic = new AlertTopic(stack, 'Alerts');
    digestIn(stack, { alertTopic });
    expect(statementsOf(stack)).toEqual([
      READ,
      { Sid: 'SendDigest', Effect: 'Allow', Action: 'sns:Publish', Resource: stack.resolve(alertTopic.topic.topicArn) },
      {
        Sid: 'EncryptDigest',
        Effect: 'Allow',
        Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
        Resource: stack.resolve((alertTopic.topic.masterKey as kms.IKey).keyArn),
        Condition: { StringEquals: { 'kms:ViaService': 'sns.eu-west-1.amazonaws.com' } },
      },
    ]);
  });

  test('uses no key for a topic that has none', () => {
    const stack = newStack();
    const topic = new sns.Topic(stack, 'Plain');
    digestIn(stack, { alertTopic: new AlertTopic(stack, 'Alerts', { topic }) });
    expect(statementsOf(stack)).toEqual([
      READ,
      { Sid: 'SendDigest', Effect: 'Allow', Action: 'sns:Publish', Resource: stack.resolve(topic.topicArn) },
    ]);
  });

  test('uses the key of an imported topic that names it', () => {
    const stack = newStack();
    const [topicArn, keyArn] = [
      'arn:aws:sns:eu-west-1:111122223333:alerts',
      'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555',
    ];
    const topic = sns.Topic.fromTopicAttributes(stack, 'Imported', { topicArn, keyArn });
    digestIn(stack, { alertTopic: new AlertTopic(stack, 'Alerts', { topic }) });
    expect(statementsOf(stack).map(({ Resource }) => Resource)).toEqual(['*', topicArn, keyArn]);
  });
});

test('the runbook says what its lines mean, and what to do where it does not come', () => {
  const runbook = readFileSync(join(__dirname, '..', '..', 'docs', 'operator-runbook.md'), 'utf8');
  expect(runbook).toMatch(/^## The weekly digest$/m);
  expect(runbook).toMatch(/^## Digest not sent$/m);
});

describe('the alarms of a digest', () => {
  test('go off when it fails, when its schedule stands still, and when the topic cannot deliver', () => {
    const stack = newStack();
    const alertTopic = new AlertTopic(stack, 'Alerts');
    const { alarms, handler } = digestIn(stack, { alertTopic });
    const ofFunction = [{ Name: 'FunctionName', Value: stack.resolve(handler.functionName) }];
    const ofTopic = [{ Name: 'TopicName', Value: stack.resolve(alertTopic.topic.topicName) }];
    const common = { Statistic: 'Sum', Threshold: 1, AlarmDescription: expect.stringMatching(/#digest-not-sent$/) };
    expect(alarms).toHaveLength(3);
    expect(alarmsOf(stack)).toEqual([
      expect.objectContaining({
        ...common,
        MetricName: 'Errors',
        Dimensions: ofFunction,
        Period: 3600,
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      }),
      expect.objectContaining({
        ...common,
        MetricName: 'Invocations',
        Dimensions: ofFunction,
        Period: 10_800,
        EvaluationPeriods: 1,
        TreatMissingData: 'breaching',
        ComparisonOperator: 'LessThanThreshold',
      }),
      expect.objectContaining({
        ...common,
        MetricName: 'NumberOfNotificationsFailed',
        Namespace: 'AWS/SNS',
        Dimensions: ofTopic,
        TreatMissingData: 'notBreaching',
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      }),
    ]);
  });

  test('belong to the guarantee where an EncryptionMonitoring is given them', () => {
    const stack = newStack();
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    const alertTopic = new AlertTopic(stack, 'Alerts');
    const { alarms } = digestIn(stack, { enforcers: [enforcer], alertTopic, dashboardName: 'guard' });
    new EncryptionMonitoring(stack, 'Monitoring', { enforcers: [enforcer], alertTopic, alarms, dashboardName: 'guard' });
    const [composite] = resourcesOf(stack, 'AWS::CloudWatch::CompositeAlarm');
    for (const { alarmArn } of alarms)
      expect(JSON.stringify(composite?.Properties.AlarmRule)).toContain(JSON.stringify(stack.resolve(alarmArn)));
    expect(complaintsOf(stack)).toEqual([]);
  });
});

test.each(FLAG_SETS)('a digest synthesises without a complaint under %s', (_, flags) => {
  const stack = newStack({ flags });
  digestIn(stack);
  expect(complaintsOf(stack)).toEqual([]);
});

test.each(['strong', 'weak'])(
  'a digest synthesises in another stack than enforcer and topic, of any account, with %s references',
  (strength) => {
    const app = newApp({ '@aws-cdk/core:defaultCrossStackReferences': strength });
    const [data, monitoring] = [new Stack(app, 'Data'), new Stack(app, 'Monitoring')];
    digestIn(monitoring, { enforcers: [new EncryptionEnforcer(data, 'Enforcer')], alertTopic: new AlertTopic(data, 'Alerts') });
    expect([...complaintsOf(data), ...complaintsOf(monitoring)]).toEqual([]);
  },
);
