import type { Duration } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { rekeyPattern } from '../domain/event-pattern';
import { GrowingRules } from './growing-rules';
import { allowRules, eventsQueue, undeliveredQueue } from './rule-queue';

export interface EventQueueProps {
  /** Rules with names `<prefix>-…` may send. */
  readonly ruleNamePrefix: string;
  readonly visibilityTimeout: Duration;
  readonly maxReceiveCount: number;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const LONGEST_BUCKET_NAME = 63;

/** Only the enforcer's queue would be exact, but the two queues cannot name each other in one template. */
const DEAD_LETTERS_OF_ANY_QUEUE = { redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.ALLOW_ALL } };

/** The way of S3 and CloudTrail events from EventBridge to the function, with a place for what cannot be delivered or verified. */
export class EventQueue extends Construct {
  readonly queue: sqs.Queue;
  /** Messages that failed too often. */
  readonly deadLetterQueue: sqs.Queue;
  /** Large objects on their way to quarantine, each in an invocation of its own. Only the function sends to it. */
  readonly largeObjectQueue: sqs.Queue;
  /** Events that EventBridge could not put into the queue. */
  readonly undeliveredQueue: sqs.Queue;
  private readonly rekeyRules: GrowingRules;

  constructor(scope: Construct, id: string, props: EventQueueProps) {
    super(scope, id);
    this.deadLetterQueue = eventsQueue(this, 'DeadLetters', DEAD_LETTERS_OF_ANY_QUEUE);
    this.undeliveredQueue = undeliveredQueue(this, 'Undelivered', `${props.ruleNamePrefix}-`);
    const { visibilityTimeout, maxReceiveCount } = props;
    const deadLetterQueue = { queue: this.deadLetterQueue, maxReceiveCount };
    this.queue = eventsQueue(this, 'Queue', { visibilityTimeout, deadLetterQueue });
    this.largeObjectQueue = eventsQueue(this, 'LargeObjects', { visibilityTimeout, deadLetterQueue });
    allowRules(this.queue, `${props.ruleNamePrefix}-`);
    this.rekeyRules = new GrowingRules(this, 'Rekeys', {
      ruleName: `${props.ruleNamePrefix}-rekeys`,
      description: 'Objects of guarded buckets that were encrypted anew in place, to their encryption enforcer',
      pattern: rekeyPattern,
      longest: LONGEST_BUCKET_NAME,
      target: this.targetProperties(),
    });
  }

  /**
   * The queue as target of a rule. Not `targets.SqsQueue`: that adds a policy statement for each rule, and a queue
   * policy takes 20 (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html).
   */
  asTarget(): events.IRuleTarget {
    return { bind: () => this.targetProperties() };
  }

  /**
   * Have the data events of UpdateObjectEncryption verified as well; S3 sends no event of its own. They come only where a trail records them:
   * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
   */
  receiveRekeysOf(bucketName: string): void {
    this.rekeyRules.add(bucketName);
  }

  get all(): readonly sqs.Queue[] {
    return [this.queue, this.deadLetterQueue, this.largeObjectQueue, this.undeliveredQueue];
  }

  private targetProperties() {
    return { arn: this.queue.queueArn, deadLetterConfig: { arn: this.undeliveredQueue.queueArn } };
  }
}
