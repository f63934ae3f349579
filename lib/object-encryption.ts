import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import type { ClientSideOptions } from './client-side-options';
import type { EncryptionDeclaration } from './domain/declaration';
import type { Scheme } from './domain/scheme';
import { declarationFor } from './internal/declaration-for';

/** Uploads that may be encrypted otherwise for a while: see `ObjectEncryption.exempt()`. */
export interface EncryptionExemption {
  /**
   * Only objects whose keys begin with this, literally. Equal to a prefix of `underPrefix()`, or disjoint from all of them.
   *
   * @default - the whole bucket
   */
  readonly prefix?: string;

  /**
   * ARNs of the roles and users that are exempt. Only the bucket policy can tell them apart: S3 events do not name who wrote
   * an object, so the enforcer spares what anybody wrote there, with the policy's leave, in that time.
   *
   * @default - everybody
   */
  readonly principalArns?: string[];

  /** When it ends, by itself and without a deployment: ISO 8601, as `2027-03-31` or `2027-03-31T18:00:00Z`, in UTC. */
  readonly until: string;

  /** Why, and who agreed to it; it stands in the report of each object that is spared. */
  readonly reason: string;
}

/** What a value is made of. */
interface Parts {
  readonly scheme: Scheme;
  readonly keys: readonly kms.IKey[];
  /** Beneath client-side encryption. */
  readonly serverSide?: ObjectEncryption | undefined;
  /** Of client-side encryption. */
  readonly clientSide?: ClientSideOptions | undefined;
  readonly others: readonly ObjectEncryption[];
  readonly prefixes: readonly { readonly prefix: string; readonly encryption: ObjectEncryption }[];
  readonly exemptions: readonly EncryptionExemption[];
  readonly isStrict: boolean;
}

const PLAIN = { others: [], prefixes: [], exemptions: [], isStrict: false };

/**
 * How every object of a bucket must be encrypted. One value drives the bucket's default encryption, its deny
 * statements and the verification of each object.
 *
 * A value never changes: `alsoAccept()`, `underPrefix()`, `exempt()` and `strict()` each return another.
 */
export class ObjectEncryption {
  /** Server-side encryption with Amazon S3 managed keys (SSE-S3). */
  public static sseS3(): ObjectEncryption {
    return new ObjectEncryption({ ...PLAIN, scheme: 'SSE-S3', keys: [] });
  }

  /**
   * Server-side encryption with AWS KMS keys (SSE-KMS).
   *
   * @param keys - the keys that an object may be encrypted under, at least one; the first is the bucket's default.
   * Never an alias: S3 resolves it in the account of whoever asks
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html)
   */
  public static sseKms(...keys: kms.IKey[]): ObjectEncryption {
    return new ObjectEncryption({ ...PLAIN, scheme: 'SSE-KMS', keys });
  }

  /**
   * Dual-layer server-side encryption with AWS KMS keys (DSSE-KMS). It has no S3 Bucket Key.
   *
   * @param keys - the keys that an object may be encrypted under, at least one; the first is the bucket's default
   */
  public static dsseKms(...keys: kms.IKey[]): ObjectEncryption {
    return new ObjectEncryption({ ...PLAIN, scheme: 'DSSE-KMS', keys });
  }

  /**
   * Server-side encryption with customer-provided keys (SSE-C): uploads without such a key are denied. The bucket's
   * default encryption, which cannot be SSE-C, is SSE-S3.
   */
  public static sseC(): ObjectEncryption {
    return new ObjectEncryption({ ...PLAIN, scheme: 'SSE-C', keys: [] });
  }

  /**
   * Client-side encryption. S3 encrypts what it gets, too, and does not see whether it is ciphertext: no policy can require it, so what S3
   * does is enforced and verified, and of each object the envelope that the client leaves behind is verified after it was written. An envelope
   * is evidence, not proof: whoever may write an object can write a false one.
   *
   * @param options - what S3 does beneath, and what the envelope must be like
   */
  public static clientSide(options: ClientSideOptions = {}): ObjectEncryption {
    const serverSide = options.serverSide ?? ObjectEncryption.sseS3();
    return new ObjectEncryption({ ...PLAIN, scheme: 'client-side', keys: [], serverSide, clientSide: options });
  }

  private constructor(
    /** @internal */
    public readonly _parts: Parts,
  ) {}

  /**
   * Accepts other encryptions side by side, as while objects move from one key or scheme to another. Uploads without headers still get
   * what is required: the bucket's default.
   *
   * @param others - values of the factories, such as `ObjectEncryption.sseKms(oldKey)`
   */
  public alsoAccept(...others: ObjectEncryption[]): ObjectEncryption {
    return new ObjectEncryption({ ...this._parts, others: [...this._parts.others, ...others] });
  }

  /**
   * Requires another encryption of objects whose keys begin with a prefix. Where the bucket's default is not accepted there,
   * uploads without headers are denied: a bucket has only one default.
   *
   * @param prefix - taken literally, `*` and `?` too. No prefix may be the beginning of another: no policy can express that
   * @param encryption - what is required there instead; it may `alsoAccept()` others
   */
  public underPrefix(prefix: string, encryption: ObjectEncryption): ObjectEncryption {
    return new ObjectEncryption({ ...this._parts, prefixes: [...this._parts.prefixes, { prefix, encryption }] });
  }

  /**
   * Lets uploads be encrypted otherwise until a date. Not with customer-provided keys (SSE-C), and not by re-keying in
   * place (UpdateObjectEncryption): these are never exempt.
   *
   * @param exemption - where, for whom, until when and why
   */
  public exempt(exemption: EncryptionExemption): ObjectEncryption {
    return new ObjectEncryption({ ...this._parts, exemptions: [...this._parts.exemptions, exemption] });
  }

  /**
   * Demands that uploads name their encryption. Without this, uploads that say nothing get the bucket's default. AWS services
   * that write as themselves, such as log delivery, are let through, since most send no headers; not those that write with a role of yours,
   * such as Firehose, Athena or Glue.
   */
  public strict(): ObjectEncryption {
    return new ObjectEncryption({ ...this._parts, isStrict: true });
  }

  /** Name in AWS documentation, for example `SSE-KMS`. */
  public get schemeName(): string {
    return this._parts.scheme;
  }

  /** The key that a bucket encrypts with by default; absent where the scheme names no KMS keys. */
  public get defaultKey(): kms.IKey | undefined {
    return (this._parts.serverSide ?? this)._parts.keys[0];
  }

  /**
   * The declaration, checked for use on a bucket.
   *
   * @internal
   * @throws Error that names the construct, what is wrong, the value and the remedy
   */
  public _declarationFor(bucket: IConstruct): EncryptionDeclaration {
    return declarationFor(bucket, this);
  }
}
