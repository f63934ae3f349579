import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { type EncryptionRequirement, requirementOf } from './domain/requirement';
import { SCHEMES, type Scheme } from './domain/scheme';
import { requireValid } from './internal/require-valid';
import { requireUsableKey } from './internal/usable-key';

/**
 * How every object of a bucket must be encrypted. One value drives the bucket's default encryption, its deny
 * statements and the verification of each object.
 */
export class ObjectEncryption {
  /** Server-side encryption with Amazon S3 managed keys (SSE-S3). */
  public static sseS3(): ObjectEncryption {
    return new ObjectEncryption('SSE-S3', []);
  }

  /**
   * Server-side encryption with AWS KMS keys (SSE-KMS).
   *
   * @param keys - the keys that an object may be encrypted under, at least one; the first is the bucket's default.
   * Never an alias: S3 resolves it in the account of whoever asks
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html)
   */
  public static sseKms(...keys: kms.IKey[]): ObjectEncryption {
    return new ObjectEncryption('SSE-KMS', keys);
  }

  /**
   * Dual-layer server-side encryption with AWS KMS keys (DSSE-KMS). It has no S3 Bucket Key.
   *
   * @param keys - the keys that an object may be encrypted under, at least one; the first is the bucket's default
   */
  public static dsseKms(...keys: kms.IKey[]): ObjectEncryption {
    return new ObjectEncryption('DSSE-KMS', keys);
  }

  /**
   * Server-side encryption with customer-provided keys (SSE-C): uploads without such a key are denied. The bucket's
   * default encryption, which cannot be SSE-C, is SSE-S3.
   */
  public static sseC(): ObjectEncryption {
    return new ObjectEncryption('SSE-C', []);
  }

  /**
   * Client-side encryption. S3 stores what it gets, under SSE-S3, and does not see whether it is ciphertext: this
   * version reports every object as unverifiable, which is a violation, and moves none.
   */
  public static clientSide(): ObjectEncryption {
    return new ObjectEncryption('client-side', []);
  }

  private constructor(
    private readonly scheme: Scheme,
    private readonly keys: kms.IKey[],
  ) {}

  /** Name in AWS documentation, for example `SSE-KMS`. */
  public get schemeName(): string {
    return this.scheme;
  }

  /** The key that a bucket encrypts with by default; absent where the scheme names no KMS keys. */
  public get defaultKey(): kms.IKey | undefined {
    return this.keys[0];
  }

  /** @internal */
  public get _facts() {
    return SCHEMES[this.scheme];
  }

  /**
   * The requirement, checked for use on a bucket.
   *
   * @internal
   * @throws Error where a key is missing, is an alias, or lies in another Region than the bucket
   */
  public _requirementFor(bucket: IConstruct): EncryptionRequirement {
    requireValid(bucket, !this._facts.usesKmsKeys || this.keys.length > 0, {
      what: `${this.scheme} needs at least one KMS key`,
      value: this.keys,
      remedy: 'Pass the keys that objects may be encrypted under; the first becomes the default.',
    });
    for (const key of this.keys) requireUsableKey(bucket, key);
    return requirementOf(this.scheme, [...new Set(this.keys.map((key) => key.keyArn))]);
  }
}
