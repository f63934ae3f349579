import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { VerdictLine } from './deployed-enforcement';

/** What `npm run bundle` made, and the package ships. */
const BUNDLE = join(__dirname, '..', '..', 'dist', 'lambda', 'encryption-enforcer', 'index.js');
const TIMEOUT_MILLIS = 30_000;

export interface Invocation {
  readonly answer: SQSBatchResponse;
  readonly verdicts: readonly VerdictLine[];
  /** All that it printed. */
  readonly log: string;
}

/**
 * One cold start of the bundle, as Lambda does it: a Node process with the environment of the function, and no more.
 *
 * @throws Error with what it printed, where it gives no answer
 */
export async function runBundle(event: SQSEvent, env: NodeJS.ProcessEnv): Promise<Invocation> {
  const child = spawn(process.execPath, [join(__dirname, 'bundle-process.mjs')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    timeout: TIMEOUT_MILLIS,
    killSignal: 'SIGKILL',
  });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => printed.push(chunk));
  let answer: SQSBatchResponse | undefined;
  child.once('message', (message) => {
    answer = message as SQSBatchResponse;
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  child.send({ bundle: BUNDLE, event, timeoutMillis: TIMEOUT_MILLIS });
  const end = await ended;
  const log = Buffer.concat(printed).toString();
  if (answer === undefined) throw new Error(`The bundle gave no answer (${end}), and printed:\n${log}`);
  return {
    answer,
    log,
    verdicts: log
      .split('\n')
      .filter(isVerdict)
      .map((line) => JSON.parse(line)),
  };
}

function isVerdict(line: string): boolean {
  return line.startsWith('{') && line.includes('"object verified"');
}
