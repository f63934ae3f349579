import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { ObjectEncryption } from '../object-encryption';
import { rekeyStatements } from './enforcer-permissions';
import { grantKeyUse } from './key-grants';
import { homeOf } from './key-trust';
import { areDifferent } from './same-home';

/**
 * Lets the role of an enforcer use the keys that objects are to be encrypted under anew: the first that is required anywhere in the bucket, and no
 * other. UpdateObjectEncryption takes keys of the bucket's own account only, so under others objects are copied.
 *
 * @returns what it may do besides
 */
export function grantReencryption(bucket: s3.IBucket, encryption: ObjectEncryption, role: iam.IRole): iam.PolicyStatement[] {
  const required = [encryption, ...encryption._parts.prefixes.map((rule) => rule.encryption)];
  const inPlace = keysOf(required, 'SSE-KMS').filter((key) => !isForeign(key, bucket));
  const byCopy = [...keysOf(required, 'SSE-KMS').filter((key) => isForeign(key, bucket)), ...keysOf(required, 'DSSE-KMS')];
  if (inPlace.length > 0) grantKeyUse(bucket, inPlace, role, 'update-object-encryption');
  if (byCopy.length > 0) grantKeyUse(bucket, byCopy, role, 'write');
  return inPlace.length > 0 ? rekeyStatements(bucket) : [];
}

function keysOf(required: readonly ObjectEncryption[], scheme: string): kms.IKey[] {
  const parts = required.map(({ _parts }) => _parts).filter((each) => each.scheme === scheme);
  return [...new Set(parts.flatMap(({ keys }) => keys.slice(0, 1)))];
}

function isForeign(key: kms.IKey, bucket: s3.IBucket): boolean {
  return areDifferent(homeOf(key).account, Stack.of(bucket).account);
}
