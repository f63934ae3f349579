import { Mixin } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { IConstruct } from 'constructs';
import type { BucketPolicyOptions } from '../bucket-policy-options';
import { acceptedAnywhere, type EncryptionDeclaration } from '../domain/declaration';
import { defaultEncryptionFor, factsOf } from '../domain/requirement';
import { addDenyStatements, hasDenyStatements } from '../internal/bucket-statements';
import { cfnBucketOf, ownerOf } from '../internal/cfn-bucket';
import { declareEncryption } from '../internal/declared-encryption';
import { defaultEncryptionOf, isDefault, watchDefaultEncryption } from '../internal/default-encryption';
import { enforcerOfQuarantine } from '../internal/guard-registry';
import { Memory } from '../internal/memory';
import { requireObjectEncryption } from '../internal/require-object-encryption';
import { requireValid } from '../internal/require-valid';
import { policyJson, policyStatements } from '../internal/required-policy';
import type { ObjectEncryption } from '../object-encryption';

const policyOptions = new Memory<BucketPolicyOptions>('policy-options');

/** Options of `RequireEncryption`. */
export interface RequireEncryptionOptions extends BucketPolicyOptions {
  /**
   * Whether S3 asks KMS once for many objects instead of once per object. It cuts KMS requests by up to 99 %, and with
   * them the record of each object in CloudTrail (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html).
   *
   * @default - what the bucket says; else true for SSE-KMS, false for every other scheme
   */
  readonly bucketKeyEnabled?: boolean;
}

/**
 * The bucket side of a requirement: default encryption, SSE-C blocked (or unblocked, where it is accepted), and
 * statements that deny uploads encrypted otherwise, plain HTTP, and old TLS.
 *
 * It acts on every bucket of this app beneath the construct that it is applied to, except quarantine buckets and the CDK's own. Apply it to
 * single buckets where some must stay as they are: targets of server access logs take SSE-S3 only.
 * `Mixins.of(x).requireAny()` also fails where there is no bucket.
 *
 * @throws Error for an imported bucket, which this app cannot change, wherever one lies beneath that construct, and for a bucket that
 * states a default encryption that is not accepted
 */
export class RequireEncryption extends Mixin {
  /** The statements that the mixin adds, for the owner of a bucket that is not part of this app. */
  public static policyStatements(bucket: s3.IBucket, encryption: ObjectEncryption, options?: BucketPolicyOptions): iam.PolicyStatement[] {
    requireObjectEncryption(bucket, encryption);
    return policyStatements(bucket, bucket.bucketArn, encryption._declarationFor(bucket), options);
  }

  /**
   * The same as a policy document in JSON, to hand over: print it, or put it into a `CfnOutput`. The owner adds its statements to those
   * that the bucket has, and sets the default encryption.
   */
  public static policyJson(bucket: s3.IBucket, encryption: ObjectEncryption, options?: BucketPolicyOptions): string {
    return policyJson(bucket, RequireEncryption.policyStatements(bucket, encryption, options));
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
    const declaration = this.encryption._declarationFor(bucket);
    declareEncryption(bucket, declaration);
    this.requireConsistentKey(bucket, declaration);
    this.requireConsistentDefault(bucket, declaration);
    bucket.bucketEncryption = { serverSideEncryptionConfiguration: [this.defaultEncryption(bucket, declaration)] };
    watchDefaultEncryption(bucket, declaration);
    if (this.isApplied(bucket)) return;
    addDenyStatements(bucket, policyStatements(bucket, bucket.attrArn, declaration, this.options));
  }

  /** A bucket is met twice where it is wrapped by `Bucket.fromCfnBucket()`, or where somebody applies the mixin again. */
  private isApplied(bucket: s3.CfnBucket): boolean {
    const { minimumTlsVersion, configurationAdmins } = this.options;
    const wanted: BucketPolicyOptions = { minimumTlsVersion, configurationAdmins };
    if (!hasDenyStatements(bucket)) {
      policyOptions.set(bucket, wanted);
      return false;
    }
    const before = policyOptions.of(bucket) ?? {};
    for (const name of ['minimumTlsVersion', 'configurationAdmins'] as const) {
      requireValid(bucket, wanted[name] === undefined || JSON.stringify(wanted[name]) === JSON.stringify(before[name]), {
        what: `RequireEncryption was applied to the bucket before, with another ${name} (${JSON.stringify(before[name]) ?? 'none'})`,
        value: wanted[name],
        remedy: `Say ${name} where it is applied first; an EncryptedBucket takes it as a property.`,
      });
    }
    return true;
  }

  private defaultEncryption(bucket: s3.CfnBucket, declaration: EncryptionDeclaration): s3.CfnBucket.ServerSideEncryptionRuleProperty {
    const [required] = declaration.accepted;
    const { algorithm: sseAlgorithm, keyArn: kmsMasterKeyId } = defaultEncryptionFor(required);
    const bucketKeyEnabled = this.bucketKeyEnabled(bucket, declaration);
    const acceptsCustomerKeys = acceptedAnywhere(declaration).some((requirement) => factsOf(requirement).customerProvidedKeys);
    return {
      serverSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId },
      ...(kmsMasterKeyId !== undefined && { bucketKeyEnabled }),
      // Stated either way: what S3 does by itself depends on the account's history and the Region
      // (https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html).
      blockedEncryptionTypes: { encryptionType: [acceptsCustomerKeys ? 'NONE' : 'SSE-C'] },
    };
  }

  private bucketKeyEnabled(bucket: s3.CfnBucket, { accepted: [required] }: EncryptionDeclaration): boolean {
    const { supportsBucketKey } = factsOf(required);
    const wanted = this.options.bucketKeyEnabled ?? defaultEncryptionOf(bucket).bucketKeyEnabled;
    requireValid(bucket, supportsBucketKey || wanted !== true, {
      what: `${required.scheme} has no S3 Bucket Key, and bucketKeyEnabled is set`,
      value: wanted,
      remedy: 'Leave bucketKeyEnabled out, or require SSE-KMS.',
    });
    return wanted ?? supportsBucketKey;
  }

  /** Somebody chose the bucket's default. That it is another is a contradiction for people to solve, not for us. */
  private requireConsistentDefault(bucket: s3.CfnBucket, { accepted }: EncryptionDeclaration): void {
    const { stated, ...byDefault } = defaultEncryptionOf(bucket);
    requireValid(bucket, !stated || isDefault(bucket, byDefault, defaultEncryptionFor(accepted[0])), {
      what: `the bucket states a default encryption that is not the required ${accepted[0].scheme}, or not under its first key`,
      value: byDefault,
      remedy: 'Remove the encryption from the bucket: RequireEncryption sets it. Or require what the bucket states.',
    });
  }

  /** Grants of the L2 go to its own key, so if that is not the default key, they leave its users locked out. */
  private requireConsistentKey(bucket: s3.CfnBucket, { accepted: [required] }: EncryptionDeclaration): void {
    const key = ownerOf(bucket)?.encryptionKey;
    if (key === undefined) return;
    requireValid(bucket, defaultEncryptionFor(required).keyArn === key.keyArn, {
      what: `the bucket has an encryptionKey that is not the default key of the required encryption (${required.scheme})`,
      value: key.node.path,
      remedy: 'Pass that key to ObjectEncryption as the first, or remove encryptionKey from the bucket.',
    });
  }
}

/** The bucket that the CDK was bootstrapped with, which each asset of a stack imports: nobody's data. */
function isAssetBucket(construct: IConstruct): boolean {
  return construct.node.scope instanceof Asset;
}

function refuse(construct: IConstruct): never {
  throw new Error(
    `${construct.node.path}: RequireEncryption cannot change an imported bucket (got ${(construct as s3.BucketBase).bucketName}). ` +
      'Give its owner RequireEncryption.policyJson(), or apply the mixin where the bucket is made.',
  );
}
