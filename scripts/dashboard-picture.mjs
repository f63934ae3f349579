// Draws docs/images/dashboard.svg: the dashboard that demo/dashboard/app.ts has today, with what demo/dashboard/record.ts measured of
// it, and what scripts/dashboard/made-up.mjs adds where a local engine measures nothing. With --check, says whether that is the picture in docs, and writes nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './built-package.mjs';
import { CannotRun, reportAndSetExitCode } from './cannot-run.mjs';
import { drawDashboard } from './dashboard/draw.mjs';
import { MADE_UP_NOTE, madeUp } from './dashboard/made-up.mjs';

const PICTURE = 'docs/images/dashboard.svg';
const DATA = 'docs/images/dashboard-data.json';
const APP = 'demo/dashboard/app.ts';

function main(check) {
  const recorded = JSON.parse(readFileSync(join(root, DATA), 'utf8'));
  const widgets = widgetsOf(template());
  const measurements = [...recorded.measurements, ...madeUp(widgets, recorded)];
  const picture = drawDashboard(widgets, { ...recorded, measurements, note: MADE_UP_NOTE });
  if (!check) return writeFileSync(join(root, PICTURE), picture);
  if (picture === readFileSync(join(root, PICTURE), 'utf8')) return;
  console.error(`${PICTURE} does not show the dashboard of ${APP}. Run "npm run docs" and commit it.`);
  process.exitCode = 1;
}

/** For no account and Region, as anybody has it. */
function template() {
  const out = mkdtempSync(join(tmpdir(), 'dashboard-picture-'));
  try {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:disable-asset-staging': true }) };
    const tsx = createRequire(import.meta.url).resolve('tsx/cjs');
    const { status, stderr } = spawnSync(process.execPath, ['--require', tsx, APP], { cwd: root, env, encoding: 'utf8' });
    if (status !== 0) {
      console.error(stderr.replace(/^.{500,}$/gm, '…'));
      throw new CannotRun(`${APP} cannot be synthesised`, 'Run npm run bundle if a function is missing, else mend it or lib/.');
    }
    return JSON.parse(readFileSync(join(out, 'Guarded.template.json'), 'utf8'));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function widgetsOf({ Resources }) {
  const [dashboard] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
  return JSON.parse(textOf(dashboard.Properties.DashboardBody)).widgets;
}

/** What only a deployment knows stands as `${LogicalId}`, as in the recorded data. */
function textOf(value) {
  if (typeof value === 'string') return value;
  const [[intrinsic, argument]] = Object.entries(value);
  if (intrinsic === 'Fn::Join') return argument[1].map(textOf).join(argument[0]);
  return `\${${[argument].flat()[0]}}`;
}

try {
  main(process.argv.includes('--check'));
} catch (error) {
  reportAndSetExitCode(error);
}
