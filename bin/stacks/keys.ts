import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { CrossAccountKey } from '../../lib';
import { kmsPartOf } from '../config/encryption-config';
import type { GuardedBucketConfig } from '../config/guard-config';

/** A customer managed key that rotates, outlives its stack, and leaves grants to AWS services (Control Tower's CT.KMS.PR.3). */
export function createKey(scope: Construct, id: string, description: string): kms.Key {
  const key = new kms.Key(scope, id, {
    description,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  key.addToResourcePolicy(CrossAccountKey.denyGrantsStatement());
  return key;
}

/** A key that exists. However often a configuration names it, it is one construct. */
export function importKey(stack: Stack, arn: string): kms.IKey {
  const scope = stack.node.tryFindChild('ImportedKeys') ?? new Construct(stack, 'ImportedKeys');
  return (scope.node.tryFindChild(arn) as kms.IKey | undefined) ?? kms.Key.fromKeyArn(scope as Construct, arn, arn);
}

/**
 * The keys of what a bucket requires; without any, and where its scheme has keys, a new one.
 *
 * @param dualLayer - where new keys for DSSE-KMS are made
 */
export function requiredKeys(buckets: Construct, dualLayer: Construct, config: GuardedBucketConfig): kms.IKey[] {
  const named = kmsPartOf(config);
  if (named === undefined) return [];
  if (named.keyArns !== undefined) return named.keyArns.map((arn) => importKey(Stack.of(buckets), arn));
  if (config.scheme === 'DSSE-KMS') return [createKey(dualLayer, config.id, `Objects of the bucket ${config.id}`)];
  return [createKey(inPlaceOf(buckets, config.id), 'Key', `Objects of ${buckets.node.path}/${config.id}`)];
}

/**
 * A scope whose resources get the logical ids of those of the EncryptedBucket: the CDK leaves `Default` out of them. So the key is
 * the one that an EncryptedBucket without `encryption` makes of its own, and with another logical id it would be another key.
 */
function inPlaceOf(buckets: Construct, id: string): Construct {
  const unnamed = buckets.node.tryFindChild('Default') ?? new Construct(buckets, 'Default');
  return new Construct(unnamed as Construct, id);
}
