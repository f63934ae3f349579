import { Stack } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { defaultIsAccepted, type EncryptionDeclaration } from '../domain/declaration';
import { type AcceptedEncryption, acceptsDefault, type DefaultEncryption, factsOf } from '../domain/requirement';
import { hasDenyStatements } from './bucket-statements';
import { Memory } from './memory';
import { faultMessage } from './require-valid';
import { templateProperties } from './template-properties';

/** The default encryption of a bucket, as its template will say. */
export interface TemplateEncryption {
  /** Whether the template says anything; otherwise S3 encrypts with SSE-S3. */
  readonly stated: boolean;
  readonly algorithm: string;
  /** Its ARN, as a rule a token. */
  readonly keyId?: string | undefined;
  readonly bucketKeyEnabled?: boolean | undefined;
}

/** Reads the template of the bucket, so that overrides count. */
export function defaultEncryptionOf(bucket: s3.CfnBucket): TemplateEncryption {
  const encryption = templateProperties(bucket)['BucketEncryption'] as { ServerSideEncryptionConfiguration?: TemplateRule[] } | undefined;
  const rule = encryption?.ServerSideEncryptionConfiguration?.[0];
  const { SSEAlgorithm: algorithm, KMSMasterKeyID: keyId } = rule?.ServerSideEncryptionByDefault ?? {};
  return { stated: algorithm !== undefined, algorithm: algorithm ?? 'AES256', keyId, bucketKeyEnabled: rule?.BucketKeyEnabled };
}

interface TemplateRule {
  readonly ServerSideEncryptionByDefault?: { readonly SSEAlgorithm?: string; readonly KMSMasterKeyID?: string };
  readonly BucketKeyEnabled?: boolean;
}

/** Whether a bucket encrypts exactly so by default: another key of a list is not the first one. */
export function isDefault(
  bucket: s3.CfnBucket,
  { algorithm, keyId }: Pick<TemplateEncryption, 'algorithm' | 'keyId'>,
  required: DefaultEncryption,
): boolean {
  return algorithm === required.algorithm && isSameInTemplate(bucket)(keyId, required.keyArn);
}

/** Two tokens are the same where the template says the same. */
function isSameInTemplate(bucket: s3.CfnBucket): (a: unknown, b: unknown) => boolean {
  const resolved = (value: unknown) => JSON.stringify(Stack.of(bucket).resolve(value));
  return (a, b) => resolved(a) === resolved(b);
}

const watched = new Memory<true>('default-encryption');

/**
 * Fails the synthesis where uploads without headers, which get the bucket's default, would be violations: they would all be
 * acted on. Where the policy denies them, there are none.
 */
export function watchDefaultEncryption(bucket: s3.CfnBucket, declaration: EncryptionDeclaration): void {
  if (watched.of(bucket)) return;
  watched.set(bucket, true);
  const everywhere = { prefix: '', accepted: declaration.accepted };
  bucket.node.addValidation({
    validate: () =>
      [everywhere, ...declaration.prefixRules]
        .filter(({ accepted }) => !hasDenyStatements(bucket) || defaultIsAccepted(declaration, accepted))
        .flatMap((rule) => contradictions(bucket, rule)),
  });
}

function contradictions(bucket: s3.CfnBucket, { prefix, accepted }: { prefix: string; accepted: AcceptedEncryption }): string[] {
  // Where only SSE-C is accepted, it is so by its nature.
  if (accepted.every((requirement) => factsOf(requirement).customerProvidedKeys)) return [];
  const { algorithm, keyId } = defaultEncryptionOf(bucket);
  if (acceptsDefault(accepted, { algorithm, keyArn: keyId }, isSameInTemplate(bucket))) return [];
  return [
    faultMessage(bucket, {
      what: `uploads without encryption headers${prefix && ` under ${prefix}`} get the default encryption of the bucket, which is not the required ${accepted[0].scheme}, or not under a required key`,
      value: { algorithm, keyId },
      remedy: 'Apply RequireEncryption to the bucket and leave its bucketEncryption alone, or use EnforcementAction.REPORT.',
    }),
  ];
}
