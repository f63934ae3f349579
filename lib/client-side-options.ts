import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ClientSideFormat } from './client-side-format';
import type { ObjectEncryption } from './object-encryption';

/** Options of `ObjectEncryption.clientSide()`. */
export interface ClientSideOptions {
  /**
   * What S3 does with what it gets: it always encrypts, too. SSE-S3, SSE-KMS or DSSE-KMS.
   *
   * @default ObjectEncryption.sseS3()
   */
  readonly serverSide?: ObjectEncryption;

  /**
   * What the client writes. Messages of the Encryption SDK are read, 4 KiB of each; where S3 encrypts them under KMS keys, the enforcer's
   * role is allowed to decrypt with these, through S3 only. Where only such messages are accepted, the policy denies uploads straight into
   * GLACIER and DEEP_ARCHIVE, which nobody can read (https://docs.aws.amazon.com/AmazonS3/latest/userguide/archived-objects.html): let a
   * lifecycle rule archive them.
   *
   * @default - either format
   */
  readonly format?: ClientSideFormat;

  /**
   * Whether ciphertext and data key must be bound to each other, so that an object decrypts to one plaintext only
   * (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/concepts.html#key-commitment). Clients do so by default since version
   * 4 of the S3 Encryption Client, and 2 of the Encryption SDK; set it to false for objects of older ones.
   *
   * @default true
   */
  readonly requireKeyCommitment?: boolean;

  /**
   * The KMS keys that clients may wrap data keys with; every key that wraps one must be among them. Any Region and account; the replicas of
   * a multi-Region key count as keys of their own. Only messages of the Encryption SDK state them, and objects of S3 Encryption Clients without key
   * commitment; an object that does not is an unproven violation. Enforcer and bucket get no permission on these keys.
   *
   * @default - any key, of KMS or not
   */
  readonly wrappingKeys?: kms.IKey[];

  /**
   * Ending of the keys of instruction files, for S3 Encryption Clients that do not put envelopes into metadata: `.instruction`, unless
   * the client is told otherwise. Needs `format: ClientSideFormat.S3_ENCRYPTION_CLIENT`. Without metadata, an object waits up to ten minutes for
   * its instruction file, and then is a violation. The policy denies to write keys with this ending straight into GLACIER and DEEP_ARCHIVE.
   *
   * @default - envelopes lie in metadata only
   */
  readonly instructionFileSuffix?: string;
}
