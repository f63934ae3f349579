import { createHash } from 'node:crypto';

/** Longest key that S3 takes, in bytes of UTF-8: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_KEY_BYTES = 1024;

/** Where in the quarantine bucket a version and its receipt lie. The same version has the same place, each time. */
export interface QuarantineAddress {
  readonly objectKey: string;
  readonly receiptKey: string;
}

export interface QuarantinedVersion {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly etag: string;
}

/**
 * `objects/<bucket>/<key>/<version>` and `receipts/<bucket>/<key>/<version>.json`. A version without an id of its own is
 * told from others by its ETag. A key that would grow too long is replaced by its hash; the receipt holds it in full.
 */
export function quarantineAddress({ bucket, key, versionId, etag }: QuarantinedVersion): QuarantineAddress {
  const version = versionId === undefined || versionId === 'null' ? `etag-${etag.replaceAll('"', '')}` : versionId;
  const whole = `${bucket}/${key}/${version}`;
  const longest = Buffer.byteLength(`receipts/${whole}.json`);
  const place = longest <= MAX_KEY_BYTES ? whole : `${bucket}/sha256-${createHash('sha256').update(key).digest('hex')}/${version}`;
  return { objectKey: `objects/${place}`, receiptKey: `receipts/${place}.json` };
}
