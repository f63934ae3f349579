import type { CopiedPart, PartRange } from './object-store';

/** The most that S3 copies in one request: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const MAX_COPY_BYTES = 5 * 1024 ** 3;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_PARTS = 10_000;
/** Copied within seconds, so that little is lost where a function has to end. */
const USUAL_PART_BYTES = 512 * 1024 ** 2;

/** How an object is cut. Always the same for the same size, so that what was copied before an interruption fits what comes after. */
export function partRanges(size: number): PartRange[] {
  const partBytes = Math.max(USUAL_PART_BYTES, Math.ceil(size / MAX_PARTS));
  return Array.from({ length: Math.ceil(size / partBytes) }, (_, position) => ({
    number: position + 1,
    first: position * partBytes,
    last: Math.min(size, (position + 1) * partBytes) - 1,
  }));
}

export function missingParts(size: number, copied: readonly CopiedPart[]): PartRange[] {
  const numbers = new Set(copied.map(({ number }) => number));
  return partRanges(size).filter(({ number }) => !numbers.has(number));
}
