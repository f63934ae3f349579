import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotRun } from './cannot-run';
import { endGroup, spawnGroup } from './process-group';
import { Tail } from './tail';

const READY_WITHIN_MILLIS = 60_000;

/**
 * Runs the server, and ends it, with what it started, when this process is gone: the watcher reads a pipe that only we
 * hold open, so even a SIGKILL leaves nothing running.
 */
const RUN_WHILE_WE_LIVE = '(cat >/dev/null; kill -KILL 0) <&3 & exec "$@" 3<&-';

/** A program that answers HTTP on a loopback port, and what it needs to. */
export interface ServerProgram {
  /** What people call it, in errors. */
  readonly title: string;
  /** Program and arguments, for a port. */
  readonly command: (port: number) => readonly string[];
  /** Everything that it gets as environment; `temp` is a folder of its own, and where it runs. */
  readonly environment: (port: number, temp: string) => NodeJS.ProcessEnv;
  /** Answers with success as soon as all of it is there. */
  readonly readyPath: string;
}

export interface ServerOptions {
  readonly signal?: AbortSignal;
  /** Each line it writes. */
  readonly onLine?: (line: string) => void;
}

export interface Server {
  readonly endpoint: string;
  /** Aborted, with the error to show, if the server ends before it is stopped. */
  readonly dead: AbortSignal;
  /** Ends the server, what it started, and removes what they wrote. Safe to call twice. */
  stop(): Promise<void>;
}

/** A server on a free loopback port, empty at the start and forgotten at the end. */
export async function startServer(program: ServerProgram, options: ServerOptions = {}): Promise<Server> {
  const server = launch(program, await freePort(), options);
  try {
    await untilReady(server, program, options.signal);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function launch({ title, command, environment }: ServerProgram, port: number, options: ServerOptions): Server {
  const temp = mkdtempSync(join(tmpdir(), 'encryption-guard-engine-'));
  const child = spawnGroup('sh', ['-c', RUN_WHILE_WE_LIVE, 'sh', ...command(port)], {
    cwd: temp,
    env: environment(port, temp),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const tail = new Tail(5, options.onLine);
  tail.follow(child.stdout, child.stderr);
  let stopped = false;
  const stop = async () => {
    stopped = true;
    await endGroup(child);
    rmSync(temp, { recursive: true, force: true });
  };
  return { endpoint: `http://127.0.0.1:${port}`, stop, dead: deathOf(child, title, tail, () => stopped) };
}

function deathOf(child: ChildProcess, title: string, tail: Tail, wasStopped: () => boolean): AbortSignal {
  const death = new AbortController();
  const died = (how: string) => {
    if (!wasStopped()) death.abort(new CannotRun(`${title} ended (${how})`, 'Run again; it last said:', tail.text));
  };
  child.once('error', (error) => died(error.message));
  // Not `close`: functions that outlive the engine keep its output open. The pause lets its last words arrive.
  child.once('exit', (code, signal) => setTimeout(died, 100, signal ?? `exit code ${code}`));
  return death.signal;
}

async function untilReady(server: Server, { title, readyPath }: ServerProgram, signal: AbortSignal | undefined): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MILLIS;
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    server.dead.throwIfAborted();
    const answer = await fetch(`${server.endpoint}${readyPath}`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new CannotRun(`${title} was not ready within ${READY_WITHIN_MILLIS / 1000} s`, 'Run again on a less busy machine.');
}

/** The system names a free port; another program could take it before the server does, which then says so and ends. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) =>
      reject(new CannotRun(`no free port on 127.0.0.1 (${error.message})`, 'Close programs that listen there.')),
    );
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
