import { compared, type Row } from './benchmark';
import { Samples } from './samples';

/** `memorySize` and `BATCH_SIZE` of lib/internal/enforcer-function.ts. */
export const MEMORY_MB = 512;
export const BATCH_SIZE = 10;
/** As much memory brings one processor: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const MEMORY_OF_ONE_CPU_MB = 1_769;
/** What a call waits for: S3's answer, and Lambda's own. Assumed, as in the README. */
export const WAIT_SECONDS = 0.1;
const MILLION = 1e6;

/** List prices of us-east-1 in $, Arm, without free tiers; those of the README's table, where the pages of AWS are linked. */
const PRICES = {
  eventBridgeEvent: 1 / MILLION,
  sqsRequest: 0.4 / MILLION,
  lambdaRequest: 0.2 / MILLION,
  lambdaGigabyteSecond: 13.33 / MILLION,
  s3Head: 0.4 / MILLION,
};

/** What a million compliant objects cost in requests and computing: in full batches, and beside it with a call for each. */
export function costs(cpuSecondsPerObject: (batchSize: number) => number): Row[] {
  const [full, single] = [BATCH_SIZE, 1].map((batchSize) => costOf(batchSize, cpuSecondsPerObject(batchSize)));
  if (full === undefined || single === undefined) return [];
  const row = (name: string, part: (cost: Cost) => number) =>
    compared(`a million objects: ${name}`, '$', new Samples([part(full)]), new Samples([part(single)]));
  return [
    row('EventBridge, events', ({ eventBridge }) => eventBridge),
    row('SQS, requests', ({ sqs }) => sqs),
    row('Lambda, requests', ({ lambdaRequests }) => lambdaRequests),
    row(`Lambda, ${MEMORY_MB} MB for that long`, ({ lambdaDuration }) => lambdaDuration),
    row('S3, HEAD', ({ s3 }) => s3),
    row('in all', (cost) => Object.values(cost).reduce((sum, part) => sum + part, 0)),
  ];
}

interface Cost {
  readonly eventBridge: number;
  readonly sqs: number;
  readonly lambdaRequests: number;
  readonly lambdaDuration: number;
  readonly s3: number;
}

function costOf(batchSize: number, cpuSeconds: number): Cost {
  const calls = MILLION / batchSize;
  const seconds = WAIT_SECONDS + (batchSize * cpuSeconds * MEMORY_OF_ONE_CPU_MB) / MEMORY_MB;
  return {
    eventBridge: MILLION * PRICES.eventBridgeEvent,
    // Sent one by one, received and deleted by batches.
    sqs: (MILLION + 2 * calls) * PRICES.sqsRequest,
    lambdaRequests: calls * PRICES.lambdaRequest,
    lambdaDuration: calls * seconds * (MEMORY_MB / 1024) * PRICES.lambdaGigabyteSecond,
    s3: MILLION * PRICES.s3Head,
  };
}
