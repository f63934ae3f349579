import type { ClientSideEvidence } from './client-side/evidence';
import { describeEvidence } from './client-side/requirement';
import { acceptedAt, type EncryptionDeclaration, type Exemption, exemptionOf } from './declaration';
import { reencryptionTarget } from './reencryption';
import { describeAccepted, serverSideOf } from './requirement';
import { type TargetEncryption, targetEncryption } from './target-encryption';

/** How an object that leaves quarantine is encrypted under its old key, or why it stays. */
export type ReleaseEncryption =
  | { readonly status: 'as-required'; readonly encryption: TargetEncryption }
  /** Not as required, and spared by the verifier until the exemption ends. */
  | { readonly status: 'exempt'; readonly encryption: TargetEncryption; readonly exemption: Exemption }
  | { readonly status: 'refused'; readonly why: string };

/**
 * The first that is accepted there and that a copy can have, as in re-encryption: S3 has neither the key of SSE-C, nor that of client-side
 * encryption. Where there is none, an exemption that is in force may spare a copy that is as near to it as S3 comes.
 *
 * @param evidence - of client-side encryption; undefined where nobody has looked for any, which `envelopesToReencrypt` says
 */
export function releaseEncryption(
  declaration: EncryptionDeclaration,
  key: string,
  now: Date,
  evidence?: ClientSideEvidence,
): ReleaseEncryption {
  const accepted = acceptedAt(declaration, key);
  const encryption = reencryptionTarget(accepted, evidence);
  if (encryption !== undefined) return { status: 'as-required', encryption };
  const exemption = exemptionOf(declaration, key, now);
  if (exemption !== undefined) {
    return { status: 'exempt', encryption: targetEncryption(serverSideOf(accepted[0])) ?? { scheme: 'SSE-S3' }, exemption };
  }
  const found = evidence === undefined ? '' : ` (found: ${describeEvidence(evidence)})`;
  const why =
    `what is required is ${describeAccepted(accepted)}, which no copy can become${found}; ` +
    'accept something else as well with alsoAccept(), or exempt the prefix with exempt(), deploy, and release again';
  return { status: 'refused', why };
}
