import { acceptedAt, type EncryptionDeclaration, type Exemption, exemptionOf } from './declaration';
import { describeAccepted, serverSideOf } from './requirement';
import { type TargetEncryption, targetEncryption } from './target-encryption';

/** How an object that leaves quarantine is encrypted under its old key, or why it stays. */
export type ReleaseEncryption =
  | { readonly status: 'as-required'; readonly encryption: TargetEncryption }
  /** Not as required, and spared by the verifier until the exemption ends. */
  | { readonly status: 'exempt'; readonly encryption: TargetEncryption; readonly exemption: Exemption }
  | { readonly status: 'refused'; readonly why: string };

/**
 * The first that is accepted there and that a copy can have; S3 has neither the key of SSE-C, nor that of client-side encryption. Where
 * nothing of the kind is accepted, an exemption that is in force may spare a copy that is as near to it as S3 comes.
 */
export function releaseEncryption(declaration: EncryptionDeclaration, key: string, now: Date): ReleaseEncryption {
  const accepted = acceptedAt(declaration, key);
  for (const requirement of accepted) {
    const encryption = targetEncryption(requirement);
    if (encryption !== undefined) return { status: 'as-required', encryption };
  }
  const exemption = exemptionOf(declaration, key, now);
  if (exemption !== undefined) {
    return { status: 'exempt', encryption: targetEncryption(serverSideOf(accepted[0])) ?? { scheme: 'SSE-S3' }, exemption };
  }
  const why =
    `what is required is ${describeAccepted(accepted)}, which no copy can become; ` +
    'accept something else as well with alsoAccept(), or exempt the prefix with exempt(), deploy, and release again';
  return { status: 'refused', why };
}
