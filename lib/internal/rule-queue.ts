import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** EventBridge writes to it, no queue does. */
const DEAD_LETTERS_OF_NO_QUEUE = { redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.DENY_ALL } };

/** A queue for events: they name things, and hold no content. */
export function eventsQueue(scope: Construct, id: string, props: sqs.QueueProps = {}): sqs.Queue {
  return new sqs.Queue(scope, id, {
    // A KMS key would need a policy that lets EventBridge in.
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    ...props,
  });
}

/** Keeps the events that rules with names `<prefix>…` could not deliver. */
export function undeliveredQueue(scope: Construct, id: string, ruleNamePrefix: string): sqs.Queue {
  const queue = eventsQueue(scope, id, DEAD_LETTERS_OF_NO_QUEUE);
  allowRules(queue, ruleNamePrefix);
  return queue;
}

/** One statement for all rules with such names, present and future. */
export function allowRules(queue: sqs.Queue, ruleNamePrefix: string): void {
  const rules = Stack.of(queue).formatArn({ service: 'events', resource: 'rule', resourceName: `${ruleNamePrefix}*` });
  queue.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AllowEnforcerRules',
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnLike: { 'aws:SourceArn': rules } },
    }),
  );
}
