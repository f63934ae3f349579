import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../domain/contract';
import { LATE_MILLIS } from '../domain/late';
import type { EncryptionEnforcer } from '../encryption-enforcer';
import { runbookAlarm } from './runbook-alarm';

const PERIOD = { period: Duration.minutes(5) };
const OLD_MESSAGE = Duration.millis(LATE_MILLIS.queued);
const OLD_LARGE_OBJECT = Duration.millis(LATE_MILLIS.queuedLarge);
const LONG_MOVE = Duration.millis(LATE_MILLIS.unfinished);

/** Whatever keeps an object from being verified, or a violation from being acted on, becomes visible here. */
export function enforcerAlarms(enforcer: EncryptionEnforcer, maxVerificationAge: Duration): cloudwatch.Alarm[] {
  return [...queueAlarms(enforcer), ...functionAlarms(enforcer), ...lateAlarms(enforcer, maxVerificationAge)];
}

function queueAlarms(enforcer: EncryptionEnforcer): cloudwatch.Alarm[] {
  return [
    runbookAlarm(enforcer, 'DeadLettersAlarm', {
      metric: enforcer.deadLetterQueue.metricApproximateNumberOfMessagesVisible(PERIOD),
      threshold: 1,
      meaning: 'Objects could not be verified, and their events lie in the dead-letter queue.',
      section: 'dead-letters',
    }),
    runbookAlarm(enforcer, 'UndeliveredEventsAlarm', {
      metric: enforcer.undeliveredQueue.metricApproximateNumberOfMessagesVisible(PERIOD),
      threshold: 1,
      meaning: 'EventBridge could not deliver S3 events to the queue of the enforcer.',
      section: 'undelivered-events',
    }),
    runbookAlarm(enforcer, 'OldestEventAlarm', {
      metric: enforcer.queue.metricApproximateAgeOfOldestMessage(PERIOD),
      threshold: OLD_MESSAGE.toSeconds(),
      meaning: `Objects have waited ${OLD_MESSAGE.toMinutes()} minutes for their verification.`,
      section: 'oldest-event',
    }),
    runbookAlarm(enforcer, 'OldestLargeObjectAlarm', {
      metric: enforcer.largeObjectQueue.metricApproximateAgeOfOldestMessage(PERIOD),
      threshold: OLD_LARGE_OBJECT.toSeconds(),
      meaning: `Objects over 5 GiB have waited ${OLD_LARGE_OBJECT.toMinutes()} minutes to be moved to quarantine, or to be moved on.`,
      section: 'large-objects',
    }),
  ];
}

function functionAlarms(enforcer: EncryptionEnforcer): cloudwatch.Alarm[] {
  return [
    runbookAlarm(enforcer, 'ErrorsAlarm', {
      metric: enforcer.handler.metricErrors(PERIOD),
      threshold: 1,
      meaning: 'The verifying function failed as a whole.',
      section: 'function-errors',
    }),
    runbookAlarm(enforcer, 'ThrottlesAlarm', {
      metric: enforcer.handler.metricThrottles(PERIOD),
      threshold: 1,
      meaning: 'Lambda refused to run the verifying function for want of concurrency.',
      section: 'function-throttles',
    }),
    runbookAlarm(enforcer, 'ReducedActionsAlarm', {
      metric: enforcer.metricReducedActions(),
      threshold: 1,
      meaning: 'An object failed verification, and less was done about it than is configured.',
      section: 'reduced-actions',
    }),
  ];
}

/** By age, since neither the age of messages nor their number tells how long an object waits: a throttled one is sent anew. */
function lateAlarms(enforcer: EncryptionEnforcer, maxVerificationAge: Duration): cloudwatch.Alarm[] {
  const threshold = maxVerificationAge.toMilliseconds();
  const age = maxVerificationAge.toHumanString();
  return [
    runbookAlarm(enforcer, 'LateVerificationAlarm', {
      // Where few objects are written, that is the latest; where many are, one straggler is left to the alarms above.
      metric: enforcer._metric(METRICS.verificationAge, { ...PERIOD, statistic: 'p99' }),
      threshold,
      meaning: `Objects were verified ${age} or more after they were written.`,
      section: 'late-verification',
    }),
    runbookAlarm(enforcer, 'ThrottledObjectsAlarm', {
      // As long as the longest delay, so that a message that waits for its next try is not forgotten.
      metric: enforcer._metric(METRICS.throttledAge, { period: Duration.minutes(15), statistic: 'Maximum' }),
      threshold,
      meaning: `Objects wait for their verification since ${age} or more, because S3, KMS or SSM throttle.`,
      section: 'throttled-objects',
    }),
    runbookAlarm(enforcer, 'UnfinishedObjectsAlarm', {
      metric: enforcer._metric(METRICS.unfinishedAge, { period: Duration.minutes(15), statistic: 'Maximum' }),
      threshold: LONG_MOVE.toMilliseconds(),
      meaning: `Objects over 5 GiB were written ${LONG_MOVE.toHumanString()} ago or earlier, and their move to quarantine still goes on.`,
      section: 'unfinished-objects',
    }),
  ];
}
