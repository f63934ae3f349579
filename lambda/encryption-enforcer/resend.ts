import { RetryableError } from '../shared/errors';
import type { WrittenObject } from './parse-event';

/** A message of the enforcer to itself: work that could not be done, or not be finished, now. */
export const RESENT_MESSAGE = { source: 'cdk-s3-encryption-guard', detailType: 'Object To Verify' } as const;

/** `events` is where S3's events come from; `large-objects` gives each message an invocation of its own. */
export type QueueName = 'events' | 'large-objects';

/** Puts a message into a queue of the enforcer. */
export type SendMessage = (queue: QueueName, body: string, delaySeconds: number) => Promise<void>;

/** Most that SQS delays a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html */
const MAX_DELAY_SECONDS = 900;
/**
 * From then on a person should look: what is sent anew for longer than this ends in the dead-letter queue. Counted from the first time,
 * not from when the object was written: an event may have lain among the dead letters before.
 */
const GIVE_UP_AFTER_MILLIS = 3 * 24 * 3600 * 1000;

/**
 * Sends an object's message anew, so that waiting costs none of the receives after which SQS takes a message for undeliverable.
 *
 * @throws RetryableError where that has gone on for too long
 */
export async function resend(object: WrittenObject, queue: QueueName, delaySeconds: number, send: SendMessage, now: Date): Promise<void> {
  const { bucket, key, versionId, etag, writtenAt, rekeyed, resends = 0, resentSince = now } = object;
  if (now.getTime() - resentSince.getTime() > GIVE_UP_AFTER_MILLIS) {
    throw new RetryableError(`Its message was sent anew ${resends} times since ${resentSince.toISOString()}; the object is given up`);
  }
  const detail = { bucket, key, versionId, etag, writtenAt, rekeyed, resends: resends + 1, resentSince };
  const { source, detailType } = RESENT_MESSAGE;
  await send(queue, JSON.stringify({ source, 'detail-type': detailType, detail }), delaySeconds);
}

/** Doubles with each time, and differs between messages, so that they do not all come back at once. */
export function backoffSeconds({ resends = 0 }: WrittenObject, random: number): number {
  const longest = Math.min(MAX_DELAY_SECONDS, 10 * 2 ** resends);
  return Math.ceil(longest / 2 + (longest / 2) * random);
}
