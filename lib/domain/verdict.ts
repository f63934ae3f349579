import { compareKeys } from './key-identity';
import { describeObservation, type ObservedEncryption } from './observation';
import { type AcceptedEncryption, describeAccepted, type EncryptionRequirement, type ServerSideRequirement } from './requirement';

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
  /** S3 does not see client-side encryption, and what it does see is as required. */
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
export function evaluate(accepted: AcceptedEncryption, observed: ObservedEncryption): Verdict {
  const reasons = accepted.map((requirement) => violationOf(requirement, observed));
  if (reasons.includes(undefined)) return { compliant: true };
  const reason = mostTelling(reasons.filter((each) => each !== undefined));
  return { compliant: false, reason, expected: describeAccepted(accepted), observed: describeObservation(observed) };
}

/** Where one of several ways is in doubt, so is the violation; else, having the right scheme but a wrong key says more. */
function mostTelling(reasons: readonly ViolationReason[]): ViolationReason {
  const inDoubt = reasons.find((reason) => !VIOLATION_REASONS[reason].proven);
  return inDoubt ?? reasons.find((reason) => reason === 'wrong-key') ?? reasons[0] ?? 'wrong-scheme';
}

function violationOf(requirement: EncryptionRequirement, observed: ObservedEncryption): ViolationReason | undefined {
  if (requirement.scheme !== 'client-side') return serverSideViolation(requirement, observed);
  return serverSideViolation(requirement.serverSide, observed) ?? 'client-side-unverifiable';
}

function serverSideViolation(requirement: ServerSideRequirement, observed: ObservedEncryption): ViolationReason | undefined {
  switch (observed.kind) {
    case 'unreadable':
      return 'unreadable';
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
