import type { IConstruct } from 'constructs';

/** What was given, and what to do about it. */
export interface Fault {
  /** What is wrong, in the user's words. */
  readonly what: string;
  readonly value: unknown;
  readonly remedy: string;
}

export function faultMessage(scope: IConstruct, fault: Fault): string {
  const value = JSON.stringify(fault.value) ?? String(fault.value);
  return readable(`${scope.node.path}: ${fault.what} (got ${value}). ${fault.remedy}`);
}

/** Nobody can read a token, and its number changes from run to run. */
function readable(message: string): string {
  return message.replace(/\$\{Token\[[^\]]*\]\}/g, '<known at deployment>');
}

/** @throws Error with construct path, what is wrong, the value and the remedy */
export function requireValid(scope: IConstruct, valid: boolean, fault: Fault): void {
  if (!valid) throw new Error(faultMessage(scope, fault));
}
