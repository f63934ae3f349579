import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoResult } from '../../demo/result';
import { UPLOAD_MATRIX } from '../../demo/upload-matrix';

/** `npm start` against an engine that is there already: the one of these tests, found by AWS_ENDPOINT_URL. */
const output = mkdtempSync(join(tmpdir(), 'demo-output-'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

/** Not spawnSync: this process may be the one that reads what the engine prints, and an engine that is not read from stops. */
function runDemo(): Promise<{ said: string; exitCode: number | null }> {
  const start = join(__dirname, '..', '..', 'demo', 'start.mjs');
  const demo = spawn(process.execPath, [start, '--output', output], { timeout: 160_000, killSignal: 'SIGKILL' });
  const said: Buffer[] = [];
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((resolve, reject) => {
    demo.on('error', reject);
    demo.on('close', (exitCode) => resolve({ said: Buffer.concat(said).toString(), exitCode }));
  });
}

test('the demo shows every row as expected, and writes down what it saw', async () => {
  const { said, exitCode } = await runDemo();
  expect(said).toContain('0 did not.');
  expect(exitCode).toBe(0);

  const result: DemoResult = JSON.parse(readFileSync(join(output, 'result.json'), 'utf8'));
  expect(result.engine).toMatchObject({ endpoint: process.env['AWS_ENDPOINT_URL'], startedByDemo: false });
  expect(result.rows.length).toBeGreaterThanOrEqual(30);
  expect(result.rows.filter(({ ok, expected, observed }) => !ok || expected !== observed)).toEqual([]);
  expect(result.rows.length + result.skipped.filter(({ upload }) => upload !== undefined).length).toBe(UPLOAD_MATRIX.length);
  expect(readFileSync(join(output, 'report.html'), 'utf8')).toContain(`All ${result.rows.length} uploads ended as expected`);
}, 180_000);
