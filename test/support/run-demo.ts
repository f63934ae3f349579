import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoResult } from '../../demo/result';

const START = join(__dirname, '..', '..', 'demo', 'start.mjs');

export interface DemoRun {
  readonly said: string;
  readonly exitCode: number | null;
  readonly result: DemoResult;
  readonly report: string;
}

/** `npm start` against an engine that is there already: the one of these tests, found by AWS_ENDPOINT_URL. */
export async function runDemo(...args: string[]): Promise<DemoRun> {
  const output = mkdtempSync(join(tmpdir(), 'demo-output-'));
  try {
    const ended = await start([...args, '--output', output]);
    const written = (name: string) => readFileSync(join(output, name), 'utf8');
    if (ended.exitCode !== 0) console.error(ended.said);
    return { ...ended, result: JSON.parse(written('result.json')), report: written('report.html') };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** Not spawnSync: this process may be the one that reads what the engine prints, and an engine that is not read from stops. */
function start(args: readonly string[]): Promise<{ said: string; exitCode: number | null }> {
  const demo = spawn(process.execPath, [START, ...args], { timeout: 160_000, killSignal: 'SIGKILL' });
  const said: Buffer[] = [];
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((resolve, reject) => {
    demo.on('error', reject);
    demo.on('close', (exitCode) => resolve({ said: Buffer.concat(said).toString(), exitCode }));
  });
}
