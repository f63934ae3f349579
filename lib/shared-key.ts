import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { CrossAccountKey } from './cross-account-key';
import { consumerStatements, useStatement } from './domain/key-policy';
import { grantKeyUse } from './internal/key-grants';
import { homeOf, knownArnOf, rememberTrust, requireTrustedBucket, trustOf } from './internal/key-trust';
import { partitionIn } from './internal/principal-arn';
import { requireValid } from './internal/require-valid';
import { asStatements, policyJson } from './internal/required-policy';
import { areDifferent, areSame } from './internal/same-home';
import { requireUsableKeyArn } from './internal/usable-key';
import type { KeyUse } from './key-use';

/** Options of `SharedKey.fromKeyArn()`. */
export interface SharedKeyOptions {
  /**
   * The key itself, where this app makes it. What is done with it here is then compared with what it allows: a consumer that it does not
   * let, a bucket that it is not for, or another Region fails the synthesis.
   *
   * @default - the key is made elsewhere; `ownerPolicyJson()` says what its owner has to add
   */
  readonly owner?: CrossAccountKey;
}

/**
 * A KMS key of another account, as its consumer sees it: the other half of `CrossAccountKey`, or of a key that was made by hand.
 *
 * Objects under it cannot be changed by `UpdateObjectEncryption`, which takes keys of the bucket's own account only.
 */
export class SharedKey extends Construct {
  /**
   * @param keyArn - the full ARN of the key, in the Region and partition of the stack. Not an alias: S3 would look for it in the account of
   * whoever asks
   * @throws Error for anything else, and for a key that is not the owner's
   */
  public static fromKeyArn(scope: Construct, id: string, keyArn: string, options: SharedKeyOptions = {}): SharedKey {
    return new SharedKey(scope, id, keyArn, options);
  }

  /** The key, as in `ObjectEncryption.sseKms(sharedKey.key)`. */
  public readonly key: kms.IKey;

  /** ARN of the key. */
  public readonly keyArn: string;

  private constructor(scope: Construct, id: string, keyArn: string, { owner }: SharedKeyOptions) {
    super(scope, id);
    requireValid(this, typeof keyArn === 'string' && keyArn !== '', {
      what: 'a KMS key is named by something that is not a full key ARN',
      value: keyArn,
      remedy: 'Pass arn:<partition>:kms:<Region>:<account>:key/<key id>.',
    });
    requireUsableKeyArn(this, keyArn);
    this.keyArn = keyArn;
    this.key = kms.Key.fromKeyArn(this, 'Key', keyArn);
    if (owner !== undefined) this.believe(owner);
  }

  /**
   * Whether S3 would take the key for `UpdateObjectEncryption` in this account
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/update-sse-encryption.html). False as well where one of the two accounts is
   * known at the deployment only; `grantUse()` refuses keys of which it is known that they are another account's.
   */
  public get supportsUpdateObjectEncryption(): boolean {
    return areSame(homeOf(this.key).account, Stack.of(this).account);
  }

  /**
   * Lets somebody of this account use the key through S3, for the objects of buckets. An enforcer is told of the key by its
   * `crossAccountKeys` instead; readers and writers of an `EncryptedBucket` by its grants.
   *
   * @throws Error without buckets, where the owner does not let it, and for `UPDATE_OBJECT_ENCRYPTION` with a key of another account
   */
  public grantUse(grantee: iam.IGrantable, use: KeyUse, ...buckets: s3.IBucket[]): iam.Grant {
    const [first, ...others] = this.requireBuckets(buckets);
    const grantOn = (bucket: s3.IBucket) => grantKeyUse(bucket, [this.key], grantee, use);
    return others.map(grantOn).reduce((all, grant) => all.combine(grant), grantOn(first));
  }

  /** The statements that `grantUse()` attaches, for IAM policies of your own. */
  public useStatements(use: KeyUse, ...buckets: s3.IBucket[]): iam.PolicyStatement[] {
    return asStatements([useStatement(use, [this.keyArn], Stack.of(this).region, this.arnsOf(buckets))]);
  }

  /** What the owner of the key has to add to its policy, for principals of this account and these buckets. */
  public ownerStatements(...buckets: s3.IBucket[]): iam.PolicyStatement[] {
    const { region, account } = Stack.of(this);
    const home = { partition: partitionIn(this), region, account: homeOf(this.key).account };
    return asStatements(consumerStatements(home, { accounts: [account], bucketArns: this.arnsOf(buckets) }));
  }

  /** The same as a policy document in JSON, to hand over: print it, or put it into a `CfnOutput`. */
  public ownerPolicyJson(...buckets: s3.IBucket[]): string {
    return policyJson(this, this.ownerStatements(...buckets));
  }

  private believe(owner: CrossAccountKey): void {
    const trust = trustOf(owner.key);
    const { env } = this.key;
    requireValid(
      this,
      trust !== undefined && !areDifferent(trust.home.account, env.account) && !areDifferent(trust.home.region, env.region),
      {
        what: `the ARN is of another account or Region than its owner, ${owner?.node?.path}`,
        value: this.keyArn,
        remedy: 'Pass the ARN that the stack of that key puts out.',
      },
    );
    if (trust !== undefined) rememberTrust(this.key, trust);
  }

  private arnsOf(buckets: s3.IBucket[]): string[] {
    return this.requireBuckets(buckets).map((bucket) => knownArnOf(bucket, bucket.bucketArn));
  }

  private requireBuckets(buckets: s3.IBucket[]): [s3.IBucket, ...s3.IBucket[]] {
    requireValid(this, buckets.length > 0, {
      what: 'the use of a key is bound to the buckets that it is for, and none is named',
      value: buckets,
      remedy: 'Pass the buckets.',
    });
    for (const bucket of buckets) requireTrustedBucket(bucket, this.key);
    return buckets as [s3.IBucket, ...s3.IBucket[]];
  }
}
