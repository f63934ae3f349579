import { keyIdentity } from './key-identity';
import type { ObservedEncryption } from './observation';
import type { TargetEncryption } from './target-encryption';

/** What matters of an object that is to be encrypted as required. */
export interface Reencryption {
  readonly observed: ObservedEncryption['kind'];
  readonly target: TargetEncryption;
  /** Has a version id of its own, so that a request can mean it and nothing else. */
  readonly hasOwnVersion: boolean;
  /** The account of the bucket. */
  readonly account: string;
}

/**
 * How S3 could encrypt it anew: `in-place`, or `copy` onto itself. In place is better where it can be: no bytes are moved, and version, date,
 * storage class and ETag stay, of objects of any size and of archived ones. S3 does that from SSE-S3 and SSE-KMS to SSE-KMS, under a key of
 * the bucket's own account (https://docs.aws.amazon.com/AmazonS3/latest/userguide/update-sse-encryption.html), and has no condition for it:
 * without a version id, what has taken the object's place would be hit.
 */
export function reencryptionWay({ observed, target, hasOwnVersion, account }: Reencryption): 'in-place' | 'copy' {
  if (!hasOwnVersion || (observed !== 'SSE-S3' && observed !== 'SSE-KMS') || target.scheme !== 'SSE-KMS') return 'copy';
  const key = keyIdentity(target.keyArn);
  return key.kind === 'key-arn' && key.account === account ? 'in-place' : 'copy';
}
