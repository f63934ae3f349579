import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { FindingsConfig } from './config';
import { findingOf } from './finding';
import { objectEventIn } from './object-event';

/** A finding that Security Hub did not take. */
export interface RefusedFinding {
  readonly id: string;
  readonly code: string;
  readonly message: string;
}

export interface FindingsPorts {
  readonly config: FindingsConfig;
  /** One call. @throws where it failed as a whole */
  readonly importFindings: (findings: readonly AwsSecurityFinding[]) => Promise<readonly RefusedFinding[]>;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly logError: (message: string, error: unknown, fields: Readonly<Record<string, unknown>>) => void;
}

/** One call takes so many, 240 KB each and 6 MB in all; these have 10 KB at most. */
const MAX_FINDINGS = 100;

interface Pending {
  readonly messageId: string;
  readonly finding: AwsSecurityFinding;
}

/** Each message on its own: those of which no finding was taken are tried again, and end in the dead-letter queue. */
export async function importBatch(event: SQSEvent, ports: FindingsPorts): Promise<SQSBatchResponse> {
  const read = event.Records.map((record) => pendingOf(record, ports));
  const pending = newestOfEach(read.filter((each) => 'finding' in each));
  const failed = read.flatMap((each) => ('finding' in each ? [] : [each.messageId]));
  for (let from = 0; from < pending.length; from += MAX_FINDINGS) {
    failed.push(...(await failuresOf(pending.slice(from, from + MAX_FINDINGS), ports)));
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

function pendingOf({ messageId, body }: SQSRecord, { config, logError }: FindingsPorts): Pending | { readonly messageId: string } {
  try {
    return { messageId, finding: findingOf(objectEventIn(body), config) };
  } catch (error) {
    logError('event without finding', error, { messageId });
    return { messageId };
  }
}

/** Of one object only the last word: which of two in one call would win is nowhere said. */
function newestOfEach(pending: readonly Pending[]): Pending[] {
  const newest = new Map<string | undefined, Pending>();
  for (const each of pending) {
    const known = newest.get(each.finding.Id);
    if (known === undefined || updatedAt(each) > updatedAt(known)) newest.set(each.finding.Id, each);
  }
  return [...newest.values()];
}

/** Times of one format: they sort as texts. */
function updatedAt({ finding }: Pending): string {
  return finding.UpdatedAt ?? '';
}

async function failuresOf(pending: readonly Pending[], { config, importFindings, log, logError }: FindingsPorts): Promise<string[]> {
  const messageIdOf = new Map(pending.map(({ finding, messageId }) => [finding.Id, messageId]));
  try {
    const refused = await importFindings(pending.map(({ finding }) => finding));
    for (const { id, code, message } of refused)
      logError('finding not taken', new Error(`${code}: ${message}`), { findingId: id, remedy: remedyFor(code, config) });
    log('findings imported', { taken: pending.length - refused.length, refused: refused.length });
    // One that names none of these may be any of them.
    if (refused.some(({ id }) => !messageIdOf.has(id))) return [...messageIdOf.values()];
    return refused.flatMap(({ id }) => messageIdOf.get(id) ?? []);
  } catch (error) {
    const code = error instanceof Error ? error.name : '';
    logError('findings not imported', error, { findings: pending.length, remedy: remedyFor(code, config) });
    return pending.map(({ messageId }) => messageId);
  }
}

/** That it is not enabled is told for each finding, or for the call: https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html */
function remedyFor(code: string, { account, region }: FindingsConfig): string {
  if (code.startsWith('InvalidAccess'))
    return `Enable AWS Security Hub CSPM in account ${account}, ${region}, then redrive the dead-letter queue; or take securityHubFindings off.`;
  if (code.startsWith('InvalidInput'))
    return 'Report it: the finding is not as Security Hub wants it, and trying again will not mend that.';
  return 'It is tried again.';
}
