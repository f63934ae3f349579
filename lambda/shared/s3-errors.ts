import { S3ServiceException } from '@aws-sdk/client-s3';
import { RetryableError, ThrottledError } from './errors';
import type { Changed, HeadAnswer, Refusal } from './object-store';

/**
 * Errors that the same request will meet again: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
 * Every other error is worth another try, and ends in the dead-letter queue if it stays.
 */
const FINAL_ERRORS: ReadonlySet<string> = new Set([
  'AccessDenied',
  'BadRequest',
  'EntityTooLarge',
  'InvalidArgument',
  'InvalidObjectState',
  'InvalidRequest',
  'InvalidTag',
  'KMS.DisabledException',
  'KMS.KMSInvalidStateException',
  'KMS.NotFoundException',
  'NotImplemented',
  'ObjectNotInActiveTierError',
]);

/** S3 says SlowDown also where KMS throttles it, and tells them apart only in the message. */
const THROTTLING: ReadonlySet<string> = new Set([
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
]);

/** HEAD errors carry no body, hence no code: only the status tells. */
export function headStatus(error: unknown): HeadAnswer {
  switch (statusOf(error)) {
    case 400:
      return { status: 'bad-request' };
    case 403:
      return { status: 'forbidden' };
    case 404: // no such object or version, or the current version is a delete marker
    case 405: // the version is a delete marker
      return { status: 'gone' };
    default:
      throw retryable(error);
  }
}

/** Of a HEAD with a condition. */
export function goneOrChanged(error: unknown): Changed {
  if (statusOf(error) === 412) return { status: 'changed' };
  if (headStatus(error).status === 'gone') return { status: 'gone' };
  throw retryable(error);
}

export function changedOrRefused(error: unknown): Changed | Refusal {
  if (statusOf(error) === 412) return { status: 'changed' };
  return goneOrRefused(error);
}

/** 405: the version is a delete marker. */
export function untaggable(error: unknown): { status: 'gone' } | Refusal {
  return statusOf(error) === 405 ? { status: 'gone' } : goneOrRefused(error);
}

/** An S3 that does not know the request, or not there, refuses it. */
export function notRekeyed(error: unknown): { status: 'gone' } | Refusal {
  return isNotSupported(error) ? { status: 'refused', why: `${nameOf(error)}: ${messageOf(error)}` } : goneOrRefused(error);
}

export function isNoSuchUpload(error: unknown): boolean {
  return nameOf(error) === 'NoSuchUpload';
}

/** An upload that is gone with its bucket has no parts any more, either. */
export function isUploadGone(error: unknown): boolean {
  return isNoSuchUpload(error) || nameOf(error) === 'NoSuchBucket';
}

/** A part has another ETag than the one that was named. */
export function isInvalidPart(error: unknown): boolean {
  return nameOf(error) === 'InvalidPart';
}

/**
 * 501: an S3 that does not know the request. 405: one that does not allow it, as in Regions without what it asks for, or a delete marker
 * in the place of the object, which every later request tells as well.
 */
export function isNotSupported(error: unknown): boolean {
  return statusOf(error) === 501 || statusOf(error) === 405;
}

/** What lies there is not what it was to be. */
export function isPreconditionFailed(error: unknown): boolean {
  return statusOf(error) === 412;
}

export function isNoSuchKey(error: unknown): boolean {
  return nameOf(error) === 'NoSuchKey';
}

/** 405: the version is a delete marker, which a GET without its id is answered 404 of. */
export function unreadable(error: unknown): Changed | Refusal {
  return statusOf(error) === 405 ? { status: 'gone' } : changedOrRefused(error);
}

/** A range of an object without content: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function isEmptyRange(error: unknown): boolean {
  return statusOf(error) === 416;
}

function goneOrRefused(error: unknown): { status: 'gone' } | Refusal {
  const name = nameOf(error);
  if (name === 'NoSuchKey' || name === 'NoSuchVersion') return { status: 'gone' };
  if (FINAL_ERRORS.has(name)) return { status: 'refused', why: `${name}: ${messageOf(error)}` };
  throw retryable(error);
}

export function retryable(error: unknown): RetryableError {
  if (error instanceof RetryableError) return error;
  const text = `S3 answered ${statusOf(error) ?? 'nothing'}: ${nameOf(error)}: ${messageOf(error)}`;
  // HEAD has no body, so of its 503 there is no more to know.
  const isThrottled = THROTTLING.has(nameOf(error)) || statusOf(error) === 503 || statusOf(error) === 429;
  return isThrottled ? new ThrottledError(text, { cause: error }) : new RetryableError(text, { cause: error });
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown error';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
