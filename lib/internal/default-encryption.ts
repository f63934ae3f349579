import { Stack } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { type EncryptionRequirement, requiredKeyArns } from '../domain/requirement';
import { SCHEMES } from '../domain/scheme';
import { Memory } from './memory';
import { faultMessage } from './require-valid';

/** The default encryption of a bucket, as its template will say. */
export interface DefaultEncryption {
  readonly algorithm: string;
  readonly keyId?: unknown;
  readonly bucketKeyEnabled?: boolean | undefined;
}

/** Reads the template of the bucket, so that overrides count; without BucketEncryption, S3 encrypts with SSE-S3. */
export function defaultEncryptionOf(bucket: s3.CfnBucket): DefaultEncryption {
  const template: { Resources: Record<string, { Properties?: Record<string, unknown> }> } = Stack.of(bucket).resolve(
    bucket._toCloudFormation(),
  );
  const [resource] = Object.values(template.Resources);
  const encryption = resource?.Properties?.['BucketEncryption'] as { ServerSideEncryptionConfiguration?: TemplateRule[] } | undefined;
  const rule = encryption?.ServerSideEncryptionConfiguration?.[0];
  const { SSEAlgorithm: algorithm = 'AES256', KMSMasterKeyID: keyId } = rule?.ServerSideEncryptionByDefault ?? {};
  return { algorithm, keyId, bucketKeyEnabled: rule?.BucketKeyEnabled };
}

interface TemplateRule {
  readonly ServerSideEncryptionByDefault?: { readonly SSEAlgorithm?: string; readonly KMSMasterKeyID?: unknown };
  readonly BucketKeyEnabled?: boolean;
}

const watched = new Memory<true>('default-encryption');

/**
 * Fails the synthesis where uploads without headers, which get the bucket's default, would be violations: they would all be
 * acted on. Of SSE-C that is so by its nature, and such uploads are denied.
 */
export function watchDefaultEncryption(bucket: s3.CfnBucket, requirement: EncryptionRequirement): void {
  if (watched.of(bucket) || SCHEMES[requirement.scheme].customerProvidedKeys) return;
  watched.set(bucket, true);
  bucket.node.addValidation({ validate: () => contradictions(bucket, requirement) });
}

function contradictions(bucket: s3.CfnBucket, requirement: EncryptionRequirement): string[] {
  const { algorithm, keyId } = defaultEncryptionOf(bucket);
  const keys = requiredKeyArns(requirement).map((keyArn) => JSON.stringify(Stack.of(bucket).resolve(keyArn)));
  const sameScheme = algorithm === SCHEMES[requirement.scheme].defaultEncryption;
  if (sameScheme && (keys.length === 0 || keys.includes(JSON.stringify(keyId)))) return [];
  return [
    faultMessage(bucket, {
      what: `uploads without encryption headers get the default encryption of the bucket, which is not the required ${requirement.scheme}, or not under a required key`,
      value: { algorithm, keyId },
      remedy: 'Apply RequireEncryption to the bucket and leave its bucketEncryption alone, or use EnforcementAction.REPORT.',
    }),
  ];
}
