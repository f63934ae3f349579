import { mayNeedReading, placesOf } from './client-side/requirement';
import { type AcceptedEncryption, acceptsDefault, defaultEncryptionFor, requiredKeyArns } from './requirement';

/** How the objects of one bucket must be encrypted: what policy, default encryption and verifier are made of. */
export interface EncryptionDeclaration {
  /** Where no prefix rule says otherwise. */
  readonly accepted: AcceptedEncryption;
  /** Whether uploads must name their encryption; otherwise those that do not get the bucket's default. */
  readonly headersRequired: boolean;
  /** Sorted by prefix; none is the beginning of another. */
  readonly prefixRules: readonly PrefixRule[];
  /** Their prefixes are those of prefix rules, or disjoint from them and from each other; or one is for the whole bucket. */
  readonly exemptions: readonly Exemption[];
}

/** What is accepted for keys that begin with a prefix, instead of what is accepted elsewhere in the bucket. */
export interface PrefixRule {
  readonly prefix: string;
  readonly accepted: AcceptedEncryption;
}

/** Uploads that may be encrypted otherwise for a while. Never with customer-provided keys, which nobody else could read. */
export interface Exemption {
  /** Empty for the whole bucket. */
  readonly prefix: string;
  /** ARNs of those who may; empty for everybody. */
  readonly principalArns: readonly string[];
  /** ISO 8601, in UTC. */
  readonly until: string;
  /** Why, for whoever reads the report. */
  readonly reason: string;
}

/** What is accepted for an object of this key. */
export function acceptedAt({ accepted, prefixRules }: EncryptionDeclaration, key: string): AcceptedEncryption {
  const rule = lastAtOrBefore(prefixRules, key);
  return rule !== undefined && key.startsWith(rule.prefix) ? rule.accepted : accepted;
}

/**
 * Of prefixes none of which is the beginning of another, the only one that can be the beginning of a key is the last that
 * does not sort after it. So a thousand rules take ten steps.
 */
function lastAtOrBefore(sorted: readonly PrefixRule[], key: string): PrefixRule | undefined {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle]?.prefix ?? '') <= key) from = middle + 1;
    else to = middle;
  }
  return sorted[from - 1];
}

/**
 * The exemption that an object falls under, if it came to be there in time. Who wrote it is not known here: S3 events do not name
 * the principal, so an exemption that the policy gives to some is in the verifier's eyes one for all.
 */
export function exemptionOf({ exemptions }: EncryptionDeclaration, key: string, writtenAt: Date | undefined): Exemption | undefined {
  if (writtenAt === undefined) return undefined;
  return exemptions.find(({ prefix, until }) => key.startsWith(prefix) && writtenAt.getTime() < Date.parse(until));
}

/** Whether uploads without headers, which get the bucket's default encryption, are accepted under a rule. */
export function defaultIsAccepted(declaration: EncryptionDeclaration, accepted: AcceptedEncryption): boolean {
  return acceptsDefault(accepted, defaultEncryptionFor(declaration.accepted[0]));
}

/** What is accepted in each place of the bucket: outside of all prefixes, and under each. */
export function acceptedByPlace({ accepted, prefixRules }: EncryptionDeclaration): AcceptedEncryption[] {
  return [accepted, ...prefixRules.map((rule) => rule.accepted)];
}

/** Everything that is accepted anywhere in the bucket. */
export function acceptedAnywhere({ accepted, prefixRules }: EncryptionDeclaration): AcceptedEncryption {
  const [first, ...others] = accepted;
  return [first, ...others, ...prefixRules.flatMap((rule) => [...rule.accepted])];
}

/** The KMS keys beneath client-side encryption whose envelopes cannot be told by HEAD alone: to read these, S3 has to decrypt. */
export function keysOfReadEnvelopes(declaration: EncryptionDeclaration): string[] {
  const keyArns = acceptedAnywhere(declaration).flatMap((each) =>
    each.scheme === 'client-side' && mayNeedReading(placesOf([each.envelope])) ? requiredKeyArns(each) : [],
  );
  return [...new Set(keyArns)];
}
