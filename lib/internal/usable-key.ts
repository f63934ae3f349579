import { Stack, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { keyIdentity } from '../domain/key-identity';
import { partitionOf } from './principal-arn';
import { requireValid } from './require-valid';
import { areDifferent } from './same-home';

/**
 * @throws Error where S3 could not use the key for a bucket of this construct's Region, or could take another one instead
 */
export function requireUsableKey(user: IConstruct, key: kms.IKey): void {
  requireKeyItself(user, key, 'S3 resolves an alias in the account of whoever uploads');
  requireUsableKeyArn(user, key.keyArn);
  // Of a key that is made here, the ARN tells nothing yet.
  requireRegion(user, key.env.region);
}

/**
 * @param because - what is wrong with an alias
 * @throws Error for what is no KMS key, or an alias of one
 */
export function requireKeyItself(user: IConstruct, key: kms.IKey, because: string): void {
  requireValid(user, typeof key?.keyArn === 'string', {
    what: 'something was given that is not a KMS key',
    value: Array.isArray(key) ? 'a list' : String(key),
    remedy: 'Pass kms.Key constructs, one by one; import a key of another stack with kms.Key.fromKeyArn().',
  });
  requireValid(user, !isAlias(key), {
    what: `an alias was given instead of a KMS key; ${because}`,
    value: key.node.path,
    remedy: 'Pass the kms.Key itself, or import it with kms.Key.fromKeyArn().',
  });
}

export function isAlias(key: kms.IKey): boolean {
  return 'aliasName' in key || key.keyArn.includes(':alias/');
}

/** The same of a key that is known by its ARN only. A token is not looked at. */
export function requireUsableKeyArn(user: IConstruct, keyArn: string): void {
  if (Token.isUnresolved(keyArn)) return;
  const identity = keyIdentity(keyArn);
  requireValid(user, identity.kind !== 'alias', {
    what: 'an alias was given instead of a KMS key; S3 resolves an alias in the account of whoever uploads',
    value: keyArn,
    remedy: 'Pass the ARN of the key: arn:<partition>:kms:<Region>:<account>:key/<key id>.',
  });
  requireValid(user, identity.kind === 'key-arn', {
    what: 'a KMS key is named by something that is not a full key ARN',
    value: keyArn,
    remedy: 'Import it with kms.Key.fromKeyArn() and arn:<partition>:kms:<Region>:<account>:key/<key id>.',
  });
  if (identity.kind !== 'key-arn') return;
  requireRegion(user, identity.region);
  const partition = partitionOf(user);
  requireValid(user, partition === undefined || identity.partition === partition, {
    what: `a KMS key lies in another partition than its bucket (${partition})`,
    value: keyArn,
    remedy: `Write its ARN as arn:${partition}:kms:…`,
  });
}

function requireRegion(user: IConstruct, keyRegion: string): void {
  const { region } = Stack.of(user);
  requireValid(user, !areDifferent(keyRegion, region), {
    what: `a KMS key lies in another Region than its bucket (${region}), and S3 uses keys of the bucket's Region only`,
    value: keyRegion,
    remedy: "Use a key, or the replica of a multi-Region key, in the bucket's Region.",
  });
}
