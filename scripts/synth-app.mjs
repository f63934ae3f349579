import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotRun } from './cannot-run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What the project ships, and everything that a configuration can say. */
export const CONFIGURATIONS = ['s3-encryption-guard.json', 'test/app/everything.json'];

/** Hands the paths of the templates of the app in bin/ to `judge`, one for each configuration, and removes them again. */
export async function withTemplates(judge) {
  const folder = mkdtempSync(join(tmpdir(), 'judged-'));
  try {
    return await judge(CONFIGURATIONS.map((config, position) => synthesise(config, join(folder, `${position}`))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As the CDK CLI does it, in an account that does not matter. */
function synthesise(config, out) {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const env = {
    ...process.env,
    CDK_OUTDIR: out,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, config, 'aws:cdk:disable-asset-staging': true }),
    CDK_DEFAULT_ACCOUNT: '111122223333',
    CDK_DEFAULT_REGION: 'eu-west-1',
  };
  const tsx = createRequire(import.meta.url).resolve('tsx/cjs');
  const { status, stderr } = spawnSync(process.execPath, ['--require', tsx, 'bin/app.ts'], { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) {
    // Without what Node shows of minified sources.
    console.error(stderr.replace(/^.{500,}$/gm, '…'));
    throw new CannotRun(
      `the app cannot be synthesised with ${config}`,
      'Run npm run bundle if the function is missing, else mend bin/ or lib/.',
    );
  }
  return {
    config,
    template: join(
      out,
      readdirSync(out).find((name) => name.endsWith('.template.json')),
    ),
  };
}
