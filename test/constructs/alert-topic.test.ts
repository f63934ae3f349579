import { Annotations, type Stack } from 'aws-cdk-lib';
import { Match, Annotations as Said, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlertTopic } from '../../lib';
import { complaintsOf, ENV, newStack, onlyResourceOf, resourcesOf, type Statement, sidsOf } from '../support/stacks';

const GIVEN = `arn:aws:sns:${ENV.region}:${ENV.account}:given`;
const OF_THIS_ACCOUNT = { StringEquals: { 'aws:SourceAccount': ENV.account } };
const PUBLISHERS = { Service: ['events.amazonaws.com', 'cloudwatch.amazonaws.com'] };

const topicPolicy = (stack: Stack): Statement[] => onlyResourceOf(stack, 'AWS::SNS::TopicPolicy').Properties.PolicyDocument.Statement;
const keyPolicy = (stack: Stack): Statement[] => onlyResourceOf(stack, 'AWS::KMS::Key').Properties.KeyPolicy.Statement;
const admitting = (statements: readonly Statement[]) => statements.filter(({ Sid }) => Sid === 'AllowAlertsOfThisAccount');

describe('a new topic', () => {
  test('lets alerts of this account in, and nobody by plain HTTP', () => {
    const stack = newStack();
    const { topic } = new AlertTopic(stack, 'Alerts');
    const Resource = stack.resolve(topic.topicArn);
    expect(admitting(topicPolicy(stack))).toEqual([
      {
        Sid: 'AllowAlertsOfThisAccount',
        Effect: 'Allow',
        Principal: PUBLISHERS,
        Action: 'sns:Publish',
        Resource,
        Condition: OF_THIS_ACCOUNT,
      },
    ]);
    const [plain] = topicPolicy(stack).filter(({ Effect }) => Effect === 'Deny');
    expect(plain).toMatchObject({ Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } }, Resource });
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('has a key of its own that rotates, outlives the stack, leaves grants to AWS services, and lets alerts of this account in', () => {
    const stack = newStack();
    const { topic } = new AlertTopic(stack, 'Alerts');
    const key = onlyResourceOf(stack, 'AWS::KMS::Key');
    expect(key).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
    expect(sidsOf(keyPolicy(stack))).toEqual([undefined, 'DenyGrantsNotForAwsServices', 'AllowAlertsOfThisAccount']);
    expect(admitting(keyPolicy(stack))).toEqual([
      expect.objectContaining({ Principal: PUBLISHERS, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Condition: OF_THIS_ACCOUNT }),
    ]);
    expect(onlyResourceOf(stack, 'AWS::SNS::Topic').Properties.KmsMasterKeyId).toEqual(stack.resolve(topic.masterKey?.keyArn));
  });

  test('may have a key that is given', () => {
    const stack = newStack();
    new AlertTopic(stack, 'Alerts', { encryptionKey: new kms.Key(stack, 'Operations') });
    expect(admitting(keyPolicy(stack))).toHaveLength(1);
  });
});

describe('a given topic', () => {
  test('of this app gets what it lacks, and so does its key', () => {
    const stack = newStack();
    const masterKey = new kms.Key(stack, 'Key');
    new AlertTopic(stack, 'Alerts', { topic: new sns.Topic(stack, 'Topic', { masterKey }) });
    expect(admitting(topicPolicy(stack))).toHaveLength(1);
    expect(admitting(keyPolicy(stack))).toHaveLength(1);
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('of this app need not be encrypted', () => {
    const stack = newStack();
    new AlertTopic(stack, 'Alerts', { topic: new sns.Topic(stack, 'Topic') });
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('of others is not changed; what its owner has to add is printed, as JSON', () => {
    const stack = newStack();
    new AlertTopic(stack, 'Alerts', { topic: sns.Topic.fromTopicArn(stack, 'Given', GIVEN) });
    const [warning, ...others] = Said.fromStack(stack).findWarning('/Data/Alerts', Match.anyValue());
    expect(others).toEqual([]);
    const text = String(warning?.entry.data);
    const [topic, key] = [...text.matchAll(/\{"Sid".*?\}\}\}/g)].map(([json]) => JSON.parse(json));
    expect(topic).toMatchObject({ Principal: PUBLISHERS, Action: ['sns:Publish'], Resource: [GIVEN], Condition: OF_THIS_ACCOUNT });
    expect(key).toMatchObject({ Principal: PUBLISHERS, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Condition: OF_THIS_ACCOUNT });
    expect(resourcesOf(stack, 'AWS::SNS::TopicPolicy')).toEqual([]);
  });

  test('of others is used without a complaint once the warning is acknowledged', () => {
    const stack = newStack();
    const alerts = new AlertTopic(stack, 'Alerts', { topic: sns.Topic.fromTopicArn(stack, 'Given', GIVEN) });
    Annotations.of(alerts).acknowledgeWarning('cdk-s3-encryption-guard:GivenAlertTopic', 'Its owner has added both.');
    new sns.Topic(stack, 'Other');
    expect(complaintsOf(stack)).toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    [
      'a FIFO topic',
      `${GIVEN}.fifo`,
      /^Data\/Alerts: alarms cannot be sent to a FIFO topic .*\(got ".*given\.fifo"\)\. Use a standard topic\.$/,
    ],
    [
      'a topic of another Region',
      GIVEN.replace(ENV.region, 'us-east-1'),
      /their own Region only \(eu-west-1\).*Use a topic of that Region\.$/,
    ],
  ])('cannot be %s', (_, arn, message) => {
    const stack = newStack();
    const topic = sns.Topic.fromTopicArn(stack, 'Given', arn);
    expect(() => new AlertTopic(stack, 'Alerts', { topic })).toThrow(message);
  });

  test('has a key already', () => {
    const stack = newStack();
    const topic = new sns.Topic(stack, 'Topic');
    const encryptionKey = new kms.Key(stack, 'Key');
    expect(() => new AlertTopic(stack, 'Alerts', { topic, encryptionKey })).toThrow(
      /encryptionKey is for a new topic.*Leave one of the two out/,
    );
  });
});

test('alarms of any kind tell the topic', () => {
  const stack = newStack();
  const alarm = new cloudwatch.Metric({ namespace: 'N', metricName: 'M' }).createAlarm(stack, 'Alarm', {
    threshold: 1,
    evaluationPeriods: 1,
  });
  const composite = new cloudwatch.CompositeAlarm(stack, 'Composite', { alarmRule: alarm });
  const alerts = new AlertTopic(stack, 'Alerts');
  alerts.receiveFrom(alarm, composite);
  const AlarmActions = [stack.resolve(alerts.topic.topicArn)];
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::CompositeAlarm', { AlarmActions });
});
