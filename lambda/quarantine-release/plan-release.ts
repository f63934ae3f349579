import type { ClientSideEvidence } from '../../lib/domain/client-side/evidence';
import { placesOf } from '../../lib/domain/client-side/requirement';
import { VIOLATION_TAG } from '../../lib/domain/contract';
import { acceptedAt } from '../../lib/domain/declaration';
import { observedEncryption } from '../../lib/domain/observation';
import { envelopesToReencrypt } from '../../lib/domain/reencryption';
import { type AtOldKey, type QuarantinedObject, releaseCondition } from '../../lib/domain/release-condition';
import { type ReleaseEncryption, releaseEncryption } from '../../lib/domain/release-encryption';
import type { AcceptedEncryption } from '../../lib/domain/requirement';
import { isEncryptedAs } from '../../lib/domain/target-encryption';
import { evidenceOf } from '../shared/client-side-evidence';
import { RetryableError } from '../shared/errors';
import {
  type EncryptedTarget,
  isNullVersion,
  type ObjectHead,
  type ObjectVersion,
  sameContent,
  type TargetCondition,
  unquoted,
} from '../shared/object-store';
import type { ReleaseRecord } from './release-record';
import type { ReleasePorts } from './result';
import type { TrustedReceipt } from './trusted-receipt';

/** What a release would do now. */
export interface ReleasePlan {
  readonly status: 'plan';
  readonly copy: ObjectVersion & { readonly head: ObjectHead };
  readonly target: EncryptedTarget;
  readonly encryption: Exclude<ReleaseEncryption, { status: 'refused' }>;
  readonly there: AtOldKey;
  readonly condition: TargetCondition | undefined;
  /** An earlier try of this release came so far, and died before it could say so. */
  readonly done: ObjectHead | undefined;
}

type Refused = { readonly status: 'refused'; readonly why: string };
type Ports = Pick<ReleasePorts, 'store' | 'records' | 'rules' | 'now'>;

/** Looks at everything that a release depends on, and touches nothing. */
export async function planRelease(
  receipt: TrustedReceipt,
  overwrite: boolean,
  begun: ReleaseRecord | undefined,
  { store, records, rules, now }: Ports,
): Promise<ReleasePlan | Refused> {
  const { origin } = receipt;
  const head = await copyOf(receipt, store);
  if ('status' in head) return head;
  const { declaration } = await rules.fresh(origin.bucket);
  const evidence = await evidenceIn(receipt, head, acceptedAt(declaration, origin.key), store);
  const encryption = releaseEncryption(declaration, origin.key, now(), evidence);
  if (encryption.status === 'refused') return encryption;
  const tags = await store.tags(receipt.copy);
  if (tags.status !== 'found')
    return { status: 'refused', why: `the tags of the copy cannot be read: ${'why' in tags ? tags.why : 'it is gone'}` };
  const { [VIOLATION_TAG]: _ours, ...others } = tags.tags;
  const { bucket, key, notCopied } = origin;
  const target = { bucket, key, encryption: encryption.encryption, tags: others, notCopied };
  const done = begun && (await earlierResult(target, head, new Date(begun.begunAt), store));
  const there = await atOldKey(origin, { store, records });
  const planned = { status: 'plan', copy: { ...receipt.copy, head }, target, encryption, there } as const;
  if (done !== undefined) return { ...planned, done, condition: undefined };
  const decision = releaseCondition(there, quarantinedObject(receipt, begun), overwrite);
  return decision.status === 'refused' ? decision : { ...planned, done, condition: decision.condition };
}

/** What the copy says of its client-side encryption, where that decides; its instruction file lies in the bucket that it came from. */
async function evidenceIn(
  { copy, origin: { bucket, key } }: TrustedReceipt,
  head: ObjectHead,
  accepted: AcceptedEncryption,
  store: ReleasePorts['store'],
): Promise<ClientSideEvidence | undefined> {
  const envelopes = envelopesToReencrypt(accepted);
  if (envelopes.length === 0) return undefined;
  return (await evidenceOf({ bucket, key, content: copy, head }, placesOf(envelopes), store)).evidence;
}

function quarantinedObject({ origin, quarantinedAt }: TrustedReceipt, begun: ReleaseRecord | undefined): QuarantinedObject {
  const createdAt = origin.lastModified === undefined ? undefined : new Date(origin.lastModified);
  const releaseBegunAt = begun && new Date(begun.begunAt);
  return { createdAt, quarantinedAt: new Date(quarantinedAt), hasOwnVersion: !isNullVersion(origin), releaseBegunAt };
}

/** The copy that the receipt names, if it is what the receipt says. */
async function copyOf({ copy, origin }: TrustedReceipt, store: ReleasePorts['store']): Promise<ObjectHead | Refused> {
  const answer = await store.headWithChecksum(copy);
  if (answer.status === 'gone') return { status: 'refused', why: 'the copy is gone: its retention has ended, or it was discarded' };
  if (answer.status !== 'found') throw new RetryableError(`HeadObject of the copy in quarantine is ${answer.status}`);
  const { size } = answer.head;
  return size === origin.size ? answer.head : { status: 'refused', why: `the copy has ${size} bytes, and its receipt says ${origin.size}` };
}

async function atOldKey(origin: TrustedReceipt['origin'], { store, records }: Pick<Ports, 'store' | 'records'>): Promise<AtOldKey> {
  const { bucket, key } = origin;
  const answer = await store.head({ bucket, key });
  switch (answer.status) {
    case 'gone': {
      const marker = await records.deleteMarkerOn({ bucket, key });
      if (marker === undefined) return { status: 'nothing' };
      return { status: 'delete-marker', ...marker, hidesNullVersion: await hidesNullVersion(marker, origin, store) };
    }
    case 'bad-request':
      return { status: 'undescribed' };
    case 'forbidden':
      throw new RetryableError(
        `S3 answers 403 to HeadObject of s3://${bucket}/${key}; its bucket policy must let the role of the release in`,
      );
    case 'found': {
      const { etag, versionId, lastModified, replicationStatus } = answer.head;
      const hides = await hidesNullVersion({ versionId }, origin, store);
      return { status: 'object', etag, versionId, lastModified, replicationStatus, hidesNullVersion: hides };
    }
  }
}

async function hidesNullVersion(
  top: Pick<ObjectVersion, 'versionId'>,
  { bucket, key, etag }: TrustedReceipt['origin'],
  store: ReleasePorts['store'],
): Promise<boolean> {
  if (isNullVersion(top)) return false;
  const below = await store.head({ bucket, key, versionId: 'null' });
  if (below.status !== 'found') return below.status !== 'gone';
  return unquoted(below.head.etag) !== unquoted(etag);
}

/**
 * The object that lies there, if an earlier try put it there: the same content, encrypted as the copy is to be, and written since that try began. By
 * the checksum that S3 states for both; where it states none, it is taken for somebody else's.
 */
export async function earlierResult(
  { bucket, key, encryption }: EncryptedTarget,
  copy: ObjectHead,
  begunAt: Date,
  store: ReleasePorts['store'],
): Promise<ObjectHead | undefined> {
  const answer = await store.head({ bucket, key });
  if (answer.status !== 'found' || answer.head.size !== copy.size || !isEncryptedAs(encryption, observedEncryption(answer.head.encryption)))
    return undefined;
  // S3 tells whole seconds.
  if (answer.head.lastModified === undefined || answer.head.lastModified.getTime() < Math.floor(begunAt.getTime() / 1000) * 1000)
    return undefined;
  const whole = await store.headWithChecksum({ bucket, key, versionId: answer.head.versionId });
  if (whole.status !== 'found' || whole.head.etag !== answer.head.etag) return undefined;
  return sameContent(whole.head, copy) === true ? whole.head : undefined;
}
