import { fromJson, list, reading, record, text } from './document';

/** What the function that makes the weekly digest has to know of an enforcer: its names, as CloudWatch has them. */
export interface DigestedEnforcer {
  readonly name: string;
  /** Whose objects are wrong on purpose; absent where there is no canary. */
  readonly canaryBucket?: string;
  /** What waits in them was verified by nobody. */
  readonly deadLetterQueues: readonly string[];
}

/** @throws Error for what is no list of enforcers, or an empty one */
export function decodeDigestedEnforcers(json: string): DigestedEnforcer[] {
  return reading('the enforcers of the digest', () => {
    const [first, ...others] = list('list', fromJson(json));
    return [first, ...others].map(decode);
  });
}

function decode(value: unknown): DigestedEnforcer {
  const { name, canaryBucket, deadLetterQueues } = record('enforcer', value, ['name', 'canaryBucket', 'deadLetterQueues']);
  return {
    name: text('name', name),
    ...(canaryBucket !== undefined && { canaryBucket: text('canaryBucket', canaryBucket) }),
    deadLetterQueues: list('deadLetterQueues', deadLetterQueues).map((queue) => text('queue', queue)),
  };
}
