import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { METRICS } from '../../lib/domain/contract';
import { RetryableError, ThrottledError } from '../shared/errors';
import { storeUntil } from '../shared/store-until';
import { type EnforcePorts, enforceObject } from './enforce-object';
import type { Outcome } from './outcome';
import { type WrittenObject, writtenObjectsIn } from './parse-event';
import { pinnedVersion } from './pin-version';
import { type ReportPorts, report, waitOf } from './report';
import { backoffSeconds, type QueueName, resend, revived, type SendMessage } from './resend';

/** For the answer to Lambda, which must come before the invocation ends: else the whole batch fails. */
const MARGIN_MILLIS = 5_000;
/** For a large object: to send the message that continues. */
const LARGE_OBJECT_MARGIN_MILLIS = 15_000;

/** Where nothing went on with a large object: S3, or another invocation, is not done yet. */
const IDLE_SECONDS = 10;

export interface BatchPorts extends EnforcePorts, ReportPorts {
  /** Until Lambda ends the invocation. */
  readonly remainingMillis: () => number;
  readonly logError: (message: string, error: unknown, fields: Readonly<Record<string, unknown>>) => void;
  readonly send: SendMessage;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Each message on its own: one that fails, or takes too long, is tried again, whole, and does not fail its neighbours. */
export async function processBatch(event: SQSEvent, ports: BatchPorts): Promise<SQSBatchResponse> {
  const deadline = deadlineIn(ports.remainingMillis() - MARGIN_MILLIS);
  const over = new AbortController();
  const inTime = { ...ports, store: storeUntil(ports.store, over.signal) };
  try {
    const failures = await Promise.all(event.Records.map((record) => failureOf(record, deadline.passed, inTime)));
    return { batchItemFailures: failures.filter((failure) => failure !== undefined) };
  } finally {
    over.abort();
    deadline.clear();
  }
}

/** What is late asks S3 for nothing more; what it has asked for may still be done, beside its repetition: every step is safe to do twice. */
async function failureOf(record: SQSRecord, late: Promise<never>, ports: BatchPorts): Promise<{ itemIdentifier: string } | undefined> {
  try {
    await Promise.race([processMessage(record, ports), late]);
    return undefined;
  } catch (error) {
    ports.logError('message not processed', error, { messageId: record.messageId, receives: record.attributes.ApproximateReceiveCount });
    return { itemIdentifier: record.messageId };
  }
}

async function processMessage({ body, messageId, eventSourceARN, attributes }: SQSRecord, ports: BatchPorts): Promise<void> {
  const objects = writtenObjectsIn(body);
  if (objects.length === 0) ports.log('message without written objects', { messageId });
  const queue = eventSourceARN === ports.config.queues.largeObjectsArn ? 'large-objects' : 'events';
  const millis = Math.max(0, ports.remainingMillis() - LARGE_OBJECT_MARGIN_MILLIS);
  const timeForLargeObjects = queue === 'large-objects' ? AbortSignal.timeout(millis) : undefined;
  const sentAt = new Date(Number(attributes.SentTimestamp));
  for (const object of objects) await processObject(revived(object, sentAt), queue, { ...ports, timeForLargeObjects });
}

/** What is done with a message for now: there is an outcome, or it is sent anew. */
type Step =
  | Outcome
  | { readonly kind: 'throttled'; readonly why: string }
  /** A re-keyed object, and which version of it that was. */
  | { readonly kind: 'pinned'; readonly version: WrittenObject };

async function processObject(object: WrittenObject, queue: QueueName, ports: BatchPorts): Promise<void> {
  const step = await enforceAndReport(object, ports);
  const { bucket, key, resends = 0, throttles = 0 } = object;
  switch (step.kind) {
    case 'throttled': {
      const delaySeconds = backoffSeconds(object, ports.random());
      ports.log('throttled; the message is sent anew', { bucket, key, delaySeconds, why: step.why });
      ports.measure(waitOf(METRICS.throttledAge, object, ports.now()));
      return resend({ ...object, throttles: throttles + 1 }, queue, delaySeconds, ports.send, ports.now());
    }
    case 'unfinished':
      ports.log('quarantine of a large object continues', { bucket, key, resends });
      ports.measure(waitOf(METRICS.unfinishedAge, object, ports.now()));
      return resend({ ...object, throttles: 0 }, 'large-objects', step.progress ? 0 : IDLE_SECONDS, ports.send, ports.now());
    case 'pinned':
      ports.log('encrypted anew; the version is sent to be verified', { bucket, key, versionId: step.version.versionId });
      return resend({ ...step.version, throttles: 0 }, queue, 0, ports.send, ports.now());
  }
}

/** Whoever is asked too often recovers only if fewer ask: what is throttled on the way waits in the queue, not here, and begins anew. */
async function enforceAndReport(object: WrittenObject, ports: BatchPorts): Promise<Step> {
  try {
    const version = await pinnedVersion(object, ports);
    if (version !== undefined) return { kind: 'pinned', version };
    const outcome = await enforceObject(object, ports);
    if (outcome.kind !== 'unfinished') await report(object, outcome, ports);
    return outcome;
  } catch (error) {
    if (error instanceof ThrottledError) return { kind: 'throttled', why: error.message };
    throw error;
  }
}

/** One for all messages of a batch; they have the same time. */
function deadlineIn(millis: number): { readonly passed: Promise<never>; readonly clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_, reject) => {
    const late = () => reject(new RetryableError('no result before the function has to end; the message is tried again'));
    timer = setTimeout(late, Math.max(0, millis));
  });
  return { passed, clear: () => clearTimeout(timer) };
}
