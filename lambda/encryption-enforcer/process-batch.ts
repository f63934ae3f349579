import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { RetryableError, ThrottledError } from '../shared/errors';
import { type EnforcePorts, enforceObject } from './enforce-object';
import type { Outcome } from './outcome';
import { type WrittenObject, writtenObjectsIn } from './parse-event';
import { pinnedVersion } from './pin-version';
import { type ReportPorts, report } from './report';
import { backoffSeconds, resend, type SendMessage } from './resend';

/** For the answer to Lambda, which must come before the invocation ends: else the whole batch fails. */
const MARGIN_MILLIS = 5_000;
/** For a large object: to send the message that continues. */
const LARGE_OBJECT_MARGIN_MILLIS = 15_000;

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
  try {
    const failures = await Promise.all(event.Records.map((record) => failureOf(record, deadline.passed, ports)));
    return { batchItemFailures: failures.filter((failure) => failure !== undefined) };
  } finally {
    deadline.clear();
  }
}

/** What is late may still finish in a later invocation, beside its repetition: every step is safe to do twice. */
async function failureOf(record: SQSRecord, late: Promise<never>, ports: BatchPorts): Promise<{ itemIdentifier: string } | undefined> {
  try {
    await Promise.race([processMessage(record, ports), late]);
    return undefined;
  } catch (error) {
    ports.logError('message not processed', error, { messageId: record.messageId, receives: record.attributes.ApproximateReceiveCount });
    return { itemIdentifier: record.messageId };
  }
}

async function processMessage({ body, messageId, eventSourceARN }: SQSRecord, ports: BatchPorts): Promise<void> {
  const objects = writtenObjectsIn(body);
  if (objects.length === 0) ports.log('message without written objects', { messageId });
  const isLarge = eventSourceARN === ports.config.queues.largeObjectsArn;
  const timeForLargeObjects = isLarge ? AbortSignal.timeout(Math.max(0, ports.remainingMillis() - LARGE_OBJECT_MARGIN_MILLIS)) : undefined;
  for (const object of objects) await processObject(object, { ...ports, timeForLargeObjects });
}

async function processObject(object: WrittenObject, ports: BatchPorts): Promise<void> {
  const outcome = await outcomeUnlessSentAnew(object, ports);
  if (outcome === 'sent anew') return;
  if (outcome.kind !== 'unfinished') return report(object, outcome, ports);
  ports.log('quarantine of a large object continues', { bucket: object.bucket, key: object.key, resends: object.resends ?? 0 });
  await resend(object, 'large-objects', 0, ports.send, ports.now());
}

/** What is throttled waits in the queue, not here: whoever is asked too often recovers only if fewer ask. */
async function outcomeUnlessSentAnew(object: WrittenObject, ports: BatchPorts): Promise<Outcome | 'sent anew'> {
  try {
    const pinned = await pinnedVersion(object, ports.store);
    if (pinned === undefined) return await enforceObject(object, ports);
    ports.log('encrypted anew; the version is sent to be verified', {
      bucket: pinned.bucket,
      key: pinned.key,
      versionId: pinned.versionId,
    });
    await resend(pinned, 'events', 0, ports.send, ports.now());
    return 'sent anew';
  } catch (error) {
    if (!(error instanceof ThrottledError)) throw error;
    const delaySeconds = backoffSeconds(object, ports.random());
    ports.log('throttled; the message is sent anew', { bucket: object.bucket, key: object.key, delaySeconds, why: error.message });
    await resend(object, ports.timeForLargeObjects === undefined ? 'events' : 'large-objects', delaySeconds, ports.send, ports.now());
    return 'sent anew';
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
