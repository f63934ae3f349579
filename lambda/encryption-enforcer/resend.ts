import { RetryableError } from '../shared/errors';
import { RESENT_MESSAGE, type WrittenObject } from './parse-event';

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
  const { bucket, key, versionId, etag, writtenAt, rekeyed, resends = 0, throttles = 0, resentSince = now } = object;
  if (now.getTime() - resentSince.getTime() > GIVE_UP_AFTER_MILLIS) {
    throw new RetryableError(`Its message was sent anew ${resends} times since ${resentSince.toISOString()}; the object is given up`);
  }
  const detail = { bucket, key, versionId, etag, writtenAt, rekeyed, resends: resends + 1, throttles, resentSince };
  const { source, detailType } = RESENT_MESSAGE;
  await send(queue, inQueueCharacters(JSON.stringify({ source, 'detail-type': detailType, detail })), delaySeconds);
}

/**
 * A key may have these two characters, and SQS takes them for none: it refuses the message, or puts U+FFFD in their place, so that it would be
 * about another object. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function inQueueCharacters(json: string): string {
  return json.replaceAll('\ufffe', '\\ufffe').replaceAll('\uffff', '\\uffff');
}

/**
 * A message that was given up, and sent again from the dead-letter queue, has all its time again. It is known by when SQS says it was sent:
 * the enforcer itself sends none so late. (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html:
 * redriven messages are new ones, with a new time.) One from the future was sent by somebody else, and would never be given up.
 */
export function revived(object: WrittenObject, sentAt: Date): WrittenObject {
  const { resentSince } = object;
  const isOfAnotherTime = resentSince !== undefined && Math.abs(sentAt.getTime() - resentSince.getTime()) > GIVE_UP_AFTER_MILLIS;
  return isOfAnotherTime ? { ...object, resends: 0, throttles: 0, resentSince: undefined } : object;
}

/** Doubles with each time in a row, and differs between messages, so that they do not all come back at once. */
export function backoffSeconds({ throttles = 0 }: WrittenObject, random: number): number {
  const longest = Math.min(MAX_DELAY_SECONDS, 10 * 2 ** throttles);
  return Math.ceil(longest / 2 + (longest / 2) * random);
}
