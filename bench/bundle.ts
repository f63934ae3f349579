import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CANARY_ENVIRONMENT, DIGEST_ENVIRONMENT, ENVIRONMENT, FINDINGS_ENVIRONMENT, RELEASE_ENVIRONMENT } from '../lib/domain/contract';
import type { DigestedEnforcer } from '../lib/domain/digested-enforcer';
import { type Benchmark, compared, figure, type Progress, type Row } from './benchmark';
import { projectFolder, runNode } from './node-process';
import { inTurns, Samples } from './samples';
import { withScratch } from './scratch';

const APPS = join(__dirname, 'apps');
const BUNDLES = join(projectFolder, 'dist', 'lambda');
const NAME = 'encryption-enforcer';
const TURNS = 25;
const TURNS_OF_OTHERS = 9;
const AIM = 0.75;

/** Of the enforcer, at commit 8ba552f: before it knew client-side encryption and REENCRYPT. */
const BEFORE = { minified: 510.746, zipped: 147.202 };

const NAMES = [ENVIRONMENT, CANARY_ENVIRONMENT, DIGEST_ENVIRONMENT, FINDINGS_ENVIRONMENT, RELEASE_ENVIRONMENT].flatMap((names) =>
  Object.values(names),
);
const DIGESTED: DigestedEnforcer = { name: 'enforcer', queue: 'queue', largeQueue: 'large', deadLetterQueues: [], maxAgeMillis: 900_000 };
/** What the functions refuse to start without, and nothing that would make Node work differently. */
const COLD_START = {
  AWS_REGION: 'eu-west-1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  ...Object.fromEntries(NAMES.map((name) => [name, 'value'])),
  [CANARY_ENVIRONMENT.patienceSeconds]: '300',
  [DIGEST_ENVIRONMENT.enforcers]: JSON.stringify([DIGESTED]),
  [FINDINGS_ENVIRONMENT.productArn]: 'arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default',
};

/** What a cold start reads, and how long that takes. */
export const bundle: Benchmark = {
  name: 'bundle',
  title: "The functions' bundles",
  about: [
    `The bundles that the package ships. **NodejsFunction** is what that makes of the handler of \`${NAME}\` with \`bundleAwsSDK: true\` and \`minify: true\`: its asset, from a real synth with the local esbuild.`,
    `**before** is the bundle of \`${NAME}\` without client-side encryption and \`REENCRYPT\`: constants, of the commit before. Its import took as much processor time within a few per cent, when both were measured in 82 turns: 1.03 times as much today (0.99 – 1.07).`,
    '**import** is `require` of a bundle in a Node process of its own, up to the handler being there; in turns. On Lambda it is a part of each cold start, and slower there.',
    'What makes the difference: [decision 6](decisions/0006-slim-bundle.md).',
  ],
  run: (progress) => withScratch((folder) => [...ofEnforcer(folder, progress), ...ofOthers(progress)]),
};

const bundleOf = (name: string) => join(BUNDLES, name, 'index.js');

function ofEnforcer(folder: string, progress: Progress): Row[] {
  const ours = bundleOf(NAME);
  progress('bundle: NodejsFunction bundles the same handler');
  const theirs = nodejsFunction(folder);
  const measures = { ours: () => importMillis(ours), theirs: () => importMillis(theirs) };
  const { ours: import_, theirs: importOfTheirs } = inTurns(TURNS, measures, 'bundle, import', progress);
  const constant = (value: number) => new Samples([value]);
  const row = (what: string) => `${NAME}, ${what}`;
  return [
    compared(row('minified / NodejsFunction'), 'kB', kilobytes(ours), kilobytes(theirs), AIM),
    compared(row('minified, gzip -9 / NodejsFunction'), 'kB', zipped(ours), zipped(theirs), AIM),
    compared(row('import / NodejsFunction'), 'ms', import_, importOfTheirs, AIM),
    compared(row('minified / before'), 'kB', kilobytes(ours), constant(BEFORE.minified)),
    compared(row('minified, gzip -9 / before'), 'kB', zipped(ours), constant(BEFORE.zipped)),
  ];
}

function ofOthers(progress: Progress): Row[] {
  const names = readdirSync(BUNDLES).filter((name) => name !== NAME && existsSync(bundleOf(name)));
  const measures = Object.fromEntries(names.map((name) => [name, () => importMillis(bundleOf(name))]));
  const imports = inTurns(TURNS_OF_OTHERS, measures, 'bundle, import', progress);
  return names.flatMap((name) => [
    figure(`${name}, minified`, 'kB', kilobytes(bundleOf(name))),
    figure(`${name}, minified, gzip -9`, 'kB', zipped(bundleOf(name))),
    ...[imports[name]].flatMap((samples) => (samples === undefined ? [] : [figure(`${name}, import`, 'ms', samples)])),
  ]);
}

function nodejsFunction(folder: string): string {
  const handler = join(projectFolder, 'lambda', NAME, 'handler.ts');
  const { stdout } = runNode([join(APPS, 'nodejs-function.cjs'), handler, join(folder, 'cdk.out')]);
  return stdout.trim().split('\n').at(-1) ?? '';
}

function importMillis(file: string): number {
  return Number(runNode([join(APPS, 'import.cjs'), file], { env: COLD_START }).stdout);
}

const kilobytes = (file: string) => new Samples([readFileSync(file).length / 1000]);
const zipped = (file: string) => new Samples([gzipSync(readFileSync(file), { level: 9 }).length / 1000]);
