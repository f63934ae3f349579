import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotRun } from './cannot-run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What the project ships, the examples, and everything that a configuration can say. */
export const CONFIGURATIONS = [
  's3-encryption-guard.json',
  'test/app/everything.json',
  ...readdirSync(join(root, 'bin', 'examples'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => `bin/examples/${name}`),
];

/** Hands the paths of the templates of the app in bin/ to `judge`, with the configuration of each, and removes them again. */
export async function withTemplates(judge) {
  const folder = mkdtempSync(join(tmpdir(), 'judged-'));
  try {
    return await judge(CONFIGURATIONS.flatMap((config, position) => synthesise(config, join(folder, `${position}`))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const tsx = createRequire(import.meta.url).resolve('tsx/cjs');

/** As the CDK CLI does it, in an account that does not matter; with what the first deployments tell, so that no stack is left out. */
function synthesise(config, out) {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const complete = `${out}.json`;
  writeFileSync(
    complete,
    runTs(['-p', `JSON.stringify(require('./bin/examples/deployed.ts').deployed(require('./${config}')))`], {}, config),
  );
  const env = {
    CDK_OUTDIR: out,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, config: complete, 'aws:cdk:disable-asset-staging': true }),
  };
  runTs(['bin/app.ts'], env, config);
  const templates = readdirSync(out).filter((name) => name.endsWith('.template.json'));
  return templates.map((name) => ({ config, template: join(out, name) }));
}

function runTs(args, env, config) {
  const options = { cwd: root, env: { ...process.env, ...env }, encoding: 'utf8' };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', tsx, ...args], options);
  if (status === 0) return stdout;
  // Without what Node shows of minified sources.
  console.error(stderr.replace(/^.{500,}$/gm, '…'));
  throw new CannotRun(
    `the app cannot be synthesised with ${config}`,
    'Run npm run bundle if the function is missing, else mend bin/ or lib/.',
  );
}
