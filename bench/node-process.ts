import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CannotRun } from '../demo/engine/cannot-run';

export const projectFolder = join(__dirname, '..');

export interface Ran {
  readonly stdout: string;
  /** From before its start until it was gone. */
  readonly millis: number;
}

export interface NodeOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMillis?: number;
}

/** Runs a file in a Node process of its own, without the TypeScript loader of this one. */
export function runNode(args: readonly string[], { env = process.env, timeoutMillis = 120_000 }: NodeOptions = {}): Ran {
  const started = process.hrtime.bigint();
  const { status, signal, error, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: projectFolder,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMillis,
    maxBuffer: 64 * 1024 * 1024,
  });
  const millis = Number(process.hrtime.bigint() - started) / 1e6;
  if (status === 0) return { stdout, millis };
  const how = error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`);
  const lines = `${stdout}${stderr}`.trim().split('\n').slice(-15);
  // Node shows the line at fault, which of a bundle is all of it.
  throw new CannotRun(
    `node ${args.join(' ')} failed (${how})`,
    'Its last lines say why:',
    lines.map((line) => line.slice(0, 300)).join('\n'),
  );
}
