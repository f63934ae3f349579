import type { Deployment } from './deployment';
import type { SettledBucket } from './engine/bucket-encryption';
import { describeUpload, GUARDED_BUCKETS, type GuardedBucket, KEY_OUTPUTS, REQUIRED_SCHEMES } from './matrix/upload-case';
import { halvesOf, type KeyAnswer } from './policy/key-policy';
import type { Skipped } from './result';
import { awsOutcome, explainMismatch, type Judgement, judge, type Row } from './row';
import { formatTable, shorten, visible } from './table';
import { isRefused } from './uploads/upload';

/** The tables, what was worked around or skipped, and the sum. */
export function printOutcome(rows: readonly Row[], deployment: Deployment, requires = 'requires'): void {
  for (const bucket of GUARDED_BUCKETS) {
    const name = deployment[bucket];
    if (name !== undefined)
      printBucket(`Bucket ${name}: ${requires} ${REQUIRED_SCHEMES[bucket]}${underKey(bucket, deployment)}`, bucket, rows);
  }
  console.log(`\nQuarantine bucket ${deployment.QuarantineBucket}\nunder ${deployment.QuarantineKey}\n`);
  console.log(LEGEND);
  printDifferences(rows);
}

const LEGEND = `Policy on AWS: what the deployed bucket policy answers there, evaluated offline. Where the engine does not ask it, what AWS denies
is stored here, as if the uploader were exempt. Every place was looked up in the buckets, and each copy compared by its SHA-256.
ms: from the answer to the upload until the time of the verdict's line in CloudWatch Logs, cold starts of the function included.
`;

function underKey(bucket: GuardedBucket, deployment: Deployment): string {
  const output = KEY_OUTPUTS[bucket];
  return output === undefined ? '' : `\nunder ${deployment[output]}`;
}

function printBucket(title: string, bucket: GuardedBucket, rows: readonly Row[]): void {
  const ofBucket = rows.filter((row) => row.upload.case.bucket === bucket);
  if (ofBucket.length === 0) return;
  const withKms = ofBucket.some(({ key }) => key !== undefined);
  const columns = withKms ? besidePolicy(COLUMNS, 'KMS on AWS') : COLUMNS;
  const lines = ofBucket.map((row) => (withKms ? besidePolicy(cells(row, NAME_WIDTH_BESIDE_KMS), kmsCell(row.key)) : cells(row)));
  console.log(`\n${title}\n${formatTable(columns, lines)}`);
}

const NAME_WIDTH = 22;
const NAME_WIDTH_BESIDE_KMS = 13;

/** Behind what the policy of the bucket answers, what KMS does. */
function besidePolicy(line: readonly string[], cell: string): string[] {
  const behind = COLUMNS.indexOf('policy on AWS') + 1;
  return [...line.slice(0, behind), cell, ...line.slice(behind)];
}

const COLUMNS = ['object', 'uploaded with', 'policy on AWS', 'answer', 'verdict', 'where it is now', 'ms', ''];

function cells(row: Row, nameWidth = NAME_WIDTH): string[] {
  const { upload, verdict, whereabouts } = row;
  return [
    shorten(visible(upload.key), nameWidth),
    describeUpload(upload.case),
    policyCell(row),
    String(upload.status),
    verdictCell(row),
    visible(whereabouts ?? 'not stored'),
    verdict ? String(verdict.millis) : '-',
    MARKS[judge(row)] + (awsOutcome(row) === undefined ? '' : '*'),
  ];
}

const MARKS: Readonly<Record<Judgement, string>> = { 'as expected': '✓', skipped: 'skip', MISMATCH: '✗' };

/** For want of which half a key of another account cannot be used. */
function kmsCell(key: KeyAnswer | undefined): string {
  if (key === undefined) return '-';
  const [half, other] = halvesOf(key);
  if (half === undefined) return 'no half';
  if (other !== undefined) return key.answer;
  return half === 'key policy' ? 'no IAM half' : 'no key half';
}

/** The names of the statements say what they deny. */
function policyCell({ policy: { deniedBy } }: Row): string {
  const [first, ...others] = deniedBy;
  if (first === undefined) return 'Allowed';
  return others.length === 0 ? first : `${first} +${others.length}`;
}

function verdictCell({ upload, verdict }: Row): string {
  if (verdict === undefined) return isRefused(upload) ? '-' : 'no verdict';
  return verdict.reason ?? verdict.outcome;
}

/** The rows with a star: what AWS would make of them. Said once for all objects that differ alike. */
function printDifferences(rows: readonly Row[]): void {
  const differing = rows.filter((row) => awsOutcome(row) !== undefined);
  if (differing.length === 0) return;
  console.log('* ends otherwise on AWS, had the upload got past the bucket policy:');
  for (const row of differing) console.log(`  ${shorten(visible(row.upload.key), 40)}: ${visible(awsOutcome(row) ?? '')}`);
  console.log('');
}

/** One line for each thing that the engine does not do with buckets. */
export function describeSettled(settled: readonly SettledBucket[]): string[] {
  return [...new Set(settled.map((each) => each.because))].map((because) => {
    const count = settled.filter((each) => each.because === because).length;
    return `worked around: ${because}; set by PutBucketEncryption, as the template says, on ${count} bucket${count > 1 ? 's' : ''}`;
  });
}

export function printNotes(workarounds: readonly string[], skipped: readonly Skipped[]): void {
  for (const line of workarounds) console.log(line);
  for (const why of new Set(skipped.map((each) => each.why))) {
    console.log(`skipped: ${why}`);
    for (const each of skipped.filter((one) => one.why === why)) console.log(`  ${each.what}${answerOnAws(each)}`);
  }
}

function answerOnAws({ policyAnswer, policyStatement }: Skipped): string {
  return policyAnswer === undefined ? '' : `; on AWS the bucket policy answers ${policyStatement ?? policyAnswer}`;
}

export function printSum(rows: readonly Row[]): void {
  const count = (judgement: string) => rows.filter((row) => judge(row) === judgement).length;
  for (const row of rows.filter((each) => judge(each) === 'MISMATCH')) console.log(explainMismatch(row));
  const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : '';
  console.log(`\n${count('as expected')} of ${rows.length} uploads ended as expected${skipped}, ${count('MISMATCH')} did not.`);
}
