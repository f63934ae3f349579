import type { ObservedEncryption } from './observation';
import type { TargetEncryption } from './target-encryption';
import { VIOLATION_REASONS, type Violation } from './verdict';

/**
 * What to do with an object that fails verification, from the gentlest to the strongest. Re-encryption comes last: it alone writes to the
 * guarded bucket, and what it cannot mend is quarantined.
 */
export const ACTIONS = ['report', 'tag', 'quarantine', 'reencrypt'] as const;

export type Action = (typeof ACTIONS)[number];

/** What matters of an object besides its verdict. */
export interface Circumstances {
  readonly encryption: ObservedEncryption['kind'];
  /** Bytes; unknown for an object that only its uploader's key opens. */
  readonly size: number | undefined;
  /** A version with the id `null` that newer versions lie on top of. */
  readonly nonCurrentNullVersion: boolean;
  /** How S3 could encrypt it to make it compliant; undefined where it cannot, and where that is not configured. */
  readonly target: TargetEncryption | undefined;
}

export interface ActionDecision {
  readonly action: Action;
  /** Why it is less than what was configured; absent where it is not. */
  readonly reducedBecause?: string;
}

/** Decides what to try. What S3 then refuses falls back to the next gentler action, in lambda/encryption-enforcer/act.ts. */
export function decideAction(configured: Action, violation: Violation, circumstances: Circumstances): ActionDecision {
  if (configured === 'report') return { action: 'report' };
  if (!VIOLATION_REASONS[violation.reason].proven) {
    return { action: 'report', reducedBecause: `the violation is not proven (${violation.reason}), so the object is left alone` };
  }
  if (circumstances.nonCurrentNullVersion) {
    // S3 has no condition for it: a new null version could take its place at any time and be hit instead.
    return { action: 'report', reducedBecause: 'a non-current null version cannot be touched safely' };
  }
  if (configured === 'tag') return { action: 'tag' };
  const immovable = whyImmovable(circumstances);
  if (immovable !== undefined) return { action: 'tag', reducedBecause: immovable };
  if (configured === 'reencrypt' && circumstances.target === undefined) {
    return { action: 'quarantine', reducedBecause: 'S3 has no key to encrypt it as required: only its uploader has' };
  }
  return { action: configured };
}

function whyImmovable({ encryption, size }: Circumstances): string | undefined {
  if (encryption === 'SSE-C') return "an SSE-C object can be copied only with its uploader's key";
  return size === undefined ? 'the size of the object is not known' : undefined;
}
