import type { IConstruct } from 'constructs';

/** What was given, and what to do about it. */
export interface Fault {
  /** What is wrong, in the user's words. */
  readonly what: string;
  readonly value: unknown;
  readonly remedy: string;
}

export function faultMessage(scope: IConstruct, fault: Fault): string {
  return `${scope.node.path}: ${fault.what} (got ${JSON.stringify(fault.value) ?? String(fault.value)}). ${fault.remedy}`;
}

/** @throws Error with construct path, what is wrong, the value and the remedy */
export function requireValid(scope: IConstruct, valid: boolean, fault: Fault): void {
  if (!valid) throw new Error(faultMessage(scope, fault));
}
