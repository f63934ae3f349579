import type { Action } from '../../lib/domain/action';
import type { Violation } from '../../lib/domain/verdict';

/** What became of one object version. */
export type Outcome =
  | { readonly kind: 'compliant' }
  /** Deleted, or overwritten in a bucket without versions, before it could be looked at. */
  | { readonly kind: 'gone' }
  /** Overwritten while it was acted on; the new object has an event of its own. */
  | { readonly kind: 'superseded'; readonly violation: Violation }
  | ViolationOutcome;

export interface ViolationOutcome {
  readonly kind: 'reported' | 'tagged' | 'quarantined';
  readonly violation: Violation;
  /** The action that the rule of the bucket asks for. */
  readonly requested: Action;
  /** Why less was done than that; absent where it was not. */
  readonly reducedBecause?: string | undefined;
  /** Where the copy in quarantine is, `s3://…`. */
  readonly location?: string | undefined;
}

export function isViolation(outcome: Outcome): outcome is ViolationOutcome {
  return outcome.kind === 'reported' || outcome.kind === 'tagged' || outcome.kind === 'quarantined';
}
