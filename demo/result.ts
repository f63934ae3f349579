import { describeUpload, REQUIRED_SCHEMES, type UploadCase } from './matrix/upload-case';
import { writeOutput } from './output';
import type { ReleaseStep } from './releases';
import type { Count } from './report-only/numbers';
import { awsOutcome, expectedText, judge, observedText, type Row } from './row';
import type { Accounts } from './two-accounts/accounts';

/** What `.demo/result.json` holds. Names that others read: renaming one breaks them. */
export interface DemoResult {
  readonly engine: EngineDescription;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Milliseconds of each step by its name, and of all in `total`. */
  readonly timings: Readonly<Record<string, number>>;
  /** Where key and data are in accounts of their own: which, and who may use the key. */
  readonly accounts?: Accounts | undefined;
  /** Every upload that the engine took or had to take. */
  readonly rows: readonly ResultRow[];
  /** With `--report-only`: the same, counted by what clients ask for. */
  readonly counts?: readonly Count[] | undefined;
  /** Where the engine stored what is wrong: one object was put back from quarantine, and another discarded. */
  readonly releases?: readonly ReleaseStep[] | undefined;
  /** What this engine could not show, with the reason. */
  readonly skipped: readonly Skipped[];
}

export interface EngineDescription {
  readonly name: string;
  readonly endpoint: string;
  readonly startedByDemo: boolean;
  /** In which it is not like AWS, as probed. */
  readonly limits: readonly string[];
  /** What was done about it. */
  readonly workarounds: readonly string[];
}

export interface ResultRow {
  readonly bucket: string;
  readonly key: string;
  /** How it was uploaded. */
  readonly upload: string;
  /** Of the deployed bucket policy on AWS, by iam-simulate. */
  readonly policyAnswer: 'Allowed' | 'Denied';
  /** The Sid that decides; several where each of them alone denies. Null: no statement denies. */
  readonly policyStatement: string | null;
  /** Of KMS on AWS, by iam-simulate, where the key is in another account and the upload names one: absent elsewhere. */
  readonly kmsAnswer?: 'Allowed' | 'Denied';
  /** The Sid in the policy of the key that allows. Null: none does. */
  readonly keyPolicyStatement?: string | null;
  /** That of the IAM policies of the uploader. */
  readonly iamPolicyStatement?: string | null;
  /** HTTP status of the engine, which evaluates no bucket policy. */
  readonly engineAnswer: number;
  readonly verdict: 'compliant' | 'violation' | null;
  readonly reason: string | null;
  readonly action: 'none' | 'reported' | 'tagged' | 'quarantined' | 're-encrypted' | null;
  /** Where the object is now, looked up. */
  readonly location: string | null;
  /** The same in words, or what is wrong with where it is. */
  readonly whereabouts: string | null;
  readonly millisToVerdict: number | null;
  readonly expected: string;
  readonly observed: string;
  readonly ok: boolean;
  /** How the upload would end on AWS, had it got past the bucket policy. Only where that differs from `observed`. */
  readonly awsOutcome?: string;
}

export interface Skipped extends Partial<Pick<ResultRow, 'bucket' | 'upload' | 'engineAnswer' | 'policyAnswer' | 'policyStatement'>> {
  readonly what: string;
  readonly why: string;
}

export function resultRow(row: Row): ResultRow {
  const { upload, policy, key, verdict, whereabouts } = row;
  const onAws = awsOutcome(row);
  return {
    bucket: upload.bucket,
    key: upload.key,
    upload: describeUpload(upload.case),
    policyAnswer: policy.answer,
    policyStatement: policy.deniedBy.join(', ') || null,
    ...(key && { kmsAnswer: key.answer, keyPolicyStatement: key.keyStatement, iamPolicyStatement: key.iamStatement }),
    engineAnswer: upload.status,
    verdict: verdict === undefined ? null : verdict.outcome === 'compliant' ? 'compliant' : 'violation',
    reason: verdict?.reason ?? null,
    action: actionOf(verdict?.outcome),
    location: placeOf(row),
    whereabouts: whereabouts ?? null,
    millisToVerdict: verdict?.millis ?? null,
    expected: expectedText(row),
    observed: observedText(row),
    ok: judge(row) === 'as expected',
    ...(whereabouts !== undefined && onAws !== undefined && { awsOutcome: onAws }),
  };
}

function actionOf(outcome: string | undefined): ResultRow['action'] {
  switch (outcome) {
    case 'reported':
    case 'tagged':
    case 'quarantined':
    case 're-encrypted':
      return outcome;
    default:
      return outcome === 'compliant' ? 'none' : null;
  }
}

function placeOf({ upload, verdict, whereabouts }: Row): string | null {
  if (whereabouts === undefined || whereabouts.startsWith('LOST')) return null;
  return whereabouts.startsWith('quarantine') ? (verdict?.location ?? null) : `s3://${upload.bucket}/${upload.key}`;
}

/** What the engine refused though AWS knows it, and what it cannot show at all. */
export function skippedIn(rows: readonly Row[], omitted: readonly UploadCase[] = []): Skipped[] {
  const refused = rows.filter((row) => judge(row) === 'skipped');
  const stored = rows.filter(({ policy, upload }) => policy.answer === 'Denied' && upload.status < 300);
  const unkeyed = rows.filter(({ key, upload }) => key?.answer === 'Denied' && upload.status < 300);
  return [
    ...refused.map(skippedUpload),
    ...omitted.map((each) => ({ what: nameOf(each), upload: describeUpload(each), why: RE_ENCRYPTION_NOT_KNOWN })),
    ...(unkeyed.length === 0 ? [] : [{ what: `refusal of ${unkeyed.length} uploads by KMS`, why: KMS_NOT_ASKED }]),
    ...(stored.length === 0 ? [] : [{ what: `refusal of ${stored.length} uploads by the bucket policies`, why: POLICIES_NOT_EVALUATED }]),
    ...(rows.some(({ verdict }) => verdict?.namesVersion === false)
      ? [{ what: 'verdicts told apart by version', why: VERSIONS_NOT_NAMED }]
      : []),
  ];
}

function skippedUpload(row: Row): Skipped {
  const { bucket, upload, engineAnswer, policyAnswer, policyStatement } = resultRow(row);
  const { case: uploadCase } = row.upload;
  return {
    what: nameOf(uploadCase),
    why: uploadCase.ifRefused ?? '',
    bucket,
    upload,
    engineAnswer,
    policyAnswer,
    policyStatement,
  };
}

function nameOf(uploadCase: UploadCase): string {
  const mends = uploadCase.bucket === 'MendedBucket' ? ' that re-encrypts' : '';
  return `${describeUpload(uploadCase)} into the ${REQUIRED_SCHEMES[uploadCase.bucket]} bucket${mends}`;
}

const RE_ENCRYPTION_NOT_KNOWN =
  'the engine takes UpdateObjectEncryption for an upload of nothing, so what re-encryption does cannot be shown';

const POLICIES_NOT_EVALUATED = 'the engine evaluates no bucket policy, so they were stored, as if the uploader were exempt from it';

const KMS_NOT_ASKED = 'the engine asks neither the policy of a key nor the IAM policies of who uses it, so they were stored';

const VERSIONS_NOT_NAMED = "the engine's events name no version, as AWS's do, so what was there when the event came was judged";

/** Uploads that the engine did not take are not shown to have ended: they stand under `skipped`. */
export function resultRows(rows: readonly Row[]): ResultRow[] {
  return rows.filter((row) => judge(row) !== 'skipped').map(resultRow);
}

/** Nothing shown is nothing proved. */
export function isSuccess(rows: readonly Pick<ResultRow, 'ok'>[]): boolean {
  return rows.length > 0 && rows.every(({ ok }) => ok);
}

export function writeResult(folder: string, result: DemoResult): string {
  return writeOutput(folder, 'result.json', `${JSON.stringify(result, undefined, 2)}\n`);
}
