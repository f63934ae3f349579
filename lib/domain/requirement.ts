import type { Scheme } from './scheme';

/** How every object of a bucket must be encrypted. */
export type EncryptionRequirement =
  | { readonly scheme: 'SSE-KMS' | 'DSSE-KMS'; readonly keyArns: readonly string[] }
  | { readonly scheme: 'SSE-S3' | 'SSE-C' | 'client-side' };

/** The keys an object may be encrypted under; empty where the scheme names none. */
export function requiredKeyArns(requirement: EncryptionRequirement): readonly string[] {
  return 'keyArns' in requirement ? requirement.keyArns : [];
}

/** Puts scheme and keys together. The caller has checked that a scheme with KMS keys has at least one. */
export function requirementOf(scheme: Scheme, keyArns: readonly string[]): EncryptionRequirement {
  switch (scheme) {
    case 'SSE-KMS':
    case 'DSSE-KMS':
      return { scheme, keyArns };
    case 'SSE-S3':
    case 'SSE-C':
    case 'client-side':
      return { scheme };
  }
}

/** One line for people: `SSE-KMS under arn:aws:kms:…`. */
export function describeRequirement(requirement: EncryptionRequirement): string {
  const keys = requiredKeyArns(requirement);
  if (keys.length === 0) return requirement.scheme;
  return `${requirement.scheme} under ${keys.length > 1 ? 'one of ' : ''}${keys.join(', ')}`;
}
