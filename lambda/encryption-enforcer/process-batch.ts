import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { RetryableError } from '../shared/errors';
import { type EnforcePorts, enforceObject } from './enforce-object';
import { writtenObjectsIn } from './parse-event';
import { type ReportPorts, report } from './report';

/** For the answer to Lambda, which must come before the invocation ends: else the whole batch fails. */
const MARGIN_MILLIS = 5_000;

export interface BatchPorts extends EnforcePorts, ReportPorts {
  /** Until Lambda ends the invocation. */
  readonly remainingMillis: () => number;
  readonly logError: (message: string, error: unknown, fields: Readonly<Record<string, unknown>>) => void;
}

/** Each message on its own: one that fails, or takes too long, is tried again, whole, and does not fail its neighbours. */
export async function processBatch(event: SQSEvent, ports: BatchPorts): Promise<SQSBatchResponse> {
  const failures = await Promise.all(event.Records.map((record) => failureOf(record, ports)));
  return { batchItemFailures: failures.filter((failure) => failure !== undefined) };
}

async function failureOf(record: SQSRecord, ports: BatchPorts): Promise<{ itemIdentifier: string } | undefined> {
  try {
    await withinTime(processMessage(record, ports), ports.remainingMillis() - MARGIN_MILLIS);
    return undefined;
  } catch (error) {
    ports.logError('message not processed', error, { messageId: record.messageId, receives: record.attributes.ApproximateReceiveCount });
    return { itemIdentifier: record.messageId };
  }
}

async function processMessage({ body, messageId }: SQSRecord, ports: BatchPorts): Promise<void> {
  const objects = writtenObjectsIn(body);
  if (objects.length === 0) ports.log('message without written objects', { messageId });
  for (const object of objects) {
    await report(object, await enforceObject(object, ports), ports);
  }
}

/** What is late may still finish in a later invocation, beside its repetition: every step is safe to do twice. */
async function withinTime(work: Promise<void>, millis: number): Promise<void> {
  const late = new RetryableError('no result before the function has to end; the message is tried again');
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), Math.max(0, millis));
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
