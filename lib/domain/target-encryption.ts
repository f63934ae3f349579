import type { ObservedEncryption } from './observation';
import { describeAccepted, type EncryptionRequirement } from './requirement';
import { evaluate } from './verdict';

/** How S3 itself is to encrypt a copy. */
export type TargetEncryption = { readonly scheme: 'SSE-S3' } | { readonly scheme: 'SSE-KMS' | 'DSSE-KMS'; readonly keyArn: string };

/**
 * What a copy has to be encrypted with to meet a requirement, under its first key. Undefined where no copy can: S3 has neither the key of
 * SSE-C, nor that of client-side encryption.
 */
export function targetEncryption(requirement: EncryptionRequirement): TargetEncryption | undefined {
  switch (requirement.scheme) {
    case 'SSE-S3':
      return { scheme: requirement.scheme };
    case 'SSE-KMS':
    case 'DSSE-KMS': {
      const [keyArn] = requirement.keyArns;
      return keyArn === undefined ? undefined : { scheme: requirement.scheme, keyArn };
    }
    case 'SSE-C':
    case 'client-side':
      return undefined;
  }
}

/** Whether that is what S3 says of an object. */
export function isEncryptedAs(target: TargetEncryption, observed: ObservedEncryption): boolean {
  return evaluate([requirementOf(target)], observed).compliant;
}

/** One line for people. */
export function describeTarget(target: TargetEncryption): string {
  return describeAccepted([requirementOf(target)]);
}

function requirementOf(target: TargetEncryption): EncryptionRequirement {
  return 'keyArn' in target ? { scheme: target.scheme, keyArns: [target.keyArn] } : target;
}
