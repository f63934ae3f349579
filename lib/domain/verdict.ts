import { compareKeys } from './key-identity';
import { describeObservation, type ObservedEncryption } from './observation';
import { describeRequirement, type EncryptionRequirement } from './requirement';

/**
 * Why an object is not compliant, and whether that is proven. Unproven means that S3 does not tell enough to say
 * either way: still a violation, but no reason to move somebody's data.
 */
export const VIOLATION_REASONS = {
  'wrong-scheme': { proven: true },
  'wrong-key': { proven: true },
  'not-encrypted': { proven: true },
  /** S3 reports no key, or not by an ARN that can be compared. */
  'key-unidentified': { proven: false },
  /** S3 reports an encryption that this version does not know. */
  'unknown-encryption': { proven: false },
  /** S3 does not see client-side encryption. */
  'client-side-unverifiable': { proven: false },
  /** S3 refuses to describe the object. */
  unreadable: { proven: false },
} as const;

export type ViolationReason = keyof typeof VIOLATION_REASONS;

export interface Violation {
  readonly compliant: false;
  readonly reason: ViolationReason;
  /** For people. */
  readonly expected: string;
  /** For people. */
  readonly observed: string;
}

export type Verdict = { readonly compliant: true } | Violation;

/** Decides one object version. Total: every requirement and every observation has an answer, and doubt is never compliant. */
export function evaluate(requirement: EncryptionRequirement, observed: ObservedEncryption): Verdict {
  const reason = violationOf(requirement, observed);
  if (reason === undefined) return { compliant: true };
  return { compliant: false, reason, expected: describeRequirement(requirement), observed: describeObservation(observed) };
}

function violationOf(requirement: EncryptionRequirement, observed: ObservedEncryption): ViolationReason | undefined {
  if (observed.kind === 'unreadable') return 'unreadable';
  if (requirement.scheme === 'client-side') return 'client-side-unverifiable';
  switch (observed.kind) {
    case 'none':
      return 'not-encrypted';
    case 'unknown':
      return 'unknown-encryption';
    case 'SSE-S3':
    case 'SSE-C':
      return observed.kind === requirement.scheme ? undefined : 'wrong-scheme';
    case 'SSE-KMS':
    case 'DSSE-KMS':
      return observed.kind === requirement.scheme ? keyViolation(requirement.keyArns, observed.keyId) : 'wrong-scheme';
  }
}

function keyViolation(required: readonly string[], observed: string | undefined): ViolationReason | undefined {
  if (observed === undefined) return 'key-unidentified';
  const comparisons = required.map((keyArn) => compareKeys(keyArn, observed));
  if (comparisons.includes('same')) return undefined;
  return comparisons.includes('undecidable') ? 'key-unidentified' : 'wrong-key';
}
