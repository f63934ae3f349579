import type { Measured } from './digest-endpoint';

/** One object, and what became of it. */
export interface DigestedObject {
  readonly enforcer: string;
  readonly bucket: string;
  readonly at: number;
  readonly ageMillis: number;
  /** Names of metrics that count it, as lib/domain/contract.ts has them. */
  readonly metrics: readonly string[];
}

/** As the lines of the function tell CloudWatch: of the enforcer, and of the enforcer and the bucket. */
export function measuredFrom(objects: readonly DigestedObject[]): Measured[] {
  return objects.flatMap(({ enforcer, bucket, at, ageMillis, metrics }) => {
    const values: [metric: string, value: number][] = [
      ...metrics.map((metric): [string, number] => [metric, 1]),
      ['VerificationAge', ageMillis],
    ];
    const sets: Measured['dimensions'][] = [{ service: enforcer }, { service: enforcer, Bucket: bucket }];
    return sets.flatMap((dimensions) =>
      values.map(([metric, value]) => ({ at, namespace: 'S3EncryptionGuard', metric, dimensions, value })),
    );
  });
}

export const canaryWas = (enforcer: string, at: number, caught: boolean): Measured => ({
  at,
  namespace: 'S3EncryptionGuard',
  metric: 'CanaryCaught',
  dimensions: { service: enforcer },
  value: caught ? 1 : 0,
});

export const waitingIn = (queue: string, at: number, messages: number): Measured => ({
  at,
  namespace: 'AWS/SQS',
  metric: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: queue },
  value: messages,
});

/** As SQS tells it, in seconds. */
export const oldestIn = (queue: string, at: number, seconds: number): Measured => ({
  ...waitingIn(queue, at, seconds),
  metric: 'ApproximateAgeOfOldestMessage',
});

/** Of an object without a verdict, or without an end, in milliseconds. */
export const stillWaiting = (metric: 'ThrottledAge' | 'UnfinishedAge', enforcer: string, at: number, value: number): Measured => ({
  at,
  namespace: 'S3EncryptionGuard',
  metric,
  dimensions: { service: enforcer },
  value,
});

/** The first with a canary. */
export const DIGESTED = [
  {
    name: 'One-1a2b3c4d',
    canary: { bucket: 'canaries', minutes: 60 },
    queue: 'one-events',
    largeQueue: 'one-large',
    deadLetterQueues: ['one-dead', 'one-undelivered'],
    maxAgeMillis: 900_000,
  },
  { name: 'Two-5e6f7a8b', queue: 'two-events', largeQueue: 'two-large', deadLetterQueues: ['two-dead'], maxAgeMillis: 7_200_000 },
] as const;

export function objectOf(metrics: readonly string[], more: Partial<DigestedObject> = {}): DigestedObject {
  return { enforcer: DIGESTED[0].name, bucket: 'records', at: END - 1, ageMillis: 900, metrics, ...more };
}

export const DAY = 86_400_000;
/** A Monday. */
export const MONDAY = Date.parse('2026-11-23T08:00:00Z');
/** The first moment after the last week. */
export const END = Date.parse('2026-11-23T00:00:00Z');
