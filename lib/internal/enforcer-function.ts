import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../domain/contract';
import { runningBundle } from './bundled-function';
import type { EventQueue } from './event-queue';
import type { QuarantineBucket } from './quarantine-bucket';

/** Long enough to copy an object of 5 GB, the most that S3 copies in one request. */
const FUNCTION_TIMEOUT = Duration.minutes(2);
/** Six times as long: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
export const VISIBILITY_TIMEOUT = Duration.seconds(6 * FUNCTION_TIMEOUT.toSeconds());

const BATCH_SIZE = 10;
/** Each copies up to eight parts at once. */
const LARGE_OBJECTS_AT_ONCE = 5;

export interface EnforcerFunctionProps {
  readonly enforcerName: string;
  readonly role: iam.Role;
  readonly rulePrefix: string;
  readonly quarantine: QuarantineBucket;
  readonly queues: EventQueue;
  readonly maxConcurrency: number;
  readonly removalPolicy: RemovalPolicy;
}

/** The verifying function, behind its queue. */
export class EnforcerFunction extends Construct {
  readonly handler: lambda.Function;
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: EnforcerFunctionProps) {
    super(scope, id);
    this.logGroup = new logs.LogGroup(this, 'Logs', { retention: logs.RetentionDays.ONE_YEAR, removalPolicy: props.removalPolicy });
    this.handler = new lambda.Function(this, 'Handler', {
      description: 'Verifies the encryption of new S3 objects and acts on those that fail',
      ...runningBundle('encryption-enforcer'),
      memorySize: 512,
      timeout: FUNCTION_TIMEOUT,
      role: props.role,
      logGroup: this.logGroup,
      // The function sends messages to its own queues; Lambda would take that for a loop, and stop it after about 16 rounds:
      // https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html. Each message is given up after three days.
      recursiveLoop: lambda.RecursiveLoop.ALLOW,
      environment: {
        [ENVIRONMENT.enforcerName]: props.enforcerName,
        [ENVIRONMENT.rulePrefix]: props.rulePrefix,
        [ENVIRONMENT.quarantineBucket]: props.quarantine.bucket.bucketName,
        [ENVIRONMENT.quarantineKeyArn]: props.quarantine.key.keyArn,
        [ENVIRONMENT.eventQueueUrl]: props.queues.queue.queueUrl,
        [ENVIRONMENT.largeObjectQueueUrl]: props.queues.largeObjectQueue.queueUrl,
        [ENVIRONMENT.largeObjectQueueArn]: props.queues.largeObjectQueue.queueArn,
      },
    });
    this.receiveFrom(props.queues.queue, BATCH_SIZE, props.maxConcurrency);
    this.receiveFrom(props.queues.largeObjectQueue, 1, LARGE_OBJECTS_AT_ONCE);
  }

  private receiveFrom(queue: sqs.IQueue, batchSize: number, maxConcurrency: number): void {
    this.handler.addEventSource(new SqsEventSource(queue, { batchSize, maxConcurrency, reportBatchItemFailures: true }));
  }
}
