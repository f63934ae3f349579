import type { Action } from '../../lib/domain/action';
import type { Exemption } from '../../lib/domain/declaration';
import type { Violation } from '../../lib/domain/verdict';

/** What became of one object version. */
export type Outcome =
  | { readonly kind: 'compliant' }
  /** Deleted, or overwritten in a bucket without versions, before it could be looked at. */
  | { readonly kind: 'gone' }
  /** Not as required, and spared until a date. Nothing is done about it. */
  | { readonly kind: 'exempt'; readonly violation: Violation; readonly exemption: Exemption }
  | ViolationOutcome;

export interface ViolationOutcome {
  /** `superseded`: overwritten or deleted by somebody else after its verdict; a new object has an event of its own. */
  readonly kind: 'reported' | 'tagged' | 'quarantined' | 'superseded';
  readonly violation: Violation;
  /** The action that the rule of the bucket asks for. */
  readonly requested: Action;
  /** Why less was done than that; absent where it was not. */
  readonly reducedBecause?: string | undefined;
  /** Where the copy in quarantine is, `s3://…`. */
  readonly location?: string | undefined;
}

export function isViolation(outcome: Outcome): outcome is ViolationOutcome {
  return 'requested' in outcome;
}
