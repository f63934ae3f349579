import type { Exemption } from '../../lib/domain/declaration';
import type { TargetEncryption } from '../../lib/domain/target-encryption';
import type { TargetCondition } from '../shared/object-store';
import type { Receipt } from '../shared/receipt';

/** What was asked for, by whom, and what came of it. Lies in quarantine for as long as the bucket keeps it; written by this function only. */
export interface ReleaseRecord {
  readonly version: 1;
  readonly action: 'release' | 'discard';
  readonly state: 'begun' | 'done';
  readonly receipt: string;
  readonly origin: Receipt['origin'];
  readonly copy: Receipt['copy'];
  readonly reason: string;
  /** As the caller says. */
  readonly requestedBy: string;
  /** Of the invocation that was last at it; CloudTrail's record of a call of Lambda has it, with the principal. */
  readonly requestId: string;
  readonly begunAt: string;
  /** While it lasts, nobody else may go on with it: whoever wrote this may be at it. */
  readonly heldUntil: string;
  /** Of a copy in parts. */
  readonly uploadId?: string | undefined;
  /** What it was begun with; S3 encrypts it so to its end. */
  readonly uploadEncryption?: TargetEncryption | undefined;
  readonly doneAt?: string | undefined;
  /** Of a release: the version that was put back, if the bucket has versions. */
  readonly releasedVersionId?: string | undefined;
  /** Of a release: how it is encrypted, for people. */
  readonly encryption?: string | undefined;
  /** Of a release that is not as required: what spares it. */
  readonly exemption?: Exemption | undefined;
}

/** A version under the key of a copy: the copy, a repetition of it, or a delete marker. */
export interface CopyVersion {
  readonly versionId: string;
  readonly isDeleteMarker: boolean;
  /** Why S3 would not delete it, where Object Lock says so. */
  readonly lock?: string | undefined;
}

/** What lies on top where an object was deleted, and versions are kept. */
export interface DeleteMarker {
  readonly versionId: string;
  readonly lastModified: Date | undefined;
}

/** The records in the quarantine bucket, and what only a list of versions tells. Each write is conditional, so that of two invocations one wins. */
export interface ReleaseRecords {
  read(key: string): Promise<{ readonly record: ReleaseRecord; readonly etag: string } | undefined>;
  /** The ETag of what was written; undefined where something else lies there. */
  write(key: string, record: ReleaseRecord, condition: TargetCondition): Promise<string | undefined>;
  versionsOf(copyKey: string): Promise<readonly CopyVersion[]>;
  /** Under any key of any bucket that it may list; undefined where an object lies on top, or nothing. */
  deleteMarkerOn(place: { readonly bucket: string; readonly key: string }): Promise<DeleteMarker | undefined>;
}
