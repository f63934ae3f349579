import type { EncryptionDeclaration } from '../../lib/domain/declaration';
import type { AcceptedEncryption } from '../../lib/domain/requirement';

/** A bucket where this is accepted, and nothing else is said. */
export function declare(accepted: AcceptedEncryption, more: Partial<EncryptionDeclaration> = {}): EncryptionDeclaration {
  return { accepted, headersRequired: false, prefixRules: [], exemptions: [], ...more };
}
