import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotRun } from './cannot-run';
import { engineProcessEnvironment } from './environment';
import { installEngine } from './install';
import { endGroup, spawnGroup } from './process-group';
import { Tail } from './tail';

const READY_WITHIN_MILLIS = 60_000;

/**
 * Runs the engine, and ends it, with the functions it runs, when this process is gone: the watcher reads a pipe that
 * only we hold open, so even a SIGKILL leaves nothing running.
 */
const RUN_WHILE_WE_LIVE = '(cat >/dev/null; kill -KILL 0) <&3 & exec "$@" 3<&-';

export interface Engine {
  readonly endpoint: string;
  /** What had to be changed about the engine to make it answer as AWS does: lines to show. Grows as it is found out. */
  readonly workarounds: readonly string[];
  /** Aborted, with the error to show, if the engine ends before it is stopped. */
  readonly dead: AbortSignal;
  /** Ends the engine, the functions it runs, and removes what they wrote. Safe to call twice. */
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly signal?: AbortSignal;
  readonly onInstall?: () => void;
  /** Each line the engine writes. */
  readonly onLine?: (line: string) => void;
}

/** A local AWS engine (MiniStack) on a free loopback port, empty at the start and forgotten at the end. */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const python = await installEngine(options);
  const engine = launch(python, await freePort(), options);
  try {
    await untilReady(engine, options.signal);
    return engine;
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

function launch(python: string, port: number, options: EngineOptions): Engine {
  const temp = mkdtempSync(join(tmpdir(), 'encryption-guard-engine-'));
  const command = ['-c', RUN_WHILE_WE_LIVE, 'sh', python, join(__dirname, 'start_ministack.py')];
  const child = spawnGroup('sh', command, {
    cwd: temp,
    env: engineProcessEnvironment(port, temp),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const workarounds: string[] = [];
  const tail = new Tail(5, (line) => {
    if (line.startsWith('worked around: ')) workarounds.push(line);
    options.onLine?.(line);
  });
  tail.follow(child.stdout, child.stderr);
  let stopped = false;
  const stop = async () => {
    stopped = true;
    await endGroup(child);
    rmSync(temp, { recursive: true, force: true });
  };
  return { endpoint: `http://127.0.0.1:${port}`, workarounds, stop, dead: deathOf(child, tail, () => stopped) };
}

function deathOf(child: ChildProcess, tail: Tail, wasStopped: () => boolean): AbortSignal {
  const death = new AbortController();
  const died = (how: string) => {
    if (!wasStopped()) death.abort(new CannotRun(`the local AWS engine ended (${how})`, 'Run again; it last said:', tail.text));
  };
  child.once('error', (error) => died(error.message));
  // Not `close`: functions that outlive the engine keep its output open. The pause lets its last words arrive.
  child.once('exit', (code, signal) => setTimeout(died, 100, signal ?? `exit code ${code}`));
  return death.signal;
}

async function untilReady(engine: Engine, signal: AbortSignal | undefined): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MILLIS;
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    engine.dead.throwIfAborted();
    const answer = await fetch(`${engine.endpoint}/_ministack/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new CannotRun(`the local AWS engine was not ready within ${READY_WITHIN_MILLIS / 1000} s`, 'Run again on a less busy machine.');
}

/** The system names a free port; another program could take it before the engine does, which then says so and ends. */
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
