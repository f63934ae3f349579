import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FINDINGS_ENVIRONMENT } from '../domain/contract';
import { bundledFunction } from './bundled-function';
import { allowRules, eventsQueue } from './rule-queue';
import { runbookAlarm, runbookLink } from './runbook-alarm';

export interface SecurityHubFindingsProps {
  /** Rules with such names may send. */
  readonly ruleNamePrefix: string;
  readonly removalPolicy: RemovalPolicy;
}

/** One call takes so many: https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html */
const FINDINGS_OF_A_CALL = 100;
/** Security Hub takes ten calls a second of an account, whoever makes them, so many violations share one. */
const GATHER = Duration.seconds(30);
/** One call, and its repetitions. */
const TIMEOUT = Duration.seconds(45);
/** About an hour, with the visibility timeout: long enough for a Security Hub that throttles. */
const TRIES = 10;

/** Makes findings of AWS Security Hub CSPM from events of violations: queue → function → BatchImportFindings. */
export class SecurityHubFindings extends Construct {
  readonly queue: sqs.Queue;
  /** Events of which Security Hub takes no finding. */
  readonly deadLetterQueue: sqs.Queue;
  readonly handler: lambda.Function;
  readonly logGroup: logs.ILogGroup;
  readonly alarm: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, { ruleNamePrefix, removalPolicy }: SecurityHubFindingsProps) {
    super(scope, id);
    // Only the queue beside it would be exact, but two queues cannot name each other in one template.
    this.deadLetterQueue = eventsQueue(this, 'DeadLetters', {
      redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.ALLOW_ALL },
    });
    this.queue = eventsQueue(this, 'Queue', {
      // Six times the function's timeout, and the time to gather: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds() + GATHER.toSeconds()),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: TRIES },
    });
    allowRules(this.queue, ruleNamePrefix);
    const { handler, logGroup } = this.createFunction(removalPolicy);
    this.receiveFindings(handler);
    this.handler = handler;
    this.logGroup = logGroup;
    this.alarm = runbookAlarm(this, 'DeadLettersAlarm', {
      metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
      threshold: 1,
      meaning: 'Security Hub did not take findings of violations, and their events lie in a dead-letter queue.',
      section: 'findings-not-taken',
    });
  }

  private createFunction(removalPolicy: RemovalPolicy) {
    const stack = Stack.of(this);
    // Findings of an account's own making: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-custom-providers.html
    const productArn = stack.formatArn({ service: 'securityhub', resource: 'product', resourceName: `${stack.account}/default` });
    return bundledFunction(this, {
      bundle: 'security-hub-findings',
      description: 'Makes findings of AWS Security Hub CSPM from violations that an encryption enforcer announces',
      timeout: TIMEOUT,
      removalPolicy,
      statements: [
        new iam.PolicyStatement({ sid: 'ImportFindings', actions: ['securityhub:BatchImportFindings'], resources: [productArn] }),
      ],
      environment: {
        [FINDINGS_ENVIRONMENT.productArn]: productArn,
        [FINDINGS_ENVIRONMENT.runbookUrl]: runbookLink('a-violation-was-told'),
      },
    });
  }

  private receiveFindings(handler: lambda.Function): void {
    handler.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: FINDINGS_OF_A_CALL,
        maxBatchingWindow: GATHER,
        // The least that there is.
        maxConcurrency: 2,
        reportBatchItemFailures: true,
      }),
    );
  }
}
