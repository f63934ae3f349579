import { CLIENT_SIDE_FORMATS } from '../../lib/domain/client-side/evidence';
import type { EnvelopeRequirement } from '../../lib/domain/client-side/requirement';
import type { EncryptionDeclaration } from '../../lib/domain/declaration';
import type { AcceptedEncryption } from '../../lib/domain/requirement';

/** A bucket where this is accepted, and nothing else is said. */
export function declare(accepted: AcceptedEncryption, more: Partial<EncryptionDeclaration> = {}): EncryptionDeclaration {
  return { accepted, headersRequired: false, prefixRules: [], exemptions: [], ...more };
}

/** What `clientSide()` requires of envelopes where it is told nothing. */
export const ENVELOPE: EnvelopeRequirement = { formats: CLIENT_SIDE_FORMATS, keyCommitment: true, wrappingKeyArns: [] };
