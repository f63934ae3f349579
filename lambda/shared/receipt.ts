import type { Action } from '../../lib/domain/action';
import type { Violation } from '../../lib/domain/verdict';
import type { NotCopied } from './object-store';

/**
 * Lies beside a copy in quarantine and says where it comes from and why. Written by the enforcer only, so it can be
 * trusted where metadata and tags of the object, which its uploader chose, cannot.
 */
export interface Receipt {
  readonly version: 1;
  readonly quarantinedAt: string;
  readonly enforcer: string;
  readonly origin: {
    readonly bucket: string;
    readonly key: string;
    readonly versionId?: string | undefined;
    readonly etag: string;
    readonly size: number;
    /** When it was created; without it, what it lay on cannot be told. */
    readonly lastModified?: string | undefined;
    /** What the copy here was not given, for a copy of it under the old key. */
    readonly notCopied?: NotCopied | undefined;
  };
  readonly copy: { readonly bucket: string; readonly key: string; readonly versionId: string };
  readonly violation: Violation;
  /** The action that was asked for; absent where that was to quarantine. */
  readonly requested?: Action | undefined;
  /** Why less was done. */
  readonly reducedBecause?: string | undefined;
  /** How a copy that was left in its place is encrypted; absent where none was. */
  readonly encryptedAs?: string | undefined;
  /** The version id of that copy. */
  readonly replacedBy?: string | undefined;
}

/** Only the enforcer writes receipts, so what is there has the shape that it wrote. */
export function readReceipt(text: string): Receipt {
  return JSON.parse(text) as Receipt;
}

export function locationOf({ bucket, key }: { readonly bucket: string; readonly key: string }): string {
  return `s3://${bucket}/${key}`;
}
