import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ENVIRONMENT } from '../lib/domain/contract';
import { type Benchmark, compared, type Row } from './benchmark';
import { projectFolder, runNode } from './node-process';
import { inTurns, Samples } from './samples';
import { withScratch } from './scratch';

const APPS = join(__dirname, 'apps');
const NAME = 'encryption-enforcer';
const TURNS = 25;
const AIM = 0.75;

/** What the handler refuses to start without, and nothing that would make Node work differently. */
const COLD_START = {
  AWS_REGION: 'eu-west-1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  ...Object.fromEntries(Object.values(ENVIRONMENT).map((name) => [name, 'value'])),
};

/** What a cold start reads, and how long that takes. */
export const bundle: Benchmark = {
  name: 'bundle',
  title: "The function's bundle",
  about: [
    'The bundle that the package ships, against what `NodejsFunction` makes of the same handler with `bundleAwsSDK: true` and `minify: true`: its asset, from a real synth with the local esbuild.',
    '**import** is `require` of the bundle in a Node process of its own, up to the handler being there; both bundles in turns. On Lambda it is a part of each cold start, and slower there.',
    'What makes the difference: [decision 6](decisions/0006-slim-bundle.md).',
  ],
  run: (progress) =>
    withScratch((folder) => {
      const ours = join(projectFolder, 'dist', 'lambda', NAME, 'index.js');
      progress('bundle: NodejsFunction bundles the same handler');
      const theirs = nodejsFunction(folder);
      const { ours: import_, theirs: importOfTheirs } = inTurns(
        TURNS,
        { ours: () => importMillis(ours), theirs: () => importMillis(theirs) },
        'bundle, import',
        progress,
      );
      return [...sizes(ours, theirs), compared('import', 'ms', import_, importOfTheirs, AIM)];
    }),
};

function nodejsFunction(folder: string): string {
  const handler = join(projectFolder, 'lambda', NAME, 'handler.ts');
  const { stdout } = runNode([join(APPS, 'nodejs-function.cjs'), handler, join(folder, 'cdk.out')]);
  return stdout.trim().split('\n').at(-1) ?? '';
}

function importMillis(file: string): number {
  return Number(runNode([join(APPS, 'import.cjs'), file], { env: COLD_START }).stdout);
}

function sizes(ours: string, theirs: string): Row[] {
  const kilobytes = (file: string) => new Samples([readFileSync(file).length / 1000]);
  const zipped = (file: string) => new Samples([gzipSync(readFileSync(file), { level: 9 }).length / 1000]);
  return [
    compared('minified', 'kB', kilobytes(ours), kilobytes(theirs), AIM),
    compared('minified, gzip -9', 'kB', zipped(ours), zipped(theirs), AIM),
  ];
}
