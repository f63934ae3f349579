import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { describeRequirement, type EncryptionRequirement } from '../domain/requirement';
import { Memory } from './memory';
import { requireValid } from './require-valid';

const declared = new Memory<EncryptionRequirement>('declared-encryption');

/**
 * Remembers what is required of a bucket, so that policy and verifier cannot be told different things.
 *
 * @throws Error where the bucket was declared with another encryption before
 */
export function declareEncryption(bucket: CfnBucket, requirement: EncryptionRequirement): void {
  const before = declared.of(bucket) ?? requirement;
  requireValid(bucket, JSON.stringify(before) === JSON.stringify(requirement), {
    what: `the bucket is already required to hold ${describeRequirement(before)}, and policy and verifier must agree`,
    value: describeRequirement(requirement),
    remedy: 'Pass the same ObjectEncryption to RequireEncryption and to enforce().',
  });
  declared.set(bucket, requirement);
}
