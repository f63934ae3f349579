import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, type FilteredLogEvent, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Upload } from './uploads/upload';

/** What the function's log says of one object version. */
export interface Verdict {
  readonly outcome: string;
  readonly reason?: string;
  /** Where the object was moved, as `s3://bucket/key`. */
  readonly location?: string;
  /** From the engine's answer to the upload until the log line, by the time that CloudWatch Logs gives the line. */
  readonly millis: number;
  /** Whether the log line, and so the event, names the version. */
  readonly namesVersion: boolean;
}

interface VerdictLine {
  readonly message: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly location?: string;
}

export interface WaitOptions {
  readonly timeoutMillis: number;
  readonly signal: AbortSignal;
  readonly onVerdict: (upload: Upload, verdict: Verdict) => void;
}

const POLL_MILLIS = 100;

/** Follows the function's log until each upload has its verdict, or had its time. */
export async function awaitVerdicts(logGroup: string, uploads: readonly Upload[], options: WaitOptions): Promise<Map<Upload, Verdict>> {
  const verdicts = new Map<Upload, Verdict>();
  const since = Math.min(...uploads.map((upload) => upload.answeredAt)) - 60_000;
  const isDue = (upload: Upload) => !verdicts.has(upload) && Date.now() < upload.answeredAt + options.timeoutMillis;
  while (uploads.some(isDue)) {
    options.signal.throwIfAborted();
    for (const event of await logEvents(logGroup, since)) {
      const found = match(event, uploads);
      // A message delivered twice gives a second line, about an object that is gone; the first is the verdict.
      if (!found || verdicts.has(found.upload)) continue;
      verdicts.set(found.upload, found.verdict);
      options.onVerdict(found.upload, found.verdict);
    }
    await sleep(POLL_MILLIS);
  }
  return verdicts;
}

/** The last things that the function called an error: the place to look if verdicts are missing. */
export async function errorsIn(logGroup: string): Promise<string[]> {
  const messages = (await logEvents(logGroup, 0)).map((event) => event.message ?? '');
  return messages.filter((message) => /"level":"(ERROR|WARN|CRITICAL)"|\bERROR\b/.test(message)).slice(-5);
}

function match(event: FilteredLogEvent, uploads: readonly Upload[]): { upload: Upload; verdict: Verdict } | undefined {
  const line = verdictLine(event.message ?? '');
  if (!line) return undefined;
  const upload = uploads.find((each) => each.bucket === line.bucket && each.key === line.key && isAboutVersion(line, each));
  if (!upload) return undefined;
  const { outcome, reason, location } = line;
  const millis = Math.max(0, (event.timestamp ?? Date.now()) - upload.answeredAt);
  return { upload, verdict: { outcome, reason, location, millis, namesVersion: line.versionId !== undefined } };
}

/**
 * An engine whose events name no version leaves it out here too. Of two versions under one key, the one that was moved
 * is then the one that was laid over the other.
 */
function isAboutVersion(line: VerdictLine, { versionId, good }: Upload): boolean {
  if (line.versionId !== undefined) return line.versionId === versionId;
  return good === undefined || line.location !== undefined;
}

/** The log also holds metrics, and what the platform writes. */
function verdictLine(message: string): VerdictLine | undefined {
  if (!message.startsWith('{')) return undefined;
  try {
    const line: VerdictLine = JSON.parse(message);
    return line.message === 'object verified' ? line : undefined;
  } catch {
    return undefined;
  }
}

async function logEvents(logGroup: string, startTime: number): Promise<FilteredLogEvent[]> {
  const logs = new CloudWatchLogsClient({});
  const events: FilteredLogEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new FilterLogEventsCommand({ logGroupName: logGroup, startTime, nextToken }));
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return events;
}
