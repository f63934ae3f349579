import type { ClientSideEvidence } from './client-side/evidence';
import { describeEvidence, type EnvelopeRequirement, envelopeViolation } from './client-side/requirement';
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
  /** Nothing says that the object was encrypted before it was sent. */
  'not-client-side-encrypted': { proven: true },
  /** What says so is incomplete, contradicts itself, or cannot be. */
  'malformed-envelope': { proven: true },
  /** Metadata say that the rest of the envelope lies in an instruction file, and long after there still is none. */
  'instruction-file-missing': { proven: true },
  /** Its object may be a multipart upload, which S3 keeps open for days. */
  'instruction-file-without-object': { proven: false },
  'wrong-envelope-format': { proven: true },
  'no-key-commitment': { proven: true },
  'wrong-wrapping-key': { proven: true },
  /** The format does not state every key that wraps the data key. */
  'wrapping-key-unidentified': { proven: false },
  /** S3 refuses to let the envelope be read; what it does tell is as required. */
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

/**
 * Decides one object version. Total: every requirement and every observation has an answer, and doubt is never compliant.
 *
 * @param evidence - of client-side encryption; undefined where nobody has looked for any, which `envelopesThatMatter` says
 */
export function evaluate(accepted: AcceptedEncryption, observed: ObservedEncryption, evidence?: ClientSideEvidence): Verdict {
  const reasons = accepted.map((requirement) => violationOf(requirement, observed, evidence));
  if (reasons.includes(undefined)) return { compliant: true };
  const reason = mostTelling(reasons.filter((each) => each !== undefined));
  const seen = [describeObservation(observed), ...(evidence === undefined ? [] : [describeEvidence(evidence)])].join('; ');
  return { compliant: false, reason, expected: describeAccepted(accepted), observed: seen };
}

/** The envelopes that could make an object compliant which is not so without: none where S3's own encryption is wrong already. */
export function envelopesThatMatter(accepted: AcceptedEncryption, observed: ObservedEncryption): EnvelopeRequirement[] {
  return accepted.flatMap((each) =>
    each.scheme === 'client-side' && serverSideViolation(each.serverSide, observed) === undefined ? [each.envelope] : [],
  );
}

/** Said of all together, where several say so; what is left of the proven ones is of S3's own encryption. */
const TELLING: readonly ViolationReason[] = [
  'wrong-wrapping-key',
  'no-key-commitment',
  'wrong-envelope-format',
  'malformed-envelope',
  'instruction-file-missing',
  'not-client-side-encrypted',
  'wrong-key',
];

/** Where one of several ways is in doubt, so is the violation; else the one that comes closest to what is required says most. */
function mostTelling(reasons: readonly ViolationReason[]): ViolationReason {
  const inDoubt = reasons.find((reason) => !VIOLATION_REASONS[reason].proven);
  return inDoubt ?? TELLING.find((reason) => reasons.includes(reason)) ?? reasons[0] ?? 'wrong-scheme';
}

function violationOf(
  requirement: EncryptionRequirement,
  observed: ObservedEncryption,
  evidence: ClientSideEvidence | undefined,
): ViolationReason | undefined {
  if (requirement.scheme !== 'client-side') return serverSideViolation(requirement, observed);
  return serverSideViolation(requirement.serverSide, observed) ?? envelopeViolation(requirement.envelope, evidence);
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
