import { Stack, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { coversBucket, type KeyConsumers, type KeyHome, trustsAccount } from '../domain/key-policy';
import { cfnBucketOf } from './cfn-bucket';
import { Memory } from './memory';
import { partitionIn } from './principal-arn';
import { requireValid } from './require-valid';
import { areDifferent } from './same-home';

/** What the owner of a key says of it, where the owner is in this app. */
export interface KeyTrust {
  /** Path of the CrossAccountKey. */
  readonly owner: string;
  readonly home: KeyHome;
  readonly consumers: KeyConsumers;
}

const trusts = new Memory<KeyTrust>('key-trust');

export function rememberTrust(key: kms.IKey, trust: KeyTrust): void {
  trusts.set(key, trust);
}

export function trustOf(key: kms.IKey): KeyTrust | undefined {
  return trusts.of(key);
}

/** Where a key lies, as far as it is known. */
export function homeOf(key: kms.IKey): Pick<KeyHome, 'account' | 'region'> {
  return trustOf(key)?.home ?? key.env;
}

/**
 * The handshake: what is done here against what the owner of the key allows there.
 *
 * @throws Error where the key does not let the account, or lies in another Region
 */
export function requireTrustedAccount(user: IConstruct, key: kms.IKey, { account, region }: Pick<KeyHome, 'account' | 'region'>): void {
  const trust = trustOf(key);
  if (trust === undefined) return;
  const { owner, home, consumers } = trust;
  requireValid(user, !areDifferent(home.region, region), {
    what: `the key of ${owner} lies in another Region (${home.region}), and S3 uses keys of the bucket's Region only`,
    value: region,
    remedy: 'Make a CrossAccountKey in that Region, or a replica of a multi-Region one.',
  });
  requireValid(user, Token.isUnresolved(account) || trustsAccount(home, consumers, account), {
    what: `the key of ${owner} does not let this account use it`,
    value: account,
    remedy: 'Add it to the consumerAccounts of that key.',
  });
}

/** @throws Error where the key does not let the account or Region of the bucket, or is not for this bucket */
export function requireTrustedBucket(bucket: IConstruct & Partial<s3.IBucket>, key: kms.IKey): void {
  const trust = trustOf(key);
  const isBucket = bucket.bucketName !== undefined || cfnBucketOf(bucket) !== undefined;
  if (trust === undefined || !isBucket) return;
  const { owner, home, consumers } = trust;
  const env = bucket.env ?? Stack.of(bucket);
  requireValid(bucket, !Token.isUnresolved(key.keyArn) || !areDifferent(home.account, env.account), {
    what: `the key of ${owner} is in another account, and a KMS key has no name by which it is known there before it is deployed`,
    value: env.account,
    remedy: 'Deploy the key first, and pass its ARN: SharedKey.fromKeyArn(scope, id, arn, { owner }).',
  });
  requireTrustedAccount(bucket, key, env);
  const name = knownNameOf(bucket);
  requireValid(bucket, name !== undefined || consumers.bucketArns.some((arn) => arn.endsWith('*')), {
    what: `the key of ${owner} is for buckets of certain names, and the name of this one is not known before the deployment`,
    value: 'a generated name',
    remedy: 'Give the bucket a name that is among the bucketArns of that key.',
  });
  requireValid(bucket, name === undefined || coversBucket(consumers, name), {
    what: `the key of ${owner} is not for this bucket`,
    value: name,
    remedy: `Add arn:${home.partition}:s3:::${name} to the bucketArns of that key.`,
  });
}

/**
 * The ARN of a bucket in words that nobody has to wait for, where it has a name.
 *
 * @param otherwise - where CloudFormation makes up the name
 */
export function knownArnOf(bucket: s3.IBucket, otherwise: string): string {
  const name = knownNameOf(bucket);
  return name === undefined ? otherwise : `arn:${partitionIn(bucket)}:s3:::${name}`;
}

function knownNameOf(bucket: IConstruct & Partial<s3.IBucket>): string | undefined {
  return [cfnBucketOf(bucket)?.bucketName, bucket.bucketName].find((name) => name !== undefined && !Token.isUnresolved(name));
}
