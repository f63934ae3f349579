import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun } from '../../demo/engine/cannot-run';
import { prepareOutput, writeOutput } from '../../demo/output';
import { Run } from '../../demo/run';

const ROOT = join(__dirname, '..', '..');

const folder = mkdtempSync(join(tmpdir(), 'demo-output-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** A folder of its own for each test. */
function newFolder(): string {
  count += 1;
  const path = join(folder, String(count));
  mkdirSync(path);
  return path;
}

describe('the folder for results', () => {
  test('is made, with all folders above it', () => {
    const output = join(newFolder(), 'a', 'b');
    prepareOutput(output);
    expect(readdirSync(output)).toEqual(['engine.log']);
  });

  test('holds no results of an earlier run once a run has begun', () => {
    const output = newFolder();
    for (const name of ['result.json', 'report.html', 'notes.txt']) writeFileSync(join(output, name), 'of an earlier run');
    prepareOutput(output);
    expect(readdirSync(output).sort()).toEqual(['engine.log', 'notes.txt']);
  });

  test.each(['result.json', 'report.html', 'engine.log'] as const)('is refused before anything is done if %s cannot be written', (name) => {
    const output = newFolder();
    mkdirSync(join(output, name));
    expect(() => prepareOutput(output)).toThrow(CannotRun);
    expect(() => prepareOutput(output)).toThrow(/--output FOLDER\.$/);
    expect(() => prepareOutput(output)).toThrow(join(output, name));
  });

  test('that is gone when results are written is told in a line', () => {
    expect(() => writeOutput(join(newFolder(), 'gone'), 'result.json', '{}')).toThrow(CannotRun);
  });
});

test('npm start -- --output FILE ends by itself, says so in a line, and leaves nothing behind', () => {
  const [output, temporary] = [join(newFolder(), 'a file'), newFolder()];
  writeFileSync(output, 'mine');
  const script = `require(${JSON.stringify(join(ROOT, 'demo', 'main.ts'))}).main(['--output', ${JSON.stringify(output)}]).then((code) => { process.exitCode = code; });`;
  const env = { PATH: process.env['PATH'], TMPDIR: temporary, TSX_DISABLE_CACHE: '1' };
  const args = ['--require', require.resolve('tsx/cjs'), '--eval', script];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: 'utf8', timeout: 60_000 });
  expect([status, signal, stdout]).toEqual([2, null, '']);
  expect(stderr).toBe(`Cannot run: ${output} cannot be written (EEXIST). Name a folder that can be written to with --output FOLDER.\n`);
  expect(readdirSync(temporary)).toEqual([]);
}, 90_000);

test('a log that can be written no more ends the run, after which nothing is left of it', async () => {
  const run = new Run(newFolder());
  (run as unknown as { log: NodeJS.WritableStream }).log.emit('error', Object.assign(new Error('disk full'), { code: 'ENOSPC' }));
  expect(run.signal.reason).toBeInstanceOf(CannotRun);
  expect(String(run.signal.reason)).toContain('engine.log cannot be written (ENOSPC)');
  await run.end();
  expect(existsSync(run.folder)).toBe(false);
});
