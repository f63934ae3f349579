import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, type WriteStream } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotRun } from './engine/cannot-run';
import { type Engine, startEngine } from './engine/engine';
import { givenEngine } from './engine/given-engine';
import { cannotWrite, prepareOutput } from './output';

export const projectFolder = join(__dirname, '..');

const ORPHAN_CHECK_MILLIS = 500;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** The reader of a pipe is gone: `npm start | head`, or Ctrl-C with `| tee`. */
const READER_GONE = 'SIGPIPE';

class Interrupted extends Error {
  constructor(readonly signalName: (typeof SIGNALS)[number] | typeof READER_GONE) {
    super(`Interrupted (${signalName}).`);
  }
}

/** What one run of the demo holds, and gives back however it ends. */
export class Run {
  /** For the cloud assembly and the CDK CLI's cache. */
  readonly folder: string;
  private readonly stopping = new AbortController();
  private readonly log: WriteStream;
  private readonly logPath: string;
  private readonly orphanCheck: NodeJS.Timeout;
  private engine?: Engine;

  /**
   * @param output - where results and the engine's log go
   * @throws CannotRun where that, or the place for temporary files, is no good; nothing is left of the run then
   */
  constructor(output: string) {
    prepareOutput(output);
    this.folder = temporaryFolder();
    for (const signalName of SIGNALS) process.on(signalName, this.interrupt);
    // For as long as the process lives: what is still written then must not end it before it has cleaned up.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => this.stopping.abort(new Interrupted(READER_GONE)));
    this.orphanCheck = this.endWithParent();
    this.logPath = join(output, 'engine.log');
    this.log = createWriteStream(this.logPath);
    // A full disk, for example: unheard of, it would end the process before it has cleaned up.
    this.log.on('error', (error) => this.stopping.abort(cannotWrite(this.logPath, error)));
  }

  /** Aborted by Ctrl-C and by the death of the engine; its reason is the error to show. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  async startEngine(): Promise<Engine> {
    const engine = await startEngine({
      signal: this.signal,
      onInstall: () => console.log('  installing it into .venv (once, about 15 s) …'),
      onLine: (line) => this.log.write(`${line}\n`),
    });
    engine.dead.addEventListener('abort', () => this.stopping.abort(engine.dead.reason));
    this.engine = engine;
    return engine;
  }

  /** An engine that somebody else runs. */
  useEngine(endpoint: string): Engine {
    this.engine = givenEngine(endpoint);
    return this.engine;
  }

  /** @throws what else ended the run, such as the death of the engine */
  async untilInterrupted(): Promise<void> {
    if (!this.signal.aborted) await once(this.signal, 'abort');
    if (!(this.signal.reason instanceof Interrupted)) throw this.signal.reason;
  }

  async end(): Promise<void> {
    clearInterval(this.orphanCheck);
    await this.engine?.stop();
    rmSync(this.folder, { recursive: true, force: true });
    this.log.end();
    for (const signalName of SIGNALS) process.off(signalName, this.interrupt);
  }

  /** Says in a line or two why the run could not go on, and gives the exit code. */
  async explain(error: unknown): Promise<number> {
    // A request that fails because the engine died may be heard of before the death itself.
    if (!this.signal.aborted) await sleep(300);
    const cause: unknown = this.signal.aborted ? this.signal.reason : error;
    if (cause instanceof Interrupted) {
      console.error(`${cause.message} Cleaning up.`);
      return 128 + constants.signals[cause.signalName];
    }
    console.error(cause instanceof CannotRun ? cause.report : cause);
    if (this.log.bytesWritten > 0) console.error(`The engine's log: ${this.logPath}`);
    return 2;
  }

  /** A signal to `npm start` may end npm and its shell and never reach us: then nobody waits for the demo any more. */
  private endWithParent(): NodeJS.Timeout {
    const parent = process.ppid;
    return setInterval(() => {
      if (process.ppid !== parent) this.stopping.abort(new Interrupted('SIGHUP'));
    }, ORPHAN_CHECK_MILLIS);
  }

  private readonly interrupt = (signalName: NodeJS.Signals) => {
    // Whoever asks twice does not want to wait; the process groups are killed on exit all the same.
    if (this.signal.aborted) process.exit(128 + constants.signals[signalName]);
    this.stopping.abort(new Interrupted(signalName as (typeof SIGNALS)[number]));
  };
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'encryption-guard-demo-'));
  } catch (error) {
    throw new CannotRun(`no temporary folder can be made in ${tmpdir()} (${(error as Error).message})`, 'Set TMPDIR to one that can.');
  }
}
