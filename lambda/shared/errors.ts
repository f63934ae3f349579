/** May succeed later: the message is tried again, and ends in the dead-letter queue if it never does. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
}

/** S3, KMS or SSM are asked too often. Trying at once makes it worse: the message is sent anew, with a delay. */
export class ThrottledError extends RetryableError {}

/** The message is not an event that this function understands. It ends in the dead-letter queue, where a person sees it. */
export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';
}
