import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { EventQueue } from './event-queue';
import { runbookAlarm } from './runbook-alarm';

const PERIOD = { period: Duration.minutes(5) };
/** Older than one round of retries: something does not keep up, or keeps failing. */
const OLD_MESSAGE = Duration.minutes(15);
/** Each is short; that one waits means that others take all of the few places. */
const OLD_LARGE_OBJECT = Duration.hours(1);

/** Whatever keeps an object from being verified, or a violation from being acted on, becomes visible here. */
export function enforcerAlarms(
  scope: Construct,
  queues: EventQueue,
  handler: lambda.IFunction,
  reducedActions: cloudwatch.IMetric,
): cloudwatch.Alarm[] {
  return [
    runbookAlarm(scope, 'DeadLettersAlarm', {
      metric: queues.deadLetterQueue.metricApproximateNumberOfMessagesVisible(PERIOD),
      threshold: 1,
      meaning: 'Objects could not be verified, and their events lie in the dead-letter queue.',
      section: 'dead-letters',
    }),
    runbookAlarm(scope, 'UndeliveredEventsAlarm', {
      metric: queues.undeliveredQueue.metricApproximateNumberOfMessagesVisible(PERIOD),
      threshold: 1,
      meaning: 'EventBridge could not deliver S3 events to the queue of the enforcer.',
      section: 'undelivered-events',
    }),
    runbookAlarm(scope, 'OldestEventAlarm', {
      metric: queues.queue.metricApproximateAgeOfOldestMessage(PERIOD),
      threshold: OLD_MESSAGE.toSeconds(),
      meaning: `Objects have waited ${OLD_MESSAGE.toMinutes()} minutes for their verification.`,
      section: 'oldest-event',
    }),
    runbookAlarm(scope, 'OldestLargeObjectAlarm', {
      metric: queues.largeObjectQueue.metricApproximateAgeOfOldestMessage(PERIOD),
      threshold: OLD_LARGE_OBJECT.toSeconds(),
      meaning: `Objects over 5 GiB have waited ${OLD_LARGE_OBJECT.toMinutes()} minutes to be moved to quarantine, or to be moved on.`,
      section: 'large-objects',
    }),
    runbookAlarm(scope, 'ErrorsAlarm', {
      metric: handler.metricErrors(PERIOD),
      threshold: 1,
      meaning: 'The verifying function failed as a whole.',
      section: 'function-errors',
    }),
    runbookAlarm(scope, 'ThrottlesAlarm', {
      metric: handler.metricThrottles(PERIOD),
      threshold: 1,
      meaning: 'Lambda refused to run the verifying function for want of concurrency.',
      section: 'function-throttles',
    }),
    runbookAlarm(scope, 'ReducedActionsAlarm', {
      metric: reducedActions,
      threshold: 1,
      meaning: 'An object failed verification, and less was done about it than is configured.',
      section: 'reduced-actions',
    }),
  ];
}
