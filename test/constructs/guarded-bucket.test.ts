import { type App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { EncryptedBucket, EncryptionEnforcer, EnforcementAction, ObjectEncryption } from '../../lib';
import {
  bucketResource,
  complaintsOf,
  ENV,
  FLAG_SETS,
  importedBucket,
  newObjectRules,
  newStack,
  onlyNewObjectRule,
  onlyResourceOf,
  policiesOf,
  resourceOf,
  resourcesOf,
  type StackOptions,
} from '../support/stacks';

const REPORT_ON_SSE_S3 = { encryption: ObjectEncryption.sseS3(), action: EnforcementAction.REPORT };
const EVENTS_ON = { EventBridgeConfiguration: { EventBridgeEnabled: true } };

function enforce(stack: Stack, bucket: s3.IBucket): void {
  new EncryptionEnforcer(stack, 'Enforcer').enforce(bucket, REPORT_ON_SSE_S3);
}

function notify(stack: Stack, bucket: s3.IBucket): void {
  const queue = new sqs.Queue(stack, 'Indexer');
  bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new SqsDestination(queue));
}

describe('an enforced bucket of the app', () => {
  test('is told to send its events, and is not changed otherwise', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Records');
    enforce(stack, bucket);
    expect(bucketResource(stack, bucket).Properties).toEqual({ NotificationConfiguration: EVENTS_ON });
    expect(policiesOf(stack, bucket)).toEqual([]);
  });

  test('may be a CloudFormation resource', () => {
    const stack = newStack();
    const bucket = new s3.CfnBucket(stack, 'Records');
    enforce(stack, s3.Bucket.fromCfnBucket(bucket));
    expect(resourceOf(stack, bucket).Properties.NotificationConfiguration).toEqual(EVENTS_ON);
    expect(onlyNewObjectRule(stack).Properties.EventPattern.detail.bucket.name).toEqual([{ Ref: 'Records' }]);
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('keeps the notifications that its resource has natively', () => {
    const stack = newStack();
    const queueArn = new sqs.Queue(stack, 'Indexer').queueArn;
    const notificationConfiguration = { queueConfigurations: [{ event: 's3:ObjectRemoved:*', queue: queueArn }] };
    const bucket = new s3.CfnBucket(stack, 'Records', { notificationConfiguration });
    enforce(stack, s3.Bucket.fromCfnBucket(bucket));
    expect(resourceOf(stack, bucket).Properties.NotificationConfiguration).toEqual({
      ...EVENTS_ON,
      QueueConfigurations: [{ Event: 's3:ObjectRemoved:*', Queue: stack.resolve(queueArn) }],
    });
  });

  test.each(FLAG_SETS)('with eventBridgeEnabled: true keeps the custom resource, and that alone, under %s', (_, flags) => {
    const stack = newStack({ flags });
    const bucket = new s3.Bucket(stack, 'Records', { eventBridgeEnabled: true });
    enforce(stack, bucket);
    expect(bucketResource(stack, bucket).Properties?.NotificationConfiguration).toBeUndefined();
    expect(onlyResourceOf(stack, 'Custom::S3BucketNotifications').Properties.NotificationConfiguration).toEqual({
      EventBridgeConfiguration: {},
    });
    expect(complaintsOf(stack)).toEqual([]);
  });
});

test.each<[string, (resource: s3.CfnBucket) => void]>([
  [
    'another notification configuration',
    (resource) => resource.addPropertyOverride('NotificationConfiguration', { TopicConfigurations: [] }),
  ],
  ['none at all', (resource) => resource.addPropertyDeletionOverride('NotificationConfiguration')],
  [
    'a switch that says no',
    (resource) => resource.addPropertyOverride('NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled', false),
  ],
])('an override that would switch the events off is refused at synthesis: %s', (_, override) => {
  const stack = newStack();
  const bucket = new s3.Bucket(stack, 'Records');
  enforce(stack, bucket);
  override(bucket.node.defaultChild as s3.CfnBucket);
  expect(() => complaintsOf(stack)).toThrow('Data/Records: the bucket is verified through EventBridge, and an override');
});

describe('a custom resource that would switch the events off', () => {
  const message =
    /Data\/Records: the bucket is verified through EventBridge and also has addEventNotification\(\).*enableEventBridgeNotification\(\)/;

  test.each<[string, (stack: Stack, bucket: s3.Bucket) => void]>([
    ['addEventNotification() before enforce()', (stack, bucket) => [notify(stack, bucket), enforce(stack, bucket)]],
    ['addEventNotification() after enforce()', (stack, bucket) => [enforce(stack, bucket), notify(stack, bucket)]],
  ])('fails the synthesis: %s', (_, make) => {
    const stack = newStack();
    make(stack, new s3.Bucket(stack, 'Records'));
    expect(() => complaintsOf(stack)).toThrow(message);
  });

  test('fails the synthesis on an EncryptedBucket', () => {
    const stack = newStack();
    notify(stack, new EncryptedBucket(stack, 'Records').bucket);
    expect(() => complaintsOf(stack)).toThrow(/Data\/Records\/Bucket: the bucket is verified through EventBridge/);
  });

  test('fails the synthesis, also where the bucket was enforced through Bucket.fromCfnBucket()', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Records');
    enforce(stack, s3.Bucket.fromCfnBucket(bucket.node.defaultChild as s3.CfnBucket));
    notify(stack, bucket);
    expect(() => complaintsOf(stack)).toThrow(/the bucket is verified through EventBridge/);
  });

  test.each<[string, (stack: Stack, bucket: s3.Bucket) => void]>([
    ['before enforce()', (stack, bucket) => [bucket.enableEventBridgeNotification(), enforce(stack, bucket)]],
    ['after enforce()', (stack, bucket) => [enforce(stack, bucket), bucket.enableEventBridgeNotification()]],
  ])('is fine where it switches EventBridge on as well, %s', (_, make) => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Records');
    notify(stack, bucket);
    make(stack, bucket);
    expect(complaintsOf(stack)).toEqual([]);
    expect(onlyResourceOf(stack, 'Custom::S3BucketNotifications').Properties.NotificationConfiguration).toMatchObject({
      EventBridgeConfiguration: {},
      QueueConfigurations: [expect.anything()],
    });
  });
});

describe('an enforced bucket of others', () => {
  test('brings a warning that its owner must switch EventBridge on', () => {
    const stack = newStack();
    enforce(stack, s3.Bucket.fromBucketName(stack, 'Imported', 'records-111122223333'));
    Annotations.fromStack(stack).hasWarning(
      '/Data/Imported',
      Match.stringLikeRegexp(
        '^Data/Imported: an imported bucket.*owner has switched EventBridge on.*\\[ack: cdk-s3-encryption-guard:EventBridgeOfImportedBucket\\]$',
      ),
    );
  });

  test('is verified without a complaint once the warning is acknowledged', () => {
    const stack = newStack();
    enforce(stack, importedBucket(stack, 'Imported', 'records-111122223333'));
    expect(complaintsOf(stack)).toEqual([]);
    expect(onlyNewObjectRule(stack).Properties.EventPattern.detail.bucket.name).toEqual(['records-111122223333']);
    expect(resourcesOf(stack, 'Custom::S3BucketNotifications')).toEqual([]);
  });
});

describe('an enforced bucket of another stack', () => {
  // CDK asks everyone with references between stacks to choose their strength.
  const strength = (chosen: string) => ({ '@aws-cdk/core:defaultCrossStackReferences': chosen });

  test.each<[string, StackOptions]>([
    ['by strong references', { flags: strength('strong') }],
    ['by weak references', { flags: recommendedFlags }],
    ['in stacks without an environment', { flags: strength('strong'), env: {} }],
  ])('is verified by this one, which depends on it, %s', (_, options) => {
    const stack = newStack(options);
    const other = new Stack(stack.node.root as App, 'Other', { env: options.env ?? ENV });
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    const { bucket } = new EncryptedBucket(other, 'Records', { enforcer });
    expect(bucketResource(other, bucket).Properties.NotificationConfiguration).toEqual(EVENTS_ON);
    expect(newObjectRules(stack)).toHaveLength(1);
    expect(resourcesOf(stack, 'AWS::SSM::Parameter')).toHaveLength(1);
    expect(resourcesOf(other, 'AWS::Events::Rule')).toEqual([]);
    expect([stack.dependencies, other.dependencies]).toEqual([[other], []]);
    expect([...complaintsOf(stack), ...complaintsOf(other)]).toEqual([]);
  });

  test.each([
    ['account', { ...ENV, account: '444455556666' }],
    ['Region', { ...ENV, region: 'us-east-1' }],
  ])('in another %s is refused', (what, env) => {
    const stack = newStack();
    const other = new Stack(stack.node.root as App, 'Other', { env });
    expect(() => enforce(stack, new s3.Bucket(other, 'Records'))).toThrow(
      new RegExp(`^Data/Enforcer: the bucket Other/Records is in another ${what} than its enforcer`),
    );
  });
});
