import { fromJson, list, positive, reading, record, text } from './document';

/** What the function that makes the weekly digest has to know of an enforcer: its names, as CloudWatch has them, and what is late. */
export interface DigestedEnforcer {
  readonly name: string;
  /** Absent where there is none. */
  readonly canary?: DigestedCanary;
  /** Events of new objects wait in it. */
  readonly queue: string;
  /** Objects over 5 GiB wait in it. */
  readonly largeQueue: string;
  /** What waits in them was verified by nobody. */
  readonly deadLetterQueues: readonly string[];
  /** The `maxVerificationAge` of its alarms. */
  readonly maxAgeMillis: number;
}

export interface DigestedCanary {
  /** Whose objects are wrong on purpose. */
  readonly bucket: string;
  /** From one to the next. */
  readonly minutes: number;
}

/** @throws Error for what is no list of enforcers, or an empty one */
export function decodeDigestedEnforcers(json: string): DigestedEnforcer[] {
  return reading('the enforcers of the digest', () => {
    const [first, ...others] = list('list', fromJson(json));
    return [first, ...others].map(decode);
  });
}

const FIELDS = ['name', 'canary', 'queue', 'largeQueue', 'deadLetterQueues', 'maxAgeMillis'];

function decode(value: unknown): DigestedEnforcer {
  const { name, canary, queue, largeQueue, deadLetterQueues, maxAgeMillis } = record('enforcer', value, FIELDS);
  return {
    name: text('name', name),
    ...(canary !== undefined && { canary: decodeCanary(canary) }),
    queue: text('queue', queue),
    largeQueue: text('largeQueue', largeQueue),
    deadLetterQueues: list('deadLetterQueues', deadLetterQueues).map((each) => text('queue', each)),
    maxAgeMillis: positive('maxAgeMillis', maxAgeMillis),
  };
}

function decodeCanary(value: unknown): DigestedCanary {
  const { bucket, minutes } = record('canary', value, ['bucket', 'minutes']);
  return { bucket: text('bucket', bucket), minutes: positive('minutes', minutes) };
}
