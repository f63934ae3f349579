import { Annotations } from 'aws-cdk-lib';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { EncryptionDeclaration } from '../domain/declaration';
import { describeAccepted } from '../domain/requirement';
import { expiredExemptions } from './exemptions-for';
import { Memory } from './memory';
import { faultMessage, requireValid } from './require-valid';

const declared = new Memory<EncryptionDeclaration>('declared-encryption');

/**
 * Remembers what is declared of a bucket, so that policy and verifier cannot be told different things.
 *
 * @throws Error where the bucket was declared with another encryption before
 */
export function declareEncryption(bucket: CfnBucket, declaration: EncryptionDeclaration): void {
  const before = declared.of(bucket);
  requireValid(bucket, before === undefined || JSON.stringify(before) === JSON.stringify(declaration), {
    what: `the bucket is already required to hold ${describe(before ?? declaration)}, and policy and verifier must agree`,
    value: describe(declaration),
    remedy: 'Pass the same ObjectEncryption to RequireEncryption and to enforce().',
  });
  if (before !== undefined) return;
  declared.set(bucket, declaration);
  warnOfSurprises(bucket, declaration);
}

function describe({ accepted, headersRequired, prefixRules, exemptions }: EncryptionDeclaration): string {
  const details = [
    ...prefixRules.map((rule) => `under ${rule.prefix} ${describeAccepted(rule.accepted)}`),
    ...exemptions.map(({ prefix, until }) => `exempt until ${until} ${prefix || 'everything'}`),
    ...(headersRequired ? ['strict'] : []),
  ];
  return [describeAccepted(accepted), ...details].join('; ');
}

/** What is allowed, and probably not meant. */
function warnOfSurprises(bucket: CfnBucket, { prefixRules, exemptions }: EncryptionDeclaration): void {
  const prefixes = new Set([...prefixRules, ...exemptions].map(({ prefix }) => prefix));
  for (const prefix of [...prefixes].filter((each) => each.startsWith('/'))) {
    const what = 'a prefix begins with a slash, and keys of objects rarely do';
    warn(bucket, 'LeadingSlash', { what, value: prefix, remedy: 'Leave the slash out unless the keys have it.' });
  }
  for (const { prefix, until } of expiredExemptions(exemptions, new Date())) {
    const what = `an exemption ended at ${until}; the policy has enforced it since`;
    warn(bucket, 'ExpiredExemption', { what, value: prefix || 'the whole bucket', remedy: 'Remove it.' });
  }
}

function warn(bucket: CfnBucket, id: string, fault: Parameters<typeof faultMessage>[1]): void {
  Annotations.of(bucket).addWarningV2(`cdk-s3-encryption-guard:${id}`, faultMessage(bucket, fault));
}
