import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { CrossAccountKey, SharedKey } from '../../lib';
import { kmsPartOf } from '../config/encryption-config';
import type { GuardedBucketConfig } from '../config/guard-config';
import { isKeyId } from '../config/home';

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

/** A key that the configuration declares. */
export interface DeclaredKey {
  readonly owner: CrossAccountKey;
  /** Known once it is deployed; other accounts need it. */
  readonly arn: string | undefined;
}

export type DeclaredKeys = ReadonlyMap<string, DeclaredKey>;

/** The key that a configuration names so, by its ARN or its id. */
export type KeyOf = (name: string) => kms.IKey;

/** However often a configuration names a key, it is one construct. */
export function keysOf(stack: Stack, declared: DeclaredKeys): KeyOf {
  const known = new Map<string, kms.IKey>();
  return (name) => {
    const key = known.get(name) ?? (isKeyId(name) ? declaredKey(stack, name, declared) : importKey(stack, name));
    known.set(name, key);
    return key;
  };
}

function importKey(stack: Stack, arn: string): kms.IKey {
  return kms.Key.fromKeyArn(inScope(stack, 'ImportedKeys'), arn, arn);
}

/** The key itself, for its own account; the two halves of the permission are compared either way. */
function declaredKey(stack: Stack, id: string, declared: DeclaredKeys): kms.IKey {
  const { owner, arn } = declared.get(id) ?? {};
  if (owner === undefined) throw new Error(`The configuration declares no key ${id}, and was not checked.`);
  if (Stack.of(owner).account === stack.account) return owner.key;
  if (arn === undefined) throw new Error(`The ARN of the key ${id} is not known yet, and ${stack.stackName} needs it.`);
  return SharedKey.fromKeyArn(inScope(stack, 'SharedKeys'), id, arn, { owner }).key;
}

/** A scope for what is imported. */
export function inScope(stack: Stack, id: string): Construct {
  return (stack.node.tryFindChild(id) as Construct | undefined) ?? new Construct(stack, id);
}

/**
 * The keys of what a bucket requires; without any, and where its scheme has keys, a new one.
 *
 * @param dualLayer - where new keys for DSSE-KMS are made
 */
export function requiredKeys(buckets: Construct, dualLayer: Construct, config: GuardedBucketConfig, keyOf: KeyOf): kms.IKey[] {
  const named = kmsPartOf(config);
  if (named === undefined) return [];
  if (named.keys !== undefined) return named.keys.map(keyOf);
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
