import { VIOLATION_REASONS, type Violation } from './verdict';

/** What to do with an object that fails verification, from the gentlest to the strongest. */
export const ACTIONS = ['report', 'tag', 'quarantine'] as const;

export type Action = (typeof ACTIONS)[number];

export interface ActionDecision {
  readonly action: Action;
  /** Why it is less than what was configured; absent where it is not. */
  readonly reducedBecause?: string;
}

/** Data is touched on proof only: an unproven violation is reported, whatever was configured. */
export function decideAction(configured: Action, violation: Violation): ActionDecision {
  if (configured === 'report' || VIOLATION_REASONS[violation.reason].proven) return { action: configured };
  return { action: 'report', reducedBecause: `the violation is not proven (${violation.reason}), so the object is left alone` };
}
