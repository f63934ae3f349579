import { createHash } from 'node:crypto';
import { isNullVersion, unquoted } from './object-store';

/** Longest key that S3 takes, in bytes of UTF-8: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

/** Where in the quarantine bucket a version and its receipt lie. The same version has the same place, each time. */
export interface QuarantineAddress {
  readonly objectKey: string;
  readonly receiptKey: string;
  /** Where a note lies if S3 does not let the version be copied. */
  readonly refusalKey: string;
  /** Where a note lies before the version is encrypted anew in place. */
  readonly rekeyedKey: string;
}

export interface QuarantinedVersion {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly etag: string;
  /** When it was created. */
  readonly lastModified?: Date | undefined;
}

/** `-20261112T095900Z` */
const DATE_BYTES = 17;

/**
 * `objects/<bucket>/<key>/<version>`, and as JSON beside it under `receipts/`, or in folders with no longer names. A version without an id of its own is
 * told from others by its ETag; its copy, of which there can be parts from days ago, by its date as well: the same bytes may have been written
 * again since, with other metadata. Whoever looks for a receipt knows the ETag only. A key that would grow too long is replaced by its hash;
 * the receipt holds it in full.
 */
export function quarantineAddress(object: QuarantinedVersion): QuarantineAddress {
  const { bucket, key, versionId, etag, lastModified } = object;
  const isNull = isNullVersion(object);
  const version = isNull ? `etag-${unquoted(etag)}` : versionId;
  const date = isNull && lastModified !== undefined ? `-${lastModified.toISOString().replace(/[-:]|\.\d+/g, '')}` : '';
  const inFull = addressAt(`${bucket}/${key}/${version}`, date);
  if (Buffer.byteLength(inFull.receiptKey) + (isNull ? DATE_BYTES : 0) <= MAX_KEY_BYTES) return inFull;
  // No bucket has a `=` in its name, so nobody's key can be given the look of this place.
  return addressAt(`sha256=${createHash('sha256').update(key).digest('hex')}/${bucket}/${version}`, date);
}

function addressAt(place: string, date: string): QuarantineAddress {
  return {
    objectKey: `objects/${place}${date}`,
    receiptKey: `receipts/${place}.json`,
    refusalKey: `refusals/${place}.json`,
    rekeyedKey: `rekeyed/${place}.json`,
  };
}
