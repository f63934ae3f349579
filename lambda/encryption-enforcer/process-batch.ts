import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type EnforcePorts, enforceObject } from './enforce-object';
import { writtenObjectsIn } from './parse-event';
import { type ReportPorts, report } from './report';

export interface BatchPorts extends EnforcePorts, ReportPorts {
  readonly logError: (message: string, error: unknown, fields: Readonly<Record<string, unknown>>) => void;
}

/** Each message on its own: one that fails is tried again, whole, and does not fail its neighbours. */
export async function processBatch(event: SQSEvent, ports: BatchPorts): Promise<SQSBatchResponse> {
  const failures = await Promise.all(event.Records.map((record) => failureOf(record, ports)));
  return { batchItemFailures: failures.filter((failure) => failure !== undefined) };
}

async function failureOf(record: SQSRecord, ports: BatchPorts): Promise<{ itemIdentifier: string } | undefined> {
  try {
    await processMessage(record.body, ports);
    return undefined;
  } catch (error) {
    ports.logError('message not processed', error, { messageId: record.messageId, receives: record.attributes.ApproximateReceiveCount });
    return { itemIdentifier: record.messageId };
  }
}

async function processMessage(body: string, ports: BatchPorts): Promise<void> {
  for (const object of writtenObjectsIn(body)) {
    await report(object, await enforceObject(object, ports), ports);
  }
}
