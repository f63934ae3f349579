import { type CfnResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { cfnBucketOf, notificationsOf } from './cfn-bucket';
import { faultMessage, requireValid } from './require-valid';
import { templateProperties } from './template-properties';

/**
 * Makes S3 send the bucket's events straight into the queue, by the native property.
 *
 * @throws Error where the notifications of the bucket belong to somebody else: S3 keeps one configuration, and the last writer wins
 */
export function sendEventsToQueue(bucket: s3.IBucket, queue: sqs.Queue): void {
  const cfnBucket = cfnBucketOf(bucket);
  requireValid(queue, cfnBucket !== undefined, {
    what: 'the notifications of an imported bucket belong to its owner, and cannot be sent to the queue of an enforcer from here',
    value: bucket.node.path,
    remedy: 'Use EventSource.EVENT_BRIDGE.',
  });
  const target = cfnBucket as s3.CfnBucket;
  requireValid(bucket, Stack.of(bucket) === Stack.of(queue), {
    what: 'a bucket that notifies a queue waits for it, so both have to be in one stack: the enforcer in turn waits for its buckets',
    value: Stack.of(queue).stackName,
    remedy: 'Make an enforcer in the stack of the bucket, or use EventSource.EVENT_BRIDGE.',
  });
  requireValid(bucket, !hasNativeNotifications(target), ownedByOthers('notificationConfiguration'));
  const toQueue = [{ Event: 's3:ObjectCreated:*', Queue: queue.queueArn }];
  target.addPropertyOverride('NotificationConfiguration.QueueConfigurations', toQueue);
  // Whatever comes later.
  target.node.addValidation({
    validate: () => [
      ...(hasNativeNotifications(target) ? [faultMessage(bucket, ownedByOthers('notificationConfiguration'))] : []),
      ...(notificationsOf(target) === undefined ? [] : [faultMessage(bucket, ownedByOthers('addEventNotification()'))]),
      ...(hasNativeNotifications(target) || isOnlyNotification(target, toQueue)
        ? []
        : [faultMessage(bucket, ownedByOthers('NotificationConfiguration, overridden'))]),
    ],
  });
  // S3 tries the queue when the bucket is made.
  target.addResourceDependency(allowBuckets(queue));
}

function ownedByOthers(value: string) {
  return {
    what: 'the bucket notifies others as well, and S3 keeps only one notification configuration for a bucket',
    value,
    remedy: 'Use EventSource.EVENT_BRIDGE, which leaves the notifications of the bucket alone.',
  };
}

function hasNativeNotifications(bucket: s3.CfnBucket): boolean {
  return bucket.notificationConfiguration !== undefined;
}

/** An override on the resource, by an escape hatch or an aspect, can take ours away without a word. */
function isOnlyNotification(bucket: s3.CfnBucket, toQueue: readonly object[]): boolean {
  const expected = Stack.of(bucket).resolve({ QueueConfigurations: toQueue });
  return JSON.stringify(templateProperties(bucket)['NotificationConfiguration']) === JSON.stringify(expected);
}

/** One statement for all buckets of the account, however often it is added: the policy of a queue cannot name buckets that wait for it. */
function allowBuckets(queue: sqs.Queue): CfnResource {
  const stack = Stack.of(queue);
  queue.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AllowBucketsOfThisAccount',
      principals: [new iam.ServicePrincipal('s3.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 's3', account: '', region: '', resource: '*' }) },
      },
    }),
  );
  return queue.node.findChild('Policy').node.defaultChild as CfnResource;
}
