import { Duration, Stack } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface EventQueueProps {
  /** Rules with names `<prefix>-…` may send. */
  readonly ruleNamePrefix: string;
  readonly visibilityTimeout: Duration;
  readonly maxReceiveCount: number;
}

/** Only the enforcer's queue would be exact, but the two queues cannot name each other in one template. */
const DEAD_LETTERS_OF_ANY_QUEUE = { redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.ALLOW_ALL } };
/** EventBridge writes to it, no queue does. */
const DEAD_LETTERS_OF_NO_QUEUE = { redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.DENY_ALL } };

/** The way of S3 events from EventBridge to the function, with a place for what cannot be delivered or verified. */
export class EventQueue extends Construct {
  readonly queue: sqs.Queue;
  /** Messages that failed too often. */
  readonly deadLetterQueue: sqs.Queue;
  /** Large objects on their way to quarantine, each in an invocation of its own. Only the function sends to it. */
  readonly largeObjectQueue: sqs.Queue;
  /** Events that EventBridge could not put into the queue. */
  readonly undeliveredQueue: sqs.Queue;

  constructor(scope: Construct, id: string, props: EventQueueProps) {
    super(scope, id);
    this.deadLetterQueue = this.createQueue('DeadLetters', DEAD_LETTERS_OF_ANY_QUEUE);
    this.undeliveredQueue = this.createQueue('Undelivered', DEAD_LETTERS_OF_NO_QUEUE);
    const { visibilityTimeout, maxReceiveCount } = props;
    const deadLetterQueue = { queue: this.deadLetterQueue, maxReceiveCount };
    this.queue = this.createQueue('Queue', { visibilityTimeout, deadLetterQueue });
    this.largeObjectQueue = this.createQueue('LargeObjects', { visibilityTimeout, deadLetterQueue });
    for (const queue of [this.queue, this.undeliveredQueue]) allowRules(queue, props.ruleNamePrefix);
  }

  /**
   * The queue as target of a rule. Not `targets.SqsQueue`: that adds a policy statement for each rule, and a queue
   * policy takes 20 (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html).
   */
  asTarget(): events.IRuleTarget {
    const [arn, deadLetterArn] = [this.queue.queueArn, this.undeliveredQueue.queueArn];
    return { bind: () => ({ arn, deadLetterConfig: { arn: deadLetterArn } }) };
  }

  private createQueue(id: string, props: sqs.QueueProps = {}): sqs.Queue {
    return new sqs.Queue(this, id, {
      // Messages name objects, they do not hold them; a KMS key would need a policy that lets EventBridge in.
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      ...props,
    });
  }
}

/** One statement for all rules of the enforcer, present and future. */
function allowRules(queue: sqs.Queue, ruleNamePrefix: string): void {
  const rules = Stack.of(queue).formatArn({ service: 'events', resource: 'rule', resourceName: `${ruleNamePrefix}-*` });
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
