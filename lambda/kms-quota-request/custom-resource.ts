import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda';
import { type QuotaService, requestIncrease } from './request-increase';

/** Never changes, so CloudFormation never takes a request for replaced, and deletes nothing. */
const PHYSICAL_ID = 'kms-symmetric-request-quota';
/** CloudFormation takes 4 KB in all. */
const MAX_REASON = 1000;

/** What CloudFormation is told. Never throws: without an answer the stack waits for its time-out. */
export async function answerTo(
  event: CloudFormationCustomResourceEvent,
  service: QuotaService,
): Promise<CloudFormationCustomResourceResponse> {
  const { StackId, RequestId, LogicalResourceId } = event;
  const head = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: PHYSICAL_ID };
  // A quota stays when its stack goes: somebody else may have come to need it.
  if (event.RequestType === 'Delete') return { ...head, Status: 'SUCCESS' };
  try {
    const { outcome, applied } = await requestIncrease(wantedBy(event), service);
    return { ...head, Status: 'SUCCESS', Data: { Outcome: outcome, AppliedQuota: applied } };
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ...head, Status: 'FAILED', Reason: `The KMS request quota: ${reason}`.slice(0, MAX_REASON) };
  }
}

/** CloudFormation makes texts of numbers. */
function wantedBy({ ResourceProperties }: CloudFormationCustomResourceEvent): number {
  const given: unknown = ResourceProperties['RequestsPerSecond'];
  const wanted = typeof given === 'string' && given.trim() !== '' ? Number(given) : Number.NaN;
  if (!Number.isFinite(wanted) || wanted <= 0)
    throw new Error(`RequestsPerSecond is ${JSON.stringify(given)}, and must be a number above 0.`);
  return wanted;
}

/** @throws Error where S3, which keeps the answer for CloudFormation, does not take it: Lambda then calls the function again */
export async function sendAnswer(url: string, answer: CloudFormationCustomResourceResponse): Promise<void> {
  // The URL is signed for an empty content type: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
  const response = await fetch(url, { method: 'PUT', headers: { 'content-type': '' }, body: JSON.stringify(answer) });
  if (!response.ok) throw new Error(`CloudFormation's answer was refused with ${response.status}.`);
}
