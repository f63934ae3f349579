import { compareKeys } from '../../lib/domain/key-identity';
import type {
  Changed,
  CopiedPart,
  CopyTarget,
  MultipartCopy,
  ObjectHead,
  ObjectStore,
  ObjectVersion,
  PartRange,
  Refusal,
  TargetCondition,
} from './object-store';
import { missingParts } from './part-ranges';

/** Parts in flight; S3 copies each inside itself. */
const IN_FLIGHT = 8;
/** S3 takes up to minutes to put many parts together: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
const COMPLETION_MILLIS = 60_000;

/** To be continued: what was copied stays, and is found again. */
export interface Unfinished {
  readonly status: 'unfinished';
  /** Something was copied. If not, somebody else is at it, or S3 is not done yet: to look again at once would show no more. */
  readonly progress: boolean;
}

export type PartsCopyResult = { readonly status: 'copied'; readonly versionId: string | undefined } | Unfinished | Changed | Refusal;

/** What an invocation has. */
export interface TimeForParts {
  /** Ends what is under way. */
  readonly isUp: AbortSignal;
  readonly remainingMillis: () => number;
}

/**
 * Copies an object in parts, as far as time allows. Continues what an earlier try began, wherever that ended: S3 itself keeps what
 * was done, so there is nothing to lose. What nobody continues, the bucket's lifecycle removes.
 */
export async function copyInParts(
  source: ObjectVersion & { readonly head: ObjectHead },
  target: CopyTarget,
  store: ObjectStore,
  time: TimeForParts,
): Promise<PartsCopyResult> {
  const begun = await begin(source, target, store);
  return 'status' in begun ? begun : continueCopy(source, begun, store, time);
}

/** @param condition - what has to lie at the target when the copy arrives */
export async function continueCopy(
  source: ObjectVersion & { readonly head: ObjectHead },
  begun: MultipartCopy,
  store: ObjectStore,
  time: TimeForParts,
  condition?: TargetCondition,
): Promise<PartsCopyResult> {
  const { etag, size } = source.head;
  const earlier = await store.copiedParts(begun);
  // Completed or given up in the meantime, by a repetition of this event: that one's receipt, or another try, will tell.
  if (earlier === undefined) return { status: 'unfinished', progress: false };
  const { copied, stopped } = await copyParts(
    missingParts(size, earlier),
    (range) => store.copyPart(source, etag, begun, range, time.isUp),
    time.isUp,
  );
  const progress = copied.length > 0;
  if (stopped?.status === 'late') return { status: 'unfinished', progress };
  if (stopped?.status === 'upload-gone') return { status: 'unfinished', progress: false };
  if (stopped !== undefined) {
    await store.abandonCopy(begun);
    return stopped;
  }
  if (progress && time.remainingMillis() < COMPLETION_MILLIS) return { status: 'unfinished', progress };
  const completed = await unlessLate(store.completeCopy(begun, [...earlier, ...copied], time.isUp, condition), time.isUp);
  if (completed.status === 'changed') {
    await store.abandonCopy(begun);
    return completed;
  }
  return completed.status === 'copied' ? completed : { status: 'unfinished', progress: false };
}

async function begin(
  source: ObjectVersion & { readonly head: ObjectHead },
  target: CopyTarget,
  store: ObjectStore,
): Promise<MultipartCopy | Exclude<PartsCopyResult, Unfinished>> {
  const earlier = await store.findCopy(target);
  if (earlier !== undefined) return earlier;
  const whole = await wholeCopy(source, target, store);
  if (whole !== undefined) return whole;
  const left = await leftBehind(source, store);
  if (left !== undefined) return left;
  const started = await store.startCopy(source, source.head.etag, target);
  return started.status === 'started' ? { target, uploadId: started.uploadId } : started;
}

/** An earlier try may have ended between the last part and the receipt. Only copies of this very write lie under its key. */
async function wholeCopy(source: ObjectVersion & { readonly head: ObjectHead }, target: CopyTarget, store: ObjectStore) {
  const there = await store.head({ bucket: target.bucket, key: target.key });
  if (there.status !== 'found') return undefined;
  const { size, versionId, encryption } = there.head;
  const isWhole = size === source.head.size && compareKeys(encryption.SSEKMSKeyId ?? '', target.kmsKeyArn) === 'same';
  return isWhole ? ({ status: 'copied', versionId } as const) : undefined;
}

/** Annotations stay with the original, however it is copied in parts, and would go with it. S3 says only to those who ask that there are any. */
export async function leftBehind(source: ObjectVersion, store: ObjectStore): Promise<Changed | Refusal | undefined> {
  const annotations = await store.annotations(source);
  switch (annotations.status) {
    case 'none':
      return undefined;
    case 'some':
      return { status: 'refused', why: 'it has annotations, which a copy in parts leaves behind' };
    case 'refused':
      return { status: 'refused', why: `it may have annotations, which a copy in parts leaves behind: ${annotations.why}` };
    default:
      return annotations;
  }
}

type PartAnswer = Awaited<ReturnType<ObjectStore['copyPart']>>;
type Late = { readonly status: 'late' };
type Stopped = Exclude<PartAnswer, { status: 'copied' }> | Late;

/** Several at a time. The first that fails stops the others. */
async function copyParts(
  ranges: readonly PartRange[],
  copyPart: (range: PartRange) => Promise<PartAnswer>,
  timeIsUp: AbortSignal,
): Promise<{ readonly copied: readonly CopiedPart[]; readonly stopped: Stopped | undefined }> {
  const waiting = [...ranges];
  const copied: CopiedPart[] = [];
  let stopped: Stopped | undefined;
  const worker = async () => {
    for (let range = waiting.shift(); range !== undefined && stopped === undefined; range = waiting.shift()) {
      if (timeIsUp.aborted) {
        stopped = { status: 'late' };
        return;
      }
      const answer = await unlessLate(copyPart(range), timeIsUp);
      if (answer.status === 'copied') copied.push(answer.part);
      else stopped ??= answer;
    }
  };
  const stopOthers = (error: unknown) => {
    stopped ??= { status: 'late' };
    throw error;
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, () => worker().catch(stopOthers)));
  return { copied, stopped };
}

/** What is cut off is done anew in the next try, unless S3 has done it by then; any other error is one. */
async function unlessLate<T>(answer: Promise<T>, timeIsUp: AbortSignal): Promise<T | Late> {
  try {
    return await answer;
  } catch (error) {
    if (timeIsUp.aborted) return { status: 'late' };
    throw error;
  }
}
