import { NoRuleError } from '../shared/bucket-rules';
import { locationOf } from '../shared/receipt';
import { storeUntil } from '../shared/store-until';
import { discardObject } from './discard-object';
import { parseRequest, type ReceiptPointer, type ReleaseRequest } from './parse-request';
import { releaseObject } from './release-object';
import type { ReleasePorts, ReleaseResult, Told } from './result';
import { trustedReceipt } from './trusted-receipt';

/** What takes longer is left to the next invocation, and said so. */
const LEAST_MILLIS = 30_000;

export interface ReleaseAnswer {
  readonly action: ReleaseRequest['action'];
  readonly dryRun: boolean;
  readonly results: readonly ReleaseResult[];
}

/**
 * Each receipt on its own, one after the other: one that fails does not fail its neighbours.
 *
 * @throws Error for a request that is not understood
 */
export async function processRequest(payload: unknown, ports: ReleasePorts): Promise<ReleaseAnswer> {
  const { bucket } = ports.config.quarantine;
  const request = parseRequest(payload, bucket);
  const over = new AbortController();
  const store = storeUntil(ports.store, over.signal);
  const results: ReleaseResult[] = [];
  try {
    for (const pointer of request.receipts) {
      const receipt = locationOf({ bucket, key: pointer.receiptKey });
      const told = await resultOf(pointer, request, { ...ports, store });
      results.push({ receipt, ...told });
      const { action, dryRun, reason, requestedBy } = request;
      ports.log('quarantine request', { action, dryRun, requestReason: reason, requestedBy, receipt, ...told });
    }
  } finally {
    over.abort();
  }
  return { action: request.action, dryRun: request.dryRun, results };
}

async function resultOf(pointer: ReceiptPointer, request: ReleaseRequest, ports: ReleasePorts): Promise<Told> {
  if (ports.remainingMillis() < LEAST_MILLIS)
    return { status: 'unfinished', why: 'not begun for want of time: invoke again with those that are left' };
  try {
    const json = await ports.store.readDocument(ports.config.quarantine.bucket, pointer.receiptKey);
    if (json === undefined) return { status: 'refused', why: 'there is no such receipt' };
    const receipt = readTrusted(json, pointer, ports);
    if ('status' in receipt) return receipt;
    return await (request.action === 'release' ? releaseObject : discardObject)(receipt, request, ports);
  } catch (error) {
    if (error instanceof NoRuleError)
      return { status: 'refused', why: `${error.message} enforce() it, REPORT is enough, deploy, and ask again` };
    ports.logError('quarantine request failed', error, { action: request.action, receiptKey: pointer.receiptKey });
    const why = error instanceof Error ? error.message : String(error);
    return { status: 'failed', why: `${why}; nothing is lost: invoke again` };
  }
}

function readTrusted(json: string, pointer: ReceiptPointer, { config }: ReleasePorts) {
  try {
    return trustedReceipt(json, pointer, config);
  } catch (error) {
    return { status: 'refused', why: error instanceof Error ? error.message : String(error) } as const;
  }
}
