import type { ClientSideEvidence } from './client-side/evidence';
import { type EnvelopeRequirement, envelopeViolation } from './client-side/requirement';
import { keyIdentity } from './key-identity';
import type { ObservedEncryption } from './observation';
import { type AcceptedEncryption, type EncryptionRequirement, envelopesIn, serverSideOf } from './requirement';
import { type TargetEncryption, targetEncryption } from './target-encryption';

/**
 * How S3 itself can make an object compliant: the first that is accepted there and within its reach. That is server-side encryption of any
 * object; and of one that its client encrypted as required, what is to lie beneath. Undefined where only a client can.
 *
 * @param evidence - of client-side encryption; undefined where nobody has looked for any, which `envelopesToReencrypt` says
 */
export function reencryptionTarget(accepted: AcceptedEncryption, evidence?: ClientSideEvidence): TargetEncryption | undefined {
  const reachable = accepted.filter((each) => each.scheme !== 'client-side' || envelopeViolation(each.envelope, evidence) === undefined);
  return firstTarget(reachable);
}

/** Those that decide about it: none where server-side encryption comes first. */
export function envelopesToReencrypt(accepted: AcceptedEncryption): EnvelopeRequirement[] {
  return envelopesIn(untilServerSide(accepted));
}

/** All that `reencryptionTarget` can come to. */
export function reencryptionTargets(accepted: AcceptedEncryption): TargetEncryption[] {
  return untilServerSide(accepted).flatMap((each) => firstTarget([each]) ?? []);
}

/** What comes after it is never needed: any object can be given that. */
function untilServerSide(accepted: AcceptedEncryption): readonly EncryptionRequirement[] {
  const first = accepted.findIndex((each) => targetEncryption(each) !== undefined);
  return first < 0 ? accepted : accepted.slice(0, first + 1);
}

function firstTarget(requirements: readonly EncryptionRequirement[]): TargetEncryption | undefined {
  return requirements.map((each) => targetEncryption(serverSideOf(each))).find((each) => each !== undefined);
}

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
