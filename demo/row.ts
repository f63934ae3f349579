import { shorten } from './table';
import type { Upload } from './upload';
import type { Verdict } from './verdicts';
import type { Whereabouts } from './whereabouts';

/** One line of the final table: what was done, what came of it, and whether that is what had to come. */
export interface Row {
  readonly upload: Upload;
  /** Absent if none came in time. */
  readonly verdict?: Verdict;
  /** Absent if nothing was uploaded. */
  readonly whereabouts?: Whereabouts;
}

export type Judgement = 'as expected' | 'skipped' | 'MISMATCH';

export function judge({ upload, verdict, whereabouts }: Row): Judgement {
  const { expected, ifRefused } = upload.case;
  if (isRefused(upload)) return ifRefused === undefined ? 'MISMATCH' : 'skipped';
  const same = verdict?.outcome === expected.outcome && verdict.reason === expected.reason && whereabouts === expected.location;
  return same ? 'as expected' : 'MISMATCH';
}

export function isRefused(upload: Upload): boolean {
  return upload.status >= 300;
}

export const COLUMNS = ['object', 'uploaded with', 'answer', 'verdict', 'action', 'where it is now', 'ms', ''];

export function cells(row: Row): string[] {
  const { upload, verdict, whereabouts } = row;
  return [
    shorten(upload.key, 34),
    upload.case.upload,
    String(upload.status),
    verdictText(row),
    actionText(verdict),
    whereabouts ?? 'not stored',
    verdict ? String(verdict.millis) : '-',
    MARKS[judge(row)],
  ];
}

const MARKS: Readonly<Record<Judgement, string>> = { 'as expected': '✓', skipped: 'skipped', MISMATCH: '✗' };

function verdictText({ upload, verdict }: Row): string {
  if (verdict === undefined) return isRefused(upload) ? '-' : 'no verdict';
  return verdict.reason === undefined ? verdict.outcome : `violation: ${verdict.reason}`;
}

function actionText(verdict: Verdict | undefined): string {
  if (verdict === undefined) return '-';
  return verdict.outcome === 'compliant' ? 'none' : verdict.outcome;
}

/** What had to come of an upload and what did, for a row that differs. */
export function explainMismatch(row: Row): string {
  const { expected } = row.upload.case;
  const observed = [row.verdict?.outcome ?? 'no verdict', row.verdict?.reason, row.whereabouts ?? `not stored (${row.upload.status})`];
  const wanted = [expected.outcome, expected.reason, expected.location];
  const words = (parts: readonly (string | undefined)[]) => parts.filter((part) => part !== undefined).join(', ');
  return `mismatch: ${row.upload.bucket}/${row.upload.key}: expected ${words(wanted)}; observed ${words(observed)}`;
}
