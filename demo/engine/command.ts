import type { ChildProcess } from 'node:child_process';
import { CannotRun } from './cannot-run';
import { endGroup, spawnGroup } from './process-group';
import { Tail } from './tail';

export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMillis: number;
  /** Ends the command when aborted; the command then fails with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** A program that should have worked did not. */
export class CommandFailed extends CannotRun {
  constructor(
    readonly problem: string,
    output: string,
  ) {
    super(problem, 'Its last lines say why:', output);
  }
}

/** Runs a program to its end, and leaves no process of it behind however it ends. */
export async function runCommand(title: string, command: string, args: readonly string[], options: CommandOptions): Promise<void> {
  options.signal?.throwIfAborted();
  const tail = new Tail(15, options.onLine);
  const child = spawnGroup(command, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
  tail.follow(child.stdout, child.stderr);
  const over = new AbortController();
  try {
    const problem = await Promise.race([endOf(child), timeout(options.timeoutMillis), abortion(options.signal, over.signal)]);
    if (problem !== undefined) throw new CommandFailed(`${title} ${problem}`, tail.text);
  } finally {
    over.abort();
    await endGroup(child);
  }
}

/** How the program failed, or nothing if it did not. `close` comes after its last line of output. */
function endOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `failed (${signal ?? `exit code ${code}`})`));
  });
}

function timeout(millis: number): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(resolve, millis, `did not finish within ${Math.round(millis / 1000)} s`).unref();
  });
}

function abortion(signal: AbortSignal | undefined, over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true, signal: over });
  });
}
