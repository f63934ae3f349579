import type { Stack } from 'aws-cdk-lib';
import { newStack } from '../support/stacks';

/** Something done wrong, and the message that must come of it: `<path>: <what> (got <value>). <remedy>` */
export interface Mistake {
  readonly mistake: string;
  readonly make: (stack: Stack) => unknown;
  /** Path of the construct that is at fault. */
  readonly path: string;
  readonly what: RegExp;
  /** What was given, as JSON. */
  readonly value: string;
  readonly remedy: string;
}

export function expectRefusal({ make, path, what, value, remedy }: Mistake): void {
  const message = messageOf(() => make(newStack()));
  const [beginning, end] = [`${path}: `, ` (got ${value}). ${remedy}`];
  expect(message.slice(0, beginning.length)).toBe(beginning);
  expect(message.slice(-end.length)).toBe(end);
  expect(message.slice(beginning.length, -end.length)).toMatch(what);
}

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('nothing was refused');
}
