import { Mixin } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { IConstruct } from 'constructs';
import { bucketPolicyStatements } from '../domain/bucket-policy';
import { type EncryptionRequirement, requiredKeyArns } from '../domain/requirement';
import { addBucketStatements } from '../internal/bucket-statements';
import { cfnBucketOf, ownerOf } from '../internal/cfn-bucket';
import { declareEncryption } from '../internal/declared-encryption';
import { defaultEncryptionOf, watchDefaultEncryption } from '../internal/default-encryption';
import { enforcerOfQuarantine } from '../internal/guard-registry';
import { Memory } from '../internal/memory';
import { requireObjectEncryption } from '../internal/require-object-encryption';
import { requireValid } from '../internal/require-valid';
import type { ObjectEncryption } from '../object-encryption';

/** Buckets whose policy has the statements. What they require cannot change: see declareEncryption(). */
const guarded = new Memory<true>('deny-statements');

/** Options of `RequireEncryption`. */
export interface RequireEncryptionOptions {
  /**
   * Whether S3 asks KMS once for many objects instead of once per object. It cuts KMS requests by up to 99 %, and with
   * them the record of each object in CloudTrail (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html).
   *
   * @default - what the bucket says; else true for SSE-KMS, false for every other scheme
   */
  readonly bucketKeyEnabled?: boolean;
}

/**
 * The bucket side of a requirement: default encryption, SSE-C blocked (or unblocked, where it is what is required), and
 * statements that deny uploads encrypted otherwise, plain HTTP, and TLS before 1.2.
 *
 * It acts on every bucket of this app beneath the construct that it is applied to, except quarantine buckets and the CDK's own. Apply it to
 * single buckets where some must stay as they are: targets of server access logs take SSE-S3 only.
 * `Mixins.of(x).requireAny()` also fails where there is no bucket.
 *
 * @throws Error for an imported bucket, which this app cannot change, wherever one lies beneath that construct
 */
export class RequireEncryption extends Mixin {
  /** The statements that the mixin adds, for the owner of a bucket that is not part of this app. */
  public static policyStatements(bucket: s3.IBucket, encryption: ObjectEncryption): iam.PolicyStatement[] {
    return statementsFor(encryption._requirementFor(bucket), bucket.bucketArn);
  }

  /**
   * @param encryption - what is required of every object
   * @param options - how S3 goes about it
   */
  public constructor(
    private readonly encryption: ObjectEncryption,
    private readonly options: RequireEncryptionOptions = {},
  ) {
    super();
  }

  /**
   * True for buckets of this app: their CloudFormation resource, or what `Bucket.fromCfnBucket()` makes of it. Also true for
   * imported buckets, so that these are refused rather than skipped. Quarantine buckets have their encryption already.
   */
  public override supports(construct: IConstruct): boolean {
    if (enforcerOfQuarantine(construct) !== undefined || isAssetBucket(construct)) return false;
    if (s3.CfnBucket.isCfnBucket(construct)) return true;
    if (!(construct instanceof s3.BucketBase)) return false;
    const bucket = cfnBucketOf(construct);
    return bucket === undefined || ownerOf(bucket) !== construct;
  }

  public override applyTo(construct: IConstruct): void {
    const bucket = cfnBucketOf(construct) ?? refuse(construct);
    requireObjectEncryption(bucket, this.encryption);
    const requirement = this.encryption._requirementFor(bucket);
    declareEncryption(bucket, requirement);
    this.requireConsistentKey(bucket, requirement);
    bucket.bucketEncryption = { serverSideEncryptionConfiguration: [this.defaultEncryption(bucket, requirement)] };
    watchDefaultEncryption(bucket, requirement);
    if (!this.isApplied(bucket)) addBucketStatements(bucket, statementsFor(requirement, bucket.attrArn));
  }

  /** A bucket is met twice where it is wrapped by `Bucket.fromCfnBucket()`, or where somebody applies the mixin again. */
  private isApplied(bucket: s3.CfnBucket): boolean {
    const before = guarded.of(bucket) ?? false;
    guarded.set(bucket, true);
    return before;
  }

  private defaultEncryption(bucket: s3.CfnBucket, requirement: EncryptionRequirement): s3.CfnBucket.ServerSideEncryptionRuleProperty {
    const { defaultEncryption, usesKmsKeys, customerProvidedKeys } = this.encryption._facts;
    const [kmsMasterKeyId] = requiredKeyArns(requirement);
    const bucketKeyEnabled = this.bucketKeyEnabled(bucket);
    return {
      serverSideEncryptionByDefault: { sseAlgorithm: defaultEncryption, ...(usesKmsKeys && { kmsMasterKeyId }) },
      ...(usesKmsKeys && { bucketKeyEnabled }),
      // Stated either way: what S3 does by itself depends on the account's history and the Region
      // (https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html).
      blockedEncryptionTypes: { encryptionType: [customerProvidedKeys ? 'NONE' : 'SSE-C'] },
    };
  }

  private bucketKeyEnabled(bucket: s3.CfnBucket): boolean {
    const { supportsBucketKey } = this.encryption._facts;
    const wanted = this.options.bucketKeyEnabled ?? defaultEncryptionOf(bucket).bucketKeyEnabled;
    requireValid(bucket, supportsBucketKey || wanted !== true, {
      what: `${this.encryption.schemeName} has no S3 Bucket Key, and bucketKeyEnabled is set`,
      value: wanted,
      remedy: 'Leave bucketKeyEnabled out, or require SSE-KMS.',
    });
    return wanted ?? supportsBucketKey;
  }

  /** Grants of the L2 go to its own key, so if that is not the default key, they leave its users locked out. */
  private requireConsistentKey(bucket: s3.CfnBucket, requirement: EncryptionRequirement): void {
    const key = ownerOf(bucket)?.encryptionKey;
    if (key === undefined) return;
    requireValid(bucket, requiredKeyArns(requirement)[0] === key.keyArn, {
      what: `the bucket has an encryptionKey that is not the default key of the required encryption (${this.encryption.schemeName})`,
      value: key.node.path,
      remedy: 'Pass that key to ObjectEncryption as the first, or remove encryptionKey from the bucket.',
    });
  }
}

function statementsFor(requirement: EncryptionRequirement, bucketArn: string): iam.PolicyStatement[] {
  return bucketPolicyStatements(requirement, bucketArn).map((statement) => iam.PolicyStatement.fromJson(statement));
}

/** The bucket that the CDK was bootstrapped with, which each asset of a stack imports: nobody's data. */
function isAssetBucket(construct: IConstruct): boolean {
  return construct.node.scope instanceof Asset;
}

function refuse(construct: IConstruct): never {
  throw new Error(
    `${construct.node.path}: RequireEncryption cannot change an imported bucket (got ${(construct as s3.BucketBase).bucketName}). ` +
      'Give its owner RequireEncryption.policyStatements(), or apply the mixin where the bucket is made.',
  );
}
