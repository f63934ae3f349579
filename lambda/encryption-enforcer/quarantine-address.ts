import { createHash } from 'node:crypto';
import { isNullVersion, unquoted } from '../shared/object-store';

/** Longest key that S3 takes, in bytes of UTF-8: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

/** Where in the quarantine bucket a version and its receipt lie. The same version has the same place, each time. */
export interface QuarantineAddress {
  readonly objectKey: string;
  readonly receiptKey: string;
  /** Where a note lies if S3 does not let the version be copied. */
  readonly refusalKey: string;
}

export interface QuarantinedVersion {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly etag: string;
}

/**
 * `objects/<bucket>/<key>/<version>`, and as JSON beside it under `receipts/` or, just as long, `refusals/`. A version without an id of its own is
 * told from others by its ETag. A key that would grow too long is replaced by its hash; the receipt holds it in full.
 */
export function quarantineAddress(object: QuarantinedVersion): QuarantineAddress {
  const { bucket, key, versionId, etag } = object;
  const version = isNullVersion(object) ? `etag-${unquoted(etag)}` : versionId;
  const inFull = addressAt(`${bucket}/${key}/${version}`);
  if (Buffer.byteLength(inFull.receiptKey) <= MAX_KEY_BYTES) return inFull;
  // No bucket has a `=` in its name, so nobody's key can be given the look of this place.
  return addressAt(`sha256=${createHash('sha256').update(key).digest('hex')}/${bucket}/${version}`);
}

function addressAt(place: string): QuarantineAddress {
  return { objectKey: `objects/${place}`, receiptKey: `receipts/${place}.json`, refusalKey: `refusals/${place}.json` };
}
