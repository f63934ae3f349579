import type { Action } from '../../lib/domain/action';
import type { Exemption } from '../../lib/domain/declaration';
import type { ObservedEncryption } from '../../lib/domain/observation';
import type { Violation } from '../../lib/domain/verdict';
import { locationOf, type Receipt } from '../shared/receipt';

/** What became of one object version. */
export type Outcome =
  | { readonly kind: 'compliant'; readonly scheme: ObservedEncryption['kind'] }
  /** Deleted, or overwritten in a bucket without versions, before it could be looked at. */
  | { readonly kind: 'gone' }
  /** Not as required, and spared until a date. Nothing is done about it. */
  | { readonly kind: 'exempt'; readonly violation: Violation; readonly exemption: Exemption; readonly scheme: ObservedEncryption['kind'] }
  /** A large object on its way to quarantine; a message of its own continues. */
  | { readonly kind: 'unfinished'; readonly progress: boolean }
  | ViolationOutcome;

export interface ViolationOutcome {
  /** `superseded`: overwritten or deleted by somebody else after its verdict; a new object has an event of its own. */
  readonly kind: 'reported' | 'tagged' | 'quarantined' | 're-encrypted' | 'superseded';
  readonly violation: Violation;
  /** How the object is encrypted; not known where only its receipt is left. */
  readonly scheme?: ObservedEncryption['kind'] | undefined;
  /** The action that the rule of the bucket asks for. */
  readonly requested: Action;
  /** Why less was done than that; absent where it was not. */
  readonly reducedBecause?: string | undefined;
  /** Where the copy in quarantine is, `s3://…`. */
  readonly location?: string | undefined;
  /** How it, or a copy that took its place, is encrypted now; for people. */
  readonly encryptedAs?: string | undefined;
  /** The version id of that copy. */
  readonly replacedBy?: string | undefined;
  /** The older version that readers see now that the one on top is gone. It was judged when it was written. */
  readonly uncovered?: string | undefined;
}

/** There is something to report. */
export type FinalOutcome = Exclude<Outcome, { readonly kind: 'unfinished' }>;

export function isViolation(outcome: Outcome): outcome is ViolationOutcome {
  return 'requested' in outcome;
}

/** The outcome that a receipt is proof of. */
export function outcomeOf(receipt: Receipt): ViolationOutcome {
  const { copy, violation, requested = 'quarantine', reducedBecause, encryptedAs, replacedBy } = receipt;
  const moved = { violation, requested, reducedBecause, location: locationOf(copy) };
  return encryptedAs === undefined ? { kind: 'quarantined', ...moved } : { kind: 're-encrypted', ...moved, encryptedAs, replacedBy };
}
