/** What lies under the old key of a quarantined object. */
export type AtOldKey =
  /** Nothing, or a delete marker. */
  | { readonly status: 'nothing' }
  /** S3 describes an SSE-C object to nobody without its key. */
  | { readonly status: 'undescribed' }
  | {
      readonly status: 'object';
      readonly etag: string;
      readonly versionId: string | undefined;
      readonly lastModified: Date | undefined;
      readonly replicationStatus: string | undefined;
    };

/** What must lie there at the moment at which the copy arrives. Undefined where S3 tells nothing to compare. */
export type ReleaseCondition =
  | { readonly status: 'put'; readonly condition: { readonly ifNoneMatch: true } | { readonly ifMatch: string } | undefined }
  | { readonly status: 'refused'; readonly why: string };

/**
 * Whether a quarantined object may be put back on top of what lies there. Without leave to overwrite, that has to be older for certain, and must
 * have a version id of its own, so that it stays below. What was uploaded in parts is dated by its beginning, and a replica by its source: either
 * may be newer than its date says. S3 tells whole seconds.
 *
 * @param quarantinedDate - when the quarantined object was created
 */
export function releaseCondition(there: AtOldKey, quarantinedDate: Date | undefined, overwrite: boolean): ReleaseCondition {
  if (there.status === 'nothing') return { status: 'put', condition: { ifNoneMatch: true } };
  if (there.status === 'undescribed') {
    return overwrite ? { status: 'put', condition: undefined } : refused('an SSE-C object lies there, of which S3 tells no date');
  }
  const why = overwrite ? undefined : whyNotOnTop(there, quarantinedDate);
  return why === undefined ? { status: 'put', condition: { ifMatch: there.etag } } : refused(why);
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
