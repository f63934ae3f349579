// `npm test`: everything that a fresh machine can prove, and what it came to.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportAndSetExitCode } from './cannot-run.mjs';
import { checkNode } from './check-node.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { findPython } from './find-python.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** In the order in which a fault is cheapest to find. */
const STEPS = [
  { name: 'types', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'lint and format', command: 'biome', args: ['ci', '--error-on-warnings', '.'] },
  { name: 'jsii', command: 'jsii', args: ['--fail-on-warnings'] },
  { name: 'function bundle', command: 'node', args: ['lambda/bundle.mjs'] },
  { name: 'cfn-lint', command: 'node', args: ['scripts/judge.mjs'] },
  { name: 'README snippets', command: 'node', args: ['scripts/readme-snippets.mjs'] },
  { name: 'API.md', command: 'node', args: ['scripts/api-docs.mjs', '--check'] },
  { name: 'guarantees.md', command: 'node', args: ['scripts/policy-docs.mjs', '--check'] },
  { name: 'object matrix', command: 'node', args: ['scripts/object-matrix-docs.mjs', '--check'] },
  { name: 'kms-quota.md', command: 'node', args: ['scripts/kms-quota-docs.mjs', '--check'] },
  { name: 'picture of the dashboard', command: 'node', args: ['scripts/dashboard-picture.mjs', '--check'] },
  { name: 'unit tests', command: 'jest', args: ['--selectProjects', 'unit'], counts: true },
  { name: 'emulator tests', command: 'jest', args: ['--selectProjects', 'emulator', '--runInBand'], counts: true },
];

/** jsii speaks of the Node version of its user in many lines; engines in package.json says what we support. */
const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };

async function main() {
  checkNode();
  findPython();
  await ensureInstalled();
  const scratch = mkdtempSync(join(tmpdir(), 'guard-test-'));
  try {
    const results = STEPS.map((step, position) => run(step, join(scratch, `${position}.json`)));
    summarise(results);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A step that fails does not hide what the others say. */
function run(step, resultFile) {
  console.log(`\n▶ ${step.name}`);
  const started = Date.now();
  const args = step.counts ? [...step.args, '--json', `--outputFile=${resultFile}`] : step.args;
  const command = step.command === 'node' ? process.execPath : join(root, 'node_modules', '.bin', step.command);
  // Of Jest's two outputs, --json takes standard output; what people read comes on standard error.
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', step.counts ? 'ignore' : 'inherit', 'inherit'] });
  if (error) console.error(error.message);
  return { ...step, ok: status === 0, seconds: (Date.now() - started) / 1000, ...(step.counts && testCounts(resultFile)) };
}

/** Without a result file nothing was tested, which counts as a failure. */
function testCounts(resultFile) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(resultFile, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, skipped: numPendingTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function summarise(results) {
  console.log('');
  for (const { name, ok, seconds } of results) console.log(`${ok ? '✔' : '✘'} ${name.padEnd(18)} ${seconds.toFixed(1)} s`);
  const total = (field) => results.reduce((sum, result) => sum + (result[field] ?? 0), 0);
  const failedSteps = results.filter((result) => !result.ok && !result.counts).length;
  console.log(`\n${total('passed')} passed, ${total('failed') + failedSteps} failed, ${total('skipped')} skipped`);
  process.exitCode = results.every((result) => result.ok) ? 0 : 1;
}

await main().catch(reportAndSetExitCode);
