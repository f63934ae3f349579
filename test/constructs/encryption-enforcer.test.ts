import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionEnforcer, EnforcementAction, ObjectEncryption } from '../../lib';
import { decodeRule } from '../../lib/domain/bucket-rule';
import { runningBundle } from '../../lib/internal/bundled-function';
import { OTHER_KEY, RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';
import {
  complaintsOf,
  FLAG_SETS,
  importedBucket,
  newObjectRules,
  newStack,
  onlyNewObjectRule,
  onlyResourceOf,
  resourcesOf,
  textOf,
} from '../support/stacks';

const QUARANTINE_SSE_S3 = { encryption: ObjectEncryption.sseS3(), action: EnforcementAction.QUARANTINE };

describe('the rule of a guarded bucket', () => {
  test('sends new objects of that bucket, and nothing else, to the queue', () => {
    const stack = newStack();
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    const bucket = new s3.Bucket(stack, 'Records');
    enforcer.enforce(bucket, QUARANTINE_SSE_S3);
    const { EventPattern, Targets, State } = onlyNewObjectRule(stack).Properties;
    expect(State).toBe('ENABLED');
    expect(EventPattern).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [stack.resolve(bucket.bucketName)] } },
    });
    expect(Targets).toEqual([expect.objectContaining({ Arn: stack.resolve(enforcer.queue.queueArn) })]);
  });

  test('has a place for events that cannot be delivered: a queue of its own, which an alarm watches', () => {
    const stack = newStack();
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    enforcer.enforce(new s3.Bucket(stack, 'Records'), QUARANTINE_SSE_S3);
    const { Arn } = onlyNewObjectRule(stack).Properties.Targets[0].DeadLetterConfig;
    expect([enforcer.queue, enforcer.deadLetterQueue].map(({ queueArn }) => stack.resolve(queueArn))).not.toContainEqual(Arn);
    const watched = resourcesOf(stack, 'AWS::CloudWatch::Alarm').flatMap(({ Properties }) => Properties.Dimensions);
    expect(watched).toContainEqual({ Name: 'QueueName', Value: { 'Fn::GetAtt': [Arn['Fn::GetAtt'][0], 'QueueName'] } });
  });

  test('has a name of its own for each bucket, short enough for EventBridge', () => {
    const stack = newStack();
    const enforcer = new EncryptionEnforcer(stack, 'AnEnforcerWithANameThatIsLongerThanMostPeopleWouldEverChoose');
    for (const id of ['Records', 'Invoices', 'Letters']) enforcer.enforce(new s3.Bucket(stack, id), QUARANTINE_SSE_S3);
    const names = newObjectRules(stack).map(({ Properties }) => Properties.Name as string);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9._-]{1,64}$/);
  });

  test('is stored as one SSM parameter under the prefix that the function knows', () => {
    const stack = newStack();
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    const bucket = importedBucket(stack, 'Records', 'records-111122223333');
    const encryption = ObjectEncryption.sseKms(
      kms.Key.fromKeyArn(stack, 'Right', RIGHT_KEY),
      kms.Key.fromKeyArn(stack, 'Second', SECOND_KEY),
    );
    enforcer.enforce(bucket, { encryption, action: EnforcementAction.TAG });
    const { Name, Type, Tier, Value } = onlyResourceOf(stack, 'AWS::SSM::Parameter').Properties;
    const { Variables } = onlyResourceOf(stack, 'AWS::Lambda::Function').Properties.Environment;
    expect({ Name, Type, Tier }).toEqual({
      Name: `${Variables.RULE_PARAMETER_PREFIX}/records-111122223333`,
      Type: 'String',
      Tier: 'Intelligent-Tiering',
    });
    const accepted = [{ scheme: 'SSE-KMS', keyArns: [RIGHT_KEY, SECOND_KEY] }];
    expect(decodeRule(Value)).toMatchObject({ action: 'tag', declaration: { accepted } });
  });

  test('names a key of this app by the ARN that deployment gives it', () => {
    const stack = newStack();
    const key = new kms.Key(stack, 'Key');
    const encryption = ObjectEncryption.dsseKms(key);
    new EncryptionEnforcer(stack, 'Enforcer').enforce(new s3.Bucket(stack, 'Records'), { encryption, action: EnforcementAction.REPORT });
    const [logicalId] = stack.resolve(key.keyArn)['Fn::GetAtt'];
    const document = textOf(onlyResourceOf(stack, 'AWS::SSM::Parameter').Properties.Value, { [`${logicalId}.Arn`]: OTHER_KEY });
    const accepted = [{ scheme: 'DSSE-KMS', keyArns: [OTHER_KEY] }];
    expect(decodeRule(document)).toMatchObject({ action: 'report', declaration: { accepted } });
  });
});

describe('the function of an enforcer', () => {
  test('runs the bundle on Node 24 and Graviton, a few at a time, and answers for each message', () => {
    const stack = newStack();
    const { queue } = new EncryptionEnforcer(stack, 'Enforcer', { maxConcurrency: 7 });
    expect(onlyResourceOf(stack, 'AWS::Lambda::Function').Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
    });
    const [mapping] = resourcesOf(stack, 'AWS::Lambda::EventSourceMapping').filter(
      ({ Properties }) => JSON.stringify(Properties.EventSourceArn) === JSON.stringify(stack.resolve(queue.queueArn)),
    );
    expect(mapping?.Properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 7 },
    });
    // Without a batching window, Lambda takes ten at most.
    expect(mapping?.Properties.BatchSize).toBeLessThanOrEqual(10);
  });

  test('learns its name, the prefix of its rules, the quarantine and its queues from the environment, and no rule', () => {
    const stack = newStack();
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    for (const id of ['Records', 'Invoices']) enforcer.enforce(new s3.Bucket(stack, id), QUARANTINE_SSE_S3);
    const { Variables } = onlyResourceOf(stack, 'AWS::Lambda::Function').Properties.Environment;
    expect(Variables).toEqual({
      ENFORCER_NAME: expect.any(String),
      RULE_PARAMETER_PREFIX: `/s3-encryption-guard/${Variables.ENFORCER_NAME}`,
      QUARANTINE_BUCKET: stack.resolve(enforcer.quarantineBucket.bucketName),
      QUARANTINE_KEY_ARN: stack.resolve(enforcer.quarantineBucket.encryptionKey?.keyArn),
      EVENT_QUEUE_URL: stack.resolve(enforcer.queue.queueUrl),
      LARGE_OBJECT_QUEUE_URL: { Ref: expect.stringContaining('LargeObjects') },
      LARGE_OBJECT_QUEUE_ARN: { 'Fn::GetAtt': [expect.stringContaining('LargeObjects'), 'Arn'] },
    });
  });

  test('cannot be made without its bundle, and says how to come by it', () => {
    expect(() => runningBundle('no-such-function')).toThrow(
      /^The bundle of the function "no-such-function" is missing.*Run "npm run bundle"\.$/,
    );
  });

  test('keeps its log for a year, beyond the stack unless told otherwise', () => {
    const [kept, gone] = [undefined, RemovalPolicy.DESTROY].map((removalPolicy) => {
      const stack = newStack();
      new EncryptionEnforcer(stack, 'Enforcer', { removalPolicy });
      return onlyResourceOf(stack, 'AWS::Logs::LogGroup');
    });
    expect(kept).toMatchObject({ DeletionPolicy: 'Retain', Properties: { RetentionInDays: 365 } });
    expect(gone).toMatchObject({ DeletionPolicy: 'Delete' });
  });
});

describe('the alarms of an enforcer', () => {
  const runbook = readFileSync(join(__dirname, '..', '..', 'docs', 'operator-runbook.md'), 'utf8');
  const sections = [...runbook.matchAll(/^##+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'));

  test('watch everything that keeps objects unverified, or a violation from being acted on', () => {
    const stack = newStack();
    const { queue, deadLetterQueue, handler, alarms } = new EncryptionEnforcer(stack, 'Enforcer');
    const watched = resourcesOf(stack, 'AWS::CloudWatch::Alarm').map(({ Properties: { MetricName, Dimensions } }) => [
      MetricName,
      Dimensions[0].Value,
    ]);
    const [undelivered] = watched.filter(([, value]) => /Undelivered/.test(JSON.stringify(value))).map(([, value]) => value);
    const [largeObjects] = watched.filter(([, value]) => /LargeObjects/.test(JSON.stringify(value))).map(([, value]) => value);
    expect([undelivered, largeObjects]).toEqual([expect.anything(), expect.anything()]);
    expect(alarms).toHaveLength(10);
    expect(watched).toEqual([
      ['ApproximateNumberOfMessagesVisible', stack.resolve(deadLetterQueue.queueName)],
      ['ApproximateNumberOfMessagesVisible', undelivered],
      ['ApproximateAgeOfOldestMessage', stack.resolve(queue.queueName)],
      ['ApproximateAgeOfOldestMessage', largeObjects],
      ['Errors', stack.resolve(handler.functionName)],
      ['Throttles', stack.resolve(handler.functionName)],
      ...['ReducedActions', 'VerificationAge', 'ThrottledAge', 'UnfinishedAge'].map((name) => [
        name,
        onlyResourceOf(stack, 'AWS::Lambda::Function').Properties.Environment.Variables.ENFORCER_NAME,
      ]),
    ]);
  });

  test('link a section of the runbook that exists, each its own', () => {
    const stack = newStack();
    new EncryptionEnforcer(stack, 'Enforcer');
    const links = resourcesOf(stack, 'AWS::CloudWatch::Alarm').map(
      ({ Properties }) => /docs\/operator-runbook\.md#(\S+)$/.exec(Properties.AlarmDescription)?.[1],
    );
    expect(new Set(links).size).toBe(10);
    for (const link of links) expect(sections).toContain(link);
  });

  test('go off at the first, and stay quiet while nothing happens', () => {
    const stack = newStack();
    new EncryptionEnforcer(stack, 'Enforcer');
    const alarms = resourcesOf(stack, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching' });
    }
    // Seconds that the oldest event, and the oldest large object, may have waited, and milliseconds of an age; everything else is a count.
    expect(alarms.map(({ Threshold }) => Threshold)).toEqual([1, 1, 900, 3600, 1, 1, 1, 900_000, 900_000, 86_400_000]);
  });

  test('look at the age of verdicts and of what is throttled by the age that was asked for', () => {
    const stack = newStack();
    new EncryptionEnforcer(stack, 'Enforcer', { maxVerificationAge: Duration.hours(2) });
    const [late, throttled, unfinished] = resourcesOf(stack, 'AWS::CloudWatch::Alarm').slice(-3);
    expect(late?.Properties).toMatchObject({ MetricName: 'VerificationAge', ExtendedStatistic: 'p99', Threshold: 7_200_000 });
    // Its period is the longest time that SQS delays a message, or one that waits would be forgotten in between.
    expect(throttled?.Properties).toMatchObject({ MetricName: 'ThrottledAge', Statistic: 'Maximum', Threshold: 7_200_000, Period: 900 });
    expect(unfinished?.Properties).toMatchObject({ MetricName: 'UnfinishedAge', Statistic: 'Maximum', Threshold: 86_400_000, Period: 900 });
  });
});

describe('the metrics of an enforcer', () => {
  test.each<[string, (enforcer: EncryptionEnforcer) => cloudwatch.Metric]>([
    ['NonCompliantObjects', (enforcer) => enforcer.metricNonCompliantObjects()],
    ['UnverifiableObjects', (enforcer) => enforcer.metricUnverifiableObjects()],
    ['ReducedActions', (enforcer) => enforcer.metricReducedActions()],
  ])('%s are counted under the name that the function reports', (metricName, metricOf) => {
    const stack = newStack();
    const metric = metricOf(new EncryptionEnforcer(stack, 'Enforcer'));
    expect(metric).toMatchObject({ namespace: 'S3EncryptionGuard', metricName, statistic: 'Sum' });
    expect(metric.dimensions).toEqual({
      service: onlyResourceOf(stack, 'AWS::Lambda::Function').Properties.Environment.Variables.ENFORCER_NAME,
    });
  });
});

test.each(FLAG_SETS)('an enforcer without buckets synthesises without a complaint under %s', (_, flags) => {
  const stack = newStack({ flags });
  new EncryptionEnforcer(stack, 'Enforcer');
  expect(complaintsOf(stack)).toEqual([]);
});
