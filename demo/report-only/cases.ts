import type { Ending, GuardedBucket, UploadCase } from '../matrix/upload-case';
import { UPLOAD_MATRIX } from '../upload-matrix';

/** For which the old default, SSE-S3, is wrong. */
const REQUIRES_KMS: readonly GuardedBucket[] = ['KmsBucket', 'DsseBucket'];
const WRONG_BY_DEFAULT: Ending = { outcome: 'reported', reason: 'wrong-scheme', location: 'its bucket' };

/**
 * The uploads of `npm start`, to buckets that report only. By hand, from what a report is: each object stays where it is, with the reason that it
 * would have been moved for; no policy denies. And a bucket that nobody has changed yet gives uploads without headers its old default, SSE-S3.
 */
export const REPORT_ONLY_CASES: readonly UploadCase[] = UPLOAD_MATRIX.filter(({ bucket }) => bucket !== 'MendedBucket').map(reportOnly);

function reportOnly({ underLimit, ...uploadCase }: UploadCase): UploadCase {
  if (uploadCase.header === 'no header' && REQUIRES_KMS.includes(uploadCase.bucket))
    return { ...uploadCase, deniedBy: [], expected: WRONG_BY_DEFAULT };
  // What the enforcer may copy or tag matters to no report; what it can see does.
  const unseen =
    underLimit?.limit === 'DSSE key not reported' ? { underLimit: { ...underLimit, expected: reported(underLimit.expected) } } : {};
  return { ...uploadCase, deniedBy: [], expected: reported(uploadCase.expected), ...unseen };
}

function reported(ending: Ending): Ending {
  return ending.outcome === 'compliant' ? ending : { ...ending, outcome: 'reported', location: 'its bucket' };
}
