import type { Ending, EngineLimit } from './matrix/upload-case';
import { expectedHere } from './matrix/upload-case';
import type { PolicyAnswer } from './policy/bucket-policy';
import type { EndingOnAws } from './policy/enforcer-rights';
import { halvesOf, type KeyAnswer, keyText } from './policy/key-policy';
import { shorten, visible } from './table';
import { isRefused, type Upload } from './uploads/upload';
import type { Verdict } from './verdicts';
import type { Whereabouts } from './whereabouts';

/** One upload: what was done, what came of it, and what AWS would have made of it. */
export interface Row {
  readonly upload: Upload;
  /** Of the bucket policy on AWS. */
  readonly policy: PolicyAnswer;
  /** Of KMS on AWS, where the key is in another account and the upload names one. */
  readonly key?: KeyAnswer | undefined;
  /** Of the engine that the demo runs on. */
  readonly limits: readonly EngineLimit[];
  /** Absent if none came in time. */
  readonly verdict?: Verdict | undefined;
  /** Absent if nothing was uploaded. */
  readonly whereabouts?: Whereabouts;
  /** By the rights that the enforcer has there. Absent where nothing came of the upload. */
  readonly onAws?: EndingOnAws;
}

export type Judgement = 'as expected' | 'skipped' | 'MISMATCH';

export function judge(row: Row): Judgement {
  const { upload, policy } = row;
  if (expectedText(row) === observedText(row)) return isSkipped(upload) ? 'skipped' : 'as expected';
  return isSkipped(upload) && policyText(policy) === policyText(expectedPolicy(row)) ? 'skipped' : 'MISMATCH';
}

/** Refused by an engine that does not know what AWS knows, and not by a policy. */
export function isSkipped({ case: { ifRefused }, status }: Upload): boolean {
  return ifRefused !== undefined && status >= 400 && status < 500 && status !== 403;
}

/** What had to come of an upload, on this engine, and what AWS had to say of it. */
export function expectedText(row: Row): string {
  const { upload } = row;
  const policy = expectedPolicy(row);
  const { keyHalves } = upload.case;
  const answers = [policyText(policy), keyHalves && `KMS: ${keyText(keyHalves)}`];
  if (isDeniedByEngine(upload) && policy.deniedBy.length > 0) return words([...answers, 'refused']);
  return words([...answers, endingText(expectedHere(upload.case, row.limits)), onAwsText(expectedOnAws(row), row)]);
}

/** What did come of it. The same words as above if it is the same. */
export function observedText(row: Row): string {
  const { upload, policy, key, verdict, whereabouts, onAws } = row;
  const answers = [policyText(policy), key && `KMS: ${keyText(halvesOf(key), key.answer)}`];
  if (isDeniedByEngine(upload)) return words([...answers, 'refused']);
  if (isRefused(upload)) return words([...answers, `not stored (${upload.status})`]);
  const ending = outcomeText(verdict?.outcome ?? 'no verdict', verdict?.reason, whereabouts);
  return words([...answers, ending, onAwsText(onAws?.ending, row)]);
}

/** An engine that evaluates bucket policies on uploads answers 403. */
function isDeniedByEngine({ status }: Upload): boolean {
  return status === 403;
}

function expectedPolicy({ upload }: Row): PolicyAnswer {
  const { deniedBy } = upload.case;
  return { answer: deniedBy.length === 0 ? 'Allowed' : 'Denied', deniedBy: [...deniedBy].sort() };
}

/** Only where permissions make the difference: those were evaluated. What the engine cannot show is no observation. */
function expectedOnAws({ upload, limits }: Row): Ending | undefined {
  const { expected, underLimit } = upload.case;
  const isLimited = underLimit?.limit === 'KMS permissions not checked' && limits.includes(underLimit.limit);
  return isLimited ? expected : undefined;
}

/** Said where it differs, or should, from what the engine shows. */
function onAwsText(ending: Ending | undefined, row: Row): string | undefined {
  const differs = row.onAws?.because !== undefined || expectedOnAws(row) !== undefined;
  if (!differs) return undefined;
  return ending === undefined ? 'on AWS the same as here' : `on AWS ${endingText(ending)}`;
}

export function endingText({ outcome, reason, location }: Ending): string {
  return outcomeText(outcome, reason, location);
}

function outcomeText(outcome: string, reason?: string, location?: string): string {
  return outcome + (reason === undefined ? '' : ` (${reason})`) + (location === undefined ? '' : ` → ${location}`);
}

export function policyText({ answer, deniedBy }: PolicyAnswer): string {
  return answer === 'Allowed' ? 'bucket policy: Allowed' : `bucket policy: Denied by ${deniedBy.join(' and ')}`;
}

function words(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join('; ');
}

/** What had to come of an upload and what did, for a row that differs. */
export function explainMismatch(row: Row): string {
  const { bucket, key } = row.upload;
  const lines = [`mismatch: ${bucket}/${shorten(key, 80)}`, `  expected  ${expectedText(row)}`, `  observed  ${observedText(row)}`];
  return lines.map(visible).join('\n');
}

/** How the upload ends on AWS, where that is not what the engine showed. */
export function awsOutcome(row: Row): string | undefined {
  const { upload, limits, onAws } = row;
  if (isRefused(upload)) return undefined;
  if (onAws?.because !== undefined) return `${endingText(onAws.ending)}: ${onAws.because}`;
  const { expected, underLimit } = upload.case;
  if (underLimit?.limit !== 'DSSE key not reported' || !limits.includes(underLimit.limit)) return undefined;
  return `${endingText(expected)}: S3 reports the key of a DSSE-KMS object, the engine does not. Not shown here.`;
}
