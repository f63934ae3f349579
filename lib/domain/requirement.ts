import { describeEnvelopeRequirement, type EnvelopeRequirement, liesInContent } from './client-side/requirement';
import { type SchemeFacts, SERVER_SIDE_SCHEMES, type ServerSideEncryption, type ServerSideScheme } from './scheme';

/** One way in which S3 may encrypt an object, and the keys it may take. */
export type ServerSideRequirement =
  | { readonly scheme: 'SSE-KMS' | 'DSSE-KMS'; readonly keyArns: readonly string[] }
  | { readonly scheme: 'SSE-S3' | 'SSE-C' };

/** One way in which an object may be encrypted. */
export type EncryptionRequirement =
  | ServerSideRequirement
  /** Encrypted before it is sent. S3 encrypts what it gets, too: always somehow, and here as `serverSide` says. */
  | ClientSideRequirement;

export interface ClientSideRequirement {
  readonly scheme: 'client-side';
  readonly serverSide: ServerSideRequirement;
  readonly envelope: EnvelopeRequirement;
}

/** What is accepted side by side, at least one; the first is what is required, and what the bucket does by default. */
export type AcceptedEncryption = readonly [EncryptionRequirement, ...EncryptionRequirement[]];

/** Puts scheme and keys together. The caller has checked that a scheme with KMS keys has at least one. */
export function serverSideRequirement(scheme: ServerSideScheme, keyArns: readonly string[]): ServerSideRequirement {
  switch (scheme) {
    case 'SSE-KMS':
    case 'DSSE-KMS':
      return { scheme, keyArns };
    case 'SSE-S3':
    case 'SSE-C':
      return { scheme };
  }
}

/** What S3 itself is to do: all that headers, bucket default and policy can speak of. */
export function serverSideOf(requirement: EncryptionRequirement): ServerSideRequirement {
  return requirement.scheme === 'client-side' ? requirement.serverSide : requirement;
}

export function factsOf(requirement: EncryptionRequirement): SchemeFacts {
  return SERVER_SIDE_SCHEMES[serverSideOf(requirement).scheme];
}

/** The KMS keys an object may be encrypted under; empty where the scheme names none. */
export function requiredKeyArns(requirement: EncryptionRequirement): readonly string[] {
  const serverSide = serverSideOf(requirement);
  return 'keyArns' in serverSide ? serverSide.keyArns : [];
}

/** The envelopes of all client-side encryption among it. */
export function envelopesIn(accepted: readonly EncryptionRequirement[]): EnvelopeRequirement[] {
  return accepted.flatMap((each) => (each.scheme === 'client-side' ? [each.envelope] : []));
}

/** Whether an object that cannot be read can meet none of it, whatever HEAD says. */
export function needsContent(accepted: AcceptedEncryption): boolean {
  return accepted.every((each) => each.scheme === 'client-side' && liesInContent(each.envelope));
}

/** The default encryption of a bucket that requires this. */
export interface DefaultEncryption {
  readonly algorithm: ServerSideEncryption;
  readonly keyArn: string | undefined;
}

export function defaultEncryptionFor(requirement: EncryptionRequirement): DefaultEncryption {
  return { algorithm: factsOf(requirement).defaultEncryption, keyArn: requiredKeyArns(requirement)[0] };
}

/**
 * Whether uploads that get this default encryption are accepted. Customer-provided keys are no default.
 *
 * @param isSame - compares two key ARNs; where they are tokens, the caller knows how
 */
export function acceptsDefault(
  accepted: AcceptedEncryption,
  { algorithm, keyArn }: { readonly algorithm: string; readonly keyArn: string | undefined },
  isSame: (a: string, b: string | undefined) => boolean = (a, b) => a === b,
): boolean {
  return accepted.some((requirement) => {
    const { defaultEncryption, customerProvidedKeys, usesKmsKeys } = factsOf(requirement);
    if (customerProvidedKeys || defaultEncryption !== algorithm) return false;
    return !usesKmsKeys || requiredKeyArns(requirement).some((required) => isSame(required, keyArn));
  });
}

/** One line for people: `SSE-KMS under arn:aws:kms:…, or SSE-S3`. */
export function describeAccepted(accepted: AcceptedEncryption): string {
  return accepted.map(describeRequirement).join(', or ');
}

function describeRequirement(requirement: EncryptionRequirement): string {
  if (requirement.scheme === 'client-side') {
    const { envelope, serverSide } = requirement;
    return `client-side encryption (${describeEnvelopeRequirement(envelope)}), stored with ${describeRequirement(serverSide)}`;
  }
  const keys = requiredKeyArns(requirement);
  if (keys.length === 0) return requirement.scheme;
  return `${requirement.scheme} under ${keys.length > 1 ? 'one of ' : ''}${keys.join(', ')}`;
}
