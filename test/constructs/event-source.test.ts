import type { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { EncryptedBucket, EncryptionEnforcer, EnforcementAction, EventSource, ObjectEncryption } from '../../lib';
import {
  bucketResource,
  complaintsOf,
  ENV,
  FLAG_SETS,
  newObjectRules,
  newStack,
  resourceOf,
  resourcesOf,
  type Statement,
  siblingOf,
  textOf,
} from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const BY_NOTIFICATION = {
  encryption: ObjectEncryption.sseS3(),
  action: EnforcementAction.REPORT,
  eventSource: EventSource.S3_NOTIFICATION,
};
const OWNED = 'Use EventSource.EVENT_BRIDGE, which leaves the notifications of the bucket alone.';

function notifyingBucket(stack: Stack, id = 'Records') {
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
  const bucket = new s3.Bucket(stack, id);
  enforcer.enforce(bucket, BY_NOTIFICATION);
  return { enforcer, bucket };
}

function notify(stack: Stack, bucket: s3.IBucket): void {
  bucket.addEventNotification(s3.EventType.OBJECT_REMOVED, new SqsDestination(new sqs.Queue(stack, 'Indexer')));
}

/** The statements of the queue's policy that let S3 in. */
function openings(stack: Stack): Statement[] {
  const statements = resourcesOf(stack, 'AWS::SQS::QueuePolicy').flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  return statements.filter(({ Principal }) => Principal.Service === 's3.amazonaws.com');
}

describe('a bucket that notifies the queue itself', () => {
  test.each(FLAG_SETS)('says so natively, for every write and nothing else, without EventBridge, under %s', (_, flags) => {
    const stack = newStack({ flags });
    const { enforcer, bucket } = notifyingBucket(stack);
    expect(bucketResource(stack, bucket).Properties.NotificationConfiguration).toEqual({
      QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: stack.resolve(enforcer.queue.queueArn) }],
    });
    expect(resourcesOf(stack, 'AWS::Events::Rule')).toEqual([]);
    expect(resourcesOf(stack, 'Custom::S3BucketNotifications')).toEqual([]);
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('has a rule in SSM as any other has', () => {
    const stack = newStack();
    notifyingBucket(stack);
    expect(resourcesOf(stack, 'AWS::SSM::Parameter')).toHaveLength(1);
  });

  test('may be a CloudFormation resource', () => {
    const stack = newStack();
    const bucket = new s3.CfnBucket(stack, 'Records');
    new EncryptionEnforcer(stack, 'Enforcer').enforce(s3.Bucket.fromCfnBucket(bucket), BY_NOTIFICATION);
    expect(resourceOf(stack, bucket).Properties.NotificationConfiguration.QueueConfigurations).toHaveLength(1);
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('may be an EncryptedBucket, with the enforcer of its stack', () => {
    const stack = newStack();
    const { bucket, enforcer } = new EncryptedBucket(stack, 'Records', { eventSource: EventSource.S3_NOTIFICATION });
    const [target] = bucketResource(stack, bucket).Properties.NotificationConfiguration.QueueConfigurations;
    expect(target.Queue).toEqual(stack.resolve(enforcer.queue.queueArn));
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('waits for the policy that lets it in, since S3 tries the queue when the bucket is made', () => {
    const stack = newStack();
    const { enforcer, bucket } = notifyingBucket(stack);
    const { Resources } = (stack.node.root as App).synth().getStackByName(stack.stackName).template;
    const waitsFor: string[] = Resources[stack.getLogicalId(bucket.node.defaultChild as s3.CfnBucket)].DependsOn;
    const [queueId] = stack.resolve(enforcer.queue.queueArn)['Fn::GetAtt'];
    expect(waitsFor.map((name) => Resources[name])).toEqual([
      expect.objectContaining({ Type: 'AWS::SQS::QueuePolicy', Properties: expect.objectContaining({ Queues: [{ Ref: queueId }] }) }),
    ]);
  });

  test('is beside others that use EventBridge', () => {
    const stack = newStack();
    const { enforcer } = notifyingBucket(stack);
    enforcer.enforce(new s3.Bucket(stack, 'Letters'), { ...BY_NOTIFICATION, eventSource: EventSource.EVENT_BRIDGE });
    expect(newObjectRules(stack)).toHaveLength(1);
    expect(complaintsOf(stack)).toEqual([]);
  });
});

test('without a word about it, events come by EventBridge, and S3 itself may not send to the queue', () => {
  const stack = newStack();
  const { eventSource: _none, ...options } = BY_NOTIFICATION;
  new EncryptionEnforcer(stack, 'Enforcer').enforce(new s3.Bucket(stack, 'Records'), options);
  expect(newObjectRules(stack)).toHaveLength(1);
  expect(openings(stack)).toEqual([]);
});

test('S3 may send for buckets of this account only, in one statement for all of them', () => {
  const stack = newStack();
  const { enforcer } = notifyingBucket(stack);
  for (let at = 0; at < 30; at++) enforcer.enforce(new s3.Bucket(stack, `Letters${at}`), BY_NOTIFICATION);
  const [statement, ...others] = openings(stack);
  expect(others).toEqual([]);
  expect(statement).toMatchObject({
    Effect: 'Allow',
    Action: 'sqs:SendMessage',
    Resource: stack.resolve(enforcer.queue.queueArn),
    Condition: { StringEquals: { 'aws:SourceAccount': ENV.account } },
  });
  expect(textOf(statement?.Condition?.['ArnLike']?.['aws:SourceArn'])).toBe('arn:aws:s3:::*');
});

const MISTAKES: Mistake[] = [
  {
    mistake: 'an imported bucket',
    make: (stack) =>
      new EncryptionEnforcer(stack, 'Enforcer').enforce(s3.Bucket.fromBucketName(stack, 'Records', 'records'), BY_NOTIFICATION),
    path: 'Data/Enforcer/Events/Queue',
    what: /notifications of an imported bucket belong to its owner/,
    value: '"Data/Records"',
    remedy: 'Use EventSource.EVENT_BRIDGE.',
  },
  {
    mistake: 'an enforcer in another stack',
    make: (stack) =>
      new EncryptionEnforcer(siblingOf(stack, 'Guards'), 'Enforcer').enforce(new s3.Bucket(stack, 'Records'), BY_NOTIFICATION),
    path: 'Data/Records',
    what: /both have to be in one stack/,
    value: '"Guards"',
    remedy: 'Make an enforcer in the stack of the bucket, or use EventSource.EVENT_BRIDGE.',
  },
  {
    mistake: 'notifications that the resource has natively',
    make: (stack) => {
      const notificationConfiguration = { queueConfigurations: [{ event: 's3:ObjectRemoved:*', queue: 'arn:aws:sqs:::q' }] };
      const bucket = s3.Bucket.fromCfnBucket(new s3.CfnBucket(stack, 'Records', { notificationConfiguration }));
      new EncryptionEnforcer(stack, 'Enforcer').enforce(bucket, BY_NOTIFICATION);
    },
    path: 'Data/Records/@FromCfnBucket',
    what: /S3 keeps only one notification configuration/,
    value: '"notificationConfiguration"',
    remedy: OWNED,
  },
  {
    mistake: 'a source that there is not',
    make: (stack) =>
      new EncryptionEnforcer(stack, 'Enforcer').enforce(new s3.Bucket(stack, 'Records'), {
        ...BY_NOTIFICATION,
        eventSource: 'sns' as EventSource,
      }),
    path: 'Data/Enforcer',
    what: /eventSource is none that S3 has/,
    value: '"sns"',
    remedy: 'Use EventSource.EVENT_BRIDGE or EventSource.S3_NOTIFICATION.',
  },
];

describe('is refused where it is written:', () => {
  test.each(MISTAKES)('$mistake', (mistake) => expectRefusal(mistake));
});

describe('is refused at synthesis, whenever it was added:', () => {
  const message = (value: string) =>
    `Data/Records: the bucket notifies others as well, and S3 keeps only one notification configuration for a bucket (got "${value}"). ${OWNED}`;

  test.each<[string, (stack: Stack) => void]>([
    ['addEventNotification() before', (stack) => orderedBy(stack, (bucket) => notify(stack, bucket), undefined)],
    ['addEventNotification() after', (stack) => orderedBy(stack, undefined, (bucket) => notify(stack, bucket))],
    ['enableEventBridgeNotification() after', (stack) => orderedBy(stack, undefined, (bucket) => bucket.enableEventBridgeNotification())],
  ])('%s', (_, make) => {
    const stack = newStack();
    make(stack);
    expect(() => complaintsOf(stack)).toThrow(message('addEventNotification()'));
  });

  test('notificationConfiguration, set on the resource after', () => {
    const stack = newStack();
    const { bucket } = notifyingBucket(stack);
    const rest = { queueConfigurations: [{ event: 's3:ObjectRemoved:*', queue: 'arn:aws:sqs:eu-west-1:111122223333:others' }] };
    (bucket.node.defaultChild as s3.CfnBucket).notificationConfiguration = rest;
    expect(() => complaintsOf(stack)).toThrow(message('notificationConfiguration'));
  });

  test.each<[string, (resource: s3.CfnBucket) => void]>([
    [
      'an override in place of ours',
      (resource) =>
        resource.addPropertyOverride('NotificationConfiguration.QueueConfigurations', [
          { Event: 's3:ObjectRemoved:*', Queue: 'arn:aws:sqs:eu-west-1:111122223333:others' },
        ]),
    ],
    ['an override that takes them away', (resource) => resource.addPropertyDeletionOverride('NotificationConfiguration')],
  ])('%s', (_, override) => {
    const stack = newStack();
    const { bucket } = notifyingBucket(stack);
    override(bucket.node.defaultChild as s3.CfnBucket);
    expect(() => complaintsOf(stack)).toThrow(message('NotificationConfiguration, overridden'));
  });

  function orderedBy(stack: Stack, before: ((bucket: s3.Bucket) => void) | undefined, after: ((bucket: s3.Bucket) => void) | undefined) {
    const bucket = new s3.Bucket(stack, 'Records');
    before?.(bucket);
    new EncryptionEnforcer(stack, 'Enforcer').enforce(bucket, BY_NOTIFICATION);
    after?.(bucket);
  }
});
