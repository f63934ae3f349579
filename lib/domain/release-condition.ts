/** What lies under the old key of a quarantined object. */
export type AtOldKey =
  | { readonly status: 'nothing' }
  | ({ readonly status: 'delete-marker'; readonly versionId: string; readonly lastModified: Date | undefined } & OnTop)
  /** S3 describes an SSE-C object to nobody without its key. */
  | { readonly status: 'undescribed' }
  | ({
      readonly status: 'object';
      readonly etag: string;
      readonly versionId: string | undefined;
      readonly lastModified: Date | undefined;
      readonly replicationStatus: string | undefined;
    } & OnTop);

interface OnTop {
  /**
   * It lies on a version without an id of its own, and not on the quarantined object itself. Where versioning is suspended, a copy has no id either,
   * and takes the place of that one: https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html
   */
  readonly hidesNullVersion: boolean;
}

/** The object that is to be put back, as it was. */
export interface QuarantinedObject {
  readonly createdAt: Date | undefined;
  /** When its receipt was written, after which it was deleted. */
  readonly quarantinedAt: Date;
  /** If not, it was deleted without naming a version, which may leave a delete marker. */
  readonly hasOwnVersion: boolean;
  /** When an earlier try of the release began; undefined where this is the first. */
  readonly releaseBegunAt: Date | undefined;
}

/** The enforcer deletes in the invocation that wrote the receipt, and Lambda ends each after so long. */
const LONGEST_INVOCATION_MILLIS = 900_000;

/** What must lie there at the moment at which the copy arrives. Undefined where S3 tells nothing to compare. */
export type ReleaseCondition =
  | { readonly status: 'put'; readonly condition: { readonly ifNoneMatch: true } | { readonly ifMatch: string } | undefined }
  | { readonly status: 'refused'; readonly why: string };

/**
 * Whether a quarantined object may be put back on top of what lies there. Without leave to overwrite, that has to be older for certain, and must
 * have a version id of its own, so that it stays below. What was uploaded in parts is dated by its beginning, and a replica by its source: either
 * may be newer than its date says. S3 tells whole seconds. A delete marker that is not older, and not the enforcer's, is somebody's will as well.
 */
export function releaseCondition(there: AtOldKey, quarantined: QuarantinedObject, overwrite: boolean): ReleaseCondition {
  if (there.status === 'nothing') return { status: 'put', condition: { ifNoneMatch: true } };
  if (there.status === 'undescribed') {
    return overwrite ? { status: 'put', condition: undefined } : refused('an SSE-C object lies there, of which S3 tells no date');
  }
  const why = overwrite ? undefined : whyNot(there, quarantined);
  if (why !== undefined) return refused(why);
  return { status: 'put', condition: there.status === 'object' ? { ifMatch: there.etag } : { ifNoneMatch: true } };
}

function whyNot(there: Exclude<AtOldKey, { status: 'nothing' | 'undescribed' }>, quarantined: QuarantinedObject): string | undefined {
  const why = there.status === 'object' ? whyNotOnTop(there, quarantined.createdAt) : whyNotOnMarker(there, quarantined);
  if (why !== undefined || !there.hidesNullVersion) return why;
  return 'below what lies there is a version without an id of its own, which may be lost: while versioning is suspended, a copy takes its place';
}

/**
 * Of an object without a version id of its own no earlier delete can have left a marker on top: it would have been gone, or below. What an earlier try
 * of the release may have put back can have been deleted again since.
 */
function whyNotOnMarker(
  { versionId, lastModified }: Extract<AtOldKey, { status: 'delete-marker' }>,
  { createdAt, quarantinedAt, hasOwnVersion, releaseBegunAt }: QuarantinedObject,
): string | undefined {
  if (lastModified === undefined) return `a delete marker, ${versionId}, lies there, of which S3 tells no date`;
  if (createdAt !== undefined && lastModified < createdAt) return undefined;
  const ownUntil = Math.min(quarantinedAt.getTime() + LONGEST_INVOCATION_MILLIS, (releaseBegunAt?.getTime() ?? Infinity) - 1_000);
  if (!hasOwnVersion && lastModified.getTime() <= ownUntil) return undefined;
  return `a delete marker, ${versionId}, of ${lastModified.toISOString()} lies there: somebody has deleted the object, or another of its name, since`;
}

function whyNotOnTop(there: Extract<AtOldKey, { status: 'object' }>, quarantinedDate: Date | undefined): string | undefined {
  const { etag, versionId, lastModified, replicationStatus } = there;
  const what = `${versionId === undefined ? 'an object' : `version ${versionId}`} of ${lastModified?.toISOString() ?? 'an unknown date'}`;
  if (quarantinedDate === undefined || lastModified === undefined) return `${what} lies there, and which of the two is newer is not known`;
  if (lastModified >= quarantinedDate) return `${what} lies there, which is newer, or of the same second`;
  if (replicationStatus === 'REPLICA') return `${what} lies there, a replica, which has the date of its source`;
  if (/-\d+"?$/.test(etag)) return `${what} lies there, uploaded in parts, which has the date of its beginning`;
  if (versionId === undefined || versionId === 'null') return `${what} lies there, which has no version id, and may be lost`;
  return undefined;
}

function refused(what: string): ReleaseCondition {
  return { status: 'refused', why: `${what}; to put the quarantined object on top of it all the same, say "overwrite": true` };
}
