// Writes API.md from what jsii compiled; with --check, says whether it is what it should be and writes nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, program, requireBuilt, root } from './built-package.mjs';
import { CannotRun, reportAndSetExitCode } from './cannot-run.mjs';

const target = join(root, 'API.md');
const MEND = 'npm run docs';

function main(check) {
  requireBuilt();
  const rendered = render();
  if (!check) {
    writeFileSync(`${target}.${process.pid}`, rendered);
    renameSync(`${target}.${process.pid}`, target);
    return;
  }
  const line = firstDifference(rendered, current());
  if (line === undefined) return;
  console.error(`API.md is not what lib/ says, from line ${line} on. Run "${MEND}" and commit API.md.`);
  process.exitCode = 1;
}

function render() {
  const scratch = mkdtempSync(join(tmpdir(), 'api-docs-'));
  try {
    const file = join(scratch, 'API.md');
    const { status, error } = spawnSync(program('jsii-docgen'), ['--output', file], {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (error) throw error;
    if (status !== 0) throw new CannotRun(`jsii-docgen ended with status ${status}`, 'See what it says above.');
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function current() {
  try {
    return readFileSync(target, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

/** Number of the first line that differs; undefined where none does. */
function firstDifference(one, other) {
  if (one === other) return undefined;
  const [left, right] = [one.split('\n'), other.split('\n')];
  return left.findIndex((line, i) => line !== right[i]) + 1 || left.length + 1;
}

try {
  main(process.argv.includes('--check'));
} catch (error) {
  reportAndSetExitCode(error);
}
