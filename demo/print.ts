import type { Deployment } from './deployment';
import type { SettledBucket } from './engine/bucket-encryption';
import { COLUMNS, cells, explainMismatch, isRefused, judge, type Row } from './row';
import { formatTable, shorten } from './table';
import type { Upload } from './upload';
import type { Verdict } from './verdicts';

/** One line as each verdict comes in. */
export function printVerdict(count: string, upload: Upload, verdict: Verdict): void {
  const reason = verdict.reason === undefined ? '' : ` (${verdict.reason})`;
  console.log(`  ${count.padStart(5)}  ${shorten(upload.key, 60)}, ${upload.case.upload}: ${verdict.outcome}${reason}`);
}

/** The tables, what was worked around or skipped, and the sum. */
export function printOutcome(rows: readonly Row[], workarounds: readonly string[], deployment: Deployment): void {
  printBucket(`Bucket ${deployment.KmsBucket}: requires SSE-KMS\nunder ${deployment.KmsBucketKey}`, 'KmsBucket', rows);
  printBucket(`Bucket ${deployment.S3Bucket}: requires SSE-S3`, 'S3Bucket', rows);
  console.log(`\nQuarantine bucket ${deployment.QuarantineBucket}\nunder ${deployment.QuarantineKey}\n`);
  console.log('Every place was looked up in the buckets, and each copy compared byte by byte. ms: from the answer to the upload until');
  console.log("the time of the verdict's line in CloudWatch Logs, cold starts of the function included.\n");
  for (const line of workarounds) console.log(line);
  printSkipped(rows);
  printSum(rows);
}

function printBucket(title: string, bucket: Row['upload']['case']['bucket'], rows: readonly Row[]): void {
  const ofBucket = rows.filter((row) => row.upload.case.bucket === bucket);
  console.log(`\n${title}\n${formatTable(COLUMNS, ofBucket.map(cells))}`);
}

/** One line for each thing that the engine does not do with buckets. */
export function describeSettled(settled: readonly SettledBucket[]): string[] {
  return [...new Set(settled.map((each) => each.because))].map((because) => {
    const count = settled.filter((each) => each.because === because).length;
    return `worked around: ${because}; set by PutBucketEncryption, as the template says, on ${count} bucket${count > 1 ? 's' : ''}`;
  });
}

function printSkipped(rows: readonly Row[]): void {
  const refused = rows.filter((row) => judge(row) === 'skipped').map(({ upload }) => upload);
  const lines = refused.map(({ case: { upload, ifRefused }, status }) => `skipped: ${upload} - ${ifRefused} (answer ${status})`);
  for (const line of new Set(lines)) console.log(line);
  const deniedOnAws = rows.filter((row) => row.upload.case.expected.reason !== undefined && !isRefused(row.upload));
  if (deniedOnAws.length === 0) return;
  console.log(
    `skipped: refusal by the bucket policies - the engine does not evaluate them and stored ${deniedOnAws.length} uploads that AWS refuses`,
  );
}

function printSum(rows: readonly Row[]): void {
  const count = (judgement: string) => rows.filter((row) => judge(row) === judgement).length;
  for (const row of rows.filter((each) => judge(each) === 'MISMATCH')) console.log(explainMismatch(row));
  const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : '';
  console.log(`\n${count('as expected')} of ${rows.length} uploads ended as expected${skipped}, ${count('MISMATCH')} did not.`);
}
