import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { parseConfig } from '../bin/config/parse-config';
import { MAX_BUCKETS } from '../bin/config/read-deployments';
import { deployed } from '../bin/examples/deployed';
import { GuardStacks } from '../bin/stacks/guard-stacks';
import { type Benchmark, figure, type Progress, type Row } from './benchmark';
import { projectFolder, runNode } from './node-process';
import { inTurns, Samples } from './samples';
import { withScratch } from './scratch';

const TURNS = 5;
const EXAMPLES = ['one-account', 'key-and-data', 'central-audit'] as const;
/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LIMITS = { resources: 500, bytes: 1_000_000 } as const;
const { context } = JSON.parse(readFileSync(join(projectFolder, 'cdk.json'), 'utf8'));

/** Synth of the app's examples, and how much a stack holds. */
export const app: Benchmark = {
  name: 'app',
  title: 'The app: its examples, and how many buckets fit a stack',
  about: [
    '**synth** is the whole process of `bin/app.ts` with each of `bin/examples`, as it is after the first deployments, so that no stack is left out: compiling TypeScript, loading the CDK, and its check of the templates included.',
    `**resources** and **template** are of the data stack with so many buckets of the defaults, of the ${LIMITS.resources} and 1 MB that CloudFormation takes. One enforcer serves ${MAX_BUCKETS}, so the configuration takes no more for an account and Region: a fault of ours, with its place, before the CDK or CloudFormation refuses anything. **100 buckets** are therefore two stacks, in two configurations or places.`,
    '**buckets that fit** is where the line through the first and the last of them meets the limit.',
  ],
  run: (progress) => withScratch((folder) => [...synthOfExamples(folder, progress), ...sizes(folder)]),
};

function synthOfExamples(folder: string, progress: Progress): Row[] {
  const tsx = createRequire(__filename).resolve('tsx/cjs');
  const measure = (name: string) => () => {
    const [config, out] = [join(folder, `${name}.json`), join(folder, name)];
    writeFileSync(
      config,
      JSON.stringify(deployed(JSON.parse(readFileSync(join(projectFolder, 'bin', 'examples', `${name}.json`), 'utf8')))),
    );
    const env = { ...process.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify({ ...context, config }) };
    const { millis } = runNode(['--require', tsx, 'bin/app.ts'], { env });
    rmSync(out, { recursive: true });
    return millis;
  };
  progress('app: once for nothing, so that files are in memory');
  measure(EXAMPLES[0])();
  const [one, two, three] = EXAMPLES;
  const measured = inTurns(TURNS, { [one]: measure(one), [two]: measure(two), [three]: measure(three) }, 'app, synth', progress);
  return EXAMPLES.map((name) => figure(`synth: ${name}`, 'ms', measured[name] as Samples));
}

/** So many more than the configuration takes that ours is the first error. */
function atLeast(name: string, value: number): Row {
  return { name, value, unit: '', aim: MAX_BUCKETS, atLeast: true, met: value >= MAX_BUCKETS };
}

interface Size {
  readonly buckets: number;
  readonly resources: number;
  readonly bytes: number;
}

function sizes(folder: string): Row[] {
  const [first, ...others] = [1, 10, MAX_BUCKETS].map((count) => sizeOf(folder, count));
  const last = others.at(-1);
  if (first === undefined || last === undefined) return [];
  const figures = [first, ...others];
  const fitting = (of: 'resources' | 'bytes') =>
    Math.floor(first.buckets + (LIMITS[of] - first[of]) / ((last[of] - first[of]) / (last.buckets - first.buckets)));
  const one = (value: number) => new Samples([value]);
  return [
    ...figures.map(({ buckets, resources }) => figure(`resources: ${buckets} buckets`, '', one(resources), LIMITS.resources)),
    ...figures.map(({ buckets, bytes }) => figure(`template: ${buckets} buckets`, 'kB', one(bytes / 1000), LIMITS.bytes / 1000)),
    atLeast('buckets that fit 500 resources', fitting('resources')),
    atLeast('buckets that fit 1 MB', fitting('bytes')),
  ];
}

function sizeOf(folder: string, buckets: number): Size {
  const outdir = join(folder, `size-${buckets}`);
  mkdirSync(outdir);
  const scope = new App({ outdir, context: { ...context, 'aws:cdk:disable-asset-staging': true } });
  addDataStack(scope, buckets);
  scope.synth();
  const [template = ''] = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
  const text = readFileSync(join(outdir, template), 'utf8');
  return { buckets, resources: Object.keys(JSON.parse(text).Resources).length, bytes: Buffer.byteLength(text) };
}

const HOME = { account: '111122223333', region: 'eu-west-1' };
function addDataStack(scope: App, count: number): void {
  const buckets = Array.from({ length: count }, (_, index) => ({ id: `Bucket${index}` }));
  const parsed = parseConfig({ data: [{ ...HOME, buckets }] });
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  new GuardStacks(scope, parsed.config);
}
