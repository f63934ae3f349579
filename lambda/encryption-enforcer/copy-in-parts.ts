import { compareKeys } from '../../lib/domain/key-identity';
import {
  type Changed,
  type CopiedPart,
  type CopyTarget,
  isNullVersion,
  type MultipartCopy,
  type ObjectHead,
  type ObjectStore,
  type ObjectVersion,
  type PartRange,
  type Refusal,
} from '../shared/object-store';
import { missingParts } from './part-ranges';

/** Parts in flight; S3 copies each inside itself. */
const IN_FLIGHT = 8;

export type PartsCopyResult =
  | { readonly status: 'copied'; readonly versionId: string | undefined }
  /** To be continued: what was copied stays, and is found again. */
  | { readonly status: 'unfinished' }
  | Changed
  | Refusal;

/**
 * Copies an object in parts, as far as time allows. Continues what an earlier try began, wherever that ended: S3 itself keeps what
 * was done, so there is nothing to lose. What nobody continues, the bucket's lifecycle removes.
 */
export async function copyInParts(
  source: ObjectVersion & { readonly head: ObjectHead },
  target: CopyTarget,
  store: ObjectStore,
  timeIsUp: AbortSignal,
): Promise<PartsCopyResult> {
  const { etag, size } = source.head;
  const begun = await begin(source, target, store);
  if ('status' in begun) return begun;
  const copied = await store.copiedParts(begun);
  // Completed or given up in the meantime, by a repetition of this event: that one's receipt, or another try, will tell.
  if (copied === undefined) return { status: 'unfinished' };
  const result = await copyParts(missingParts(size, copied), (range) => store.copyPart(source, etag, begun, range, timeIsUp), timeIsUp);
  if ('status' in result) {
    if (result.status === 'changed' || result.status === 'gone' || result.status === 'refused') await store.abandonCopy(begun);
    return result.status === 'upload-gone' ? { status: 'unfinished' } : result;
  }
  const completed = await store.completeCopy(begun, [...copied, ...result]);
  return completed.status === 'copied' ? completed : { status: 'unfinished' };
}

async function begin(
  source: ObjectVersion & { readonly head: ObjectHead },
  target: CopyTarget,
  store: ObjectStore,
): Promise<MultipartCopy | Exclude<PartsCopyResult, { status: 'unfinished' }>> {
  const earlier = await store.findCopy(target);
  if (earlier !== undefined) return earlier;
  const whole = await wholeCopy(source, target, store);
  if (whole !== undefined) return whole;
  const started = await store.startCopy(source, source.head.etag, target);
  return started.status === 'started' ? { target, uploadId: started.uploadId } : started;
}

/** An earlier try may have ended between the last part and the receipt. Of null versions, equal content may have other metadata. */
async function wholeCopy(source: ObjectVersion & { readonly head: ObjectHead }, target: CopyTarget, store: ObjectStore) {
  if (isNullVersion(source)) return undefined;
  const there = await store.head({ bucket: target.bucket, key: target.key });
  if (there.status !== 'found') return undefined;
  const { size, versionId, encryption } = there.head;
  const isWhole = size === source.head.size && compareKeys(encryption.SSEKMSKeyId ?? '', target.kmsKeyArn) === 'same';
  return isWhole ? ({ status: 'copied', versionId } as const) : undefined;
}

type PartAnswer = Awaited<ReturnType<ObjectStore['copyPart']>>;
type Stopped = Exclude<PartAnswer, { status: 'copied' }> | { readonly status: 'unfinished' };

/** Several at a time. The first that fails stops the others. */
async function copyParts(
  ranges: readonly PartRange[],
  copyPart: (range: PartRange) => Promise<PartAnswer>,
  timeIsUp: AbortSignal,
): Promise<readonly CopiedPart[] | Stopped> {
  const waiting = [...ranges];
  const copied: CopiedPart[] = [];
  let stopped: Stopped | undefined;
  const worker = async () => {
    for (let range = waiting.shift(); range !== undefined && stopped === undefined; range = waiting.shift()) {
      if (timeIsUp.aborted) {
        stopped = { status: 'unfinished' };
        return;
      }
      const answer = await unlessLate(copyPart(range), timeIsUp);
      if (answer.status === 'copied') copied.push(answer.part);
      else stopped ??= answer;
    }
  };
  const stopOthers = (error: unknown) => {
    stopped ??= { status: 'unfinished' };
    throw error;
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, () => worker().catch(stopOthers)));
  return stopped ?? copied;
}

/** A part that is cut off is copied anew in the next try; any other error is one. */
async function unlessLate(part: Promise<PartAnswer>, timeIsUp: AbortSignal): Promise<PartAnswer | { readonly status: 'unfinished' }> {
  try {
    return await part;
  } catch (error) {
    if (timeIsUp.aborted) return { status: 'unfinished' };
    throw error;
  }
}
