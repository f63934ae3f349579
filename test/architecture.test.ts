import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import * as contract from '../lib/domain/contract';
import { CONTRACT } from './support/reviewed-contract';
import { type SourceFile, sourceFile, sourcesIn } from './support/sources';

const ROOT = join(__dirname, '..');

const inFolder =
  (...folders: string[]) =>
  (path: string) =>
    folders.some((folder) => path === folder || path.startsWith(`${folder}/`));

/** Arrows that point where they must not. */
function strays(sources: readonly SourceFile[], mayImport: { files: (path: string) => boolean; packages: RegExp }): string[] {
  return sources.flatMap(({ path, files, packages }) =>
    [...files.filter((file) => !mayImport.files(file)), ...packages.filter((name) => !mayImport.packages.test(name))].map(
      (target) => `${path} → ${target}`,
    ),
  );
}

describe('the arrows bin → lib → lib/domain ← lambda', () => {
  const lib = sourcesIn('lib');
  const isDomain = inFolder('lib/domain');

  test('are read from real imports', () => {
    expect(sourceFile('lib/encryption-enforcer.ts').files).toContain('lib/domain/contract');
    expect(sourceFile('lambda/encryption-enforcer/config.ts').files).toEqual([
      'lib/domain/contract',
      'lambda/shared/environment',
      'lambda/encryption-enforcer/resend',
    ]);
    expect(sourceFile('lib/internal/bundled-function.ts').packages).toContain('node:fs');
  });

  test('lib/domain imports nothing outside itself', () => {
    const domain = lib.filter(({ path }) => isDomain(path));
    expect(domain.length).toBeGreaterThan(5);
    expect(strays(domain, { files: isDomain, packages: /^$/ })).toEqual([]);
  });

  test('lib imports lib, the CDK, and from Node only what finds the bundle and hashes names', () => {
    const packages = /^(aws-cdk-lib(\/.*)?|constructs|node:fs|node:path|node:crypto)$/;
    expect(strays(lib, { files: inFolder('lib'), packages })).toEqual([]);
    const usesNode = lib.filter((file) => file.packages.some((name) => name.startsWith('node:')));
    expect(usesNode.map(({ path }) => path)).toEqual(['lib/internal/bundled-function.ts', 'lib/internal/unique-name.ts']);
  });

  test('lambda imports lambda and lib/domain, and no constructs', () => {
    const packages = /^(node:.*|aws-lambda|@aws-sdk\/.*|@aws-lambda-powertools\/.*|@smithy\/.*)$/;
    expect(strays(sourcesIn('lambda', /\.ts$/), { files: (path) => inFolder('lambda')(path) || isDomain(path), packages })).toEqual([]);
  });

  test('only the object store, with what it is made of, the bucket of the canary and the records of releases speak to S3', () => {
    const speakers = [...sourcesIn('lambda'), ...lib, ...sourcesIn('bin')].filter(({ packages }) =>
      packages.includes('@aws-sdk/client-s3'),
    );
    expect(speakers.map(({ path }) => path).sort()).toEqual([
      'lambda/encryption-canary/s3-canary-bucket.ts',
      'lambda/quarantine-release/s3-release-records.ts',
      'lambda/shared/s3-bucket-clients.ts',
      'lambda/shared/s3-copies.ts',
      'lambda/shared/s3-errors.ts',
      'lambda/shared/s3-multipart-copies.ts',
      'lambda/shared/s3-object-store.ts',
      'lambda/shared/s3-read-start.ts',
    ]);
  });

  test('bin uses the library as anyone would', () => {
    const packages = /^(aws-cdk-lib(\/.*)?|constructs|jsonc-parser|node:.*)$/;
    expect(strays(sourcesIn('bin'), { files: (path) => path === 'lib' || inFolder('bin')(path), packages })).toEqual([]);
  });

  test('nothing needs a benchmark, and benchmarks no test', () => {
    const others = ['lib', 'lambda', 'bin', 'demo', 'scripts'].flatMap((folder) => sourcesIn(folder));
    expect(strays(others, { files: (path) => !inFolder('bench', 'test')(path), packages: /^/ })).toEqual([]);
    const benchmarks = sourcesIn('bench', /\.(ts|[cm]js)$/);
    expect(benchmarks.length).toBeGreaterThan(5);
    expect(
      strays(benchmarks, {
        files: (path) => !inFolder('test')(path),
        packages: /^(aws-cdk-lib(\/.*)?|@aws-sdk\/client-s3|@aws-crypto\/client-node|esbuild|node:.*|tsx\/cjs)$/,
      }),
    ).toEqual([]);
  });

  test('index files only export', () => {
    for (const { path, text } of lib.filter((file) => file.path.endsWith('index.ts'))) {
      const lines = text.split('\n').filter((line) => line !== '');
      expect(lines.filter((line) => !/^export \* (as \w+ )?from '\.\/[\w-]+';$/.test(line)).map((line) => `${path}: ${line}`)).toEqual([]);
    }
  });
});

test('no file is longer than 250 lines', () => {
  const sources = ['lib', 'lambda', 'bin', 'demo', 'scripts', 'bench', 'test'].flatMap((folder) => sourcesIn(folder, /\.(ts|[cm]?js)$/));
  const lengths = sources.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
  expect(lengths.filter(({ lines }) => lines > 250)).toEqual([]);
});

describe('the bundle of the function', () => {
  const NAME = 'encryption-enforcer';
  const folders: string[] = [];

  /** Runs the real bundler on a copy of the sources, so that dist is not pulled from under other tests. */
  function buildIn(name: string) {
    const folder = join(mkdtempSync(join(tmpdir(), 'bundle-')), name);
    folders.push(dirname(folder));
    for (const part of ['lambda', 'lib', 'package.json', 'tsconfig.json'])
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    execFileSync(process.execPath, [join(folder, 'lambda', 'bundle.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
    const asset = join(folder, 'dist', 'lambda', NAME);
    const metafile = JSON.parse(readFileSync(join(folder, 'dist', 'lambda', 'metafile.json'), 'utf8'))[NAME];
    const inputs = Object.keys(metafile.inputs).map((input) => relative(ROOT, join(folder, input)));
    return { folder, files: readdirSync(asset), code: readFileSync(join(asset, 'index.js')), inputs };
  }

  const once = buildIn('once');

  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  test('contains no constructs, and no policy simulator', () => {
    const packages = new Set(once.inputs.map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]));
    expect(packages).toContain('@aws-sdk/client-s3');
    for (const name of ['aws-cdk-lib', 'constructs', '@cloud-copilot/iam-simulate', '@aws-sdk/client-kms'])
      expect(packages).not.toContain(name);
  });

  test('takes nothing but lib/domain from lib', () => {
    const fromLib = once.inputs.map((input) => /once\/(lib\/.*)$/.exec(input)?.[1]).filter((input) => input !== undefined);
    expect(fromLib).toContain('lib/domain/verdict.ts');
    expect(fromLib.filter((input) => !input.startsWith('lib/domain/'))).toEqual([]);
  });

  test('is the same, byte for byte, whenever and wherever it is built', () => {
    const hash = (code: Buffer) => createHash('sha256').update(code).digest('hex');
    const again = buildIn('again-in-a-folder-of-another-name');
    expect(hash(again.code)).toBe(hash(once.code));
    expect(again.files).toEqual(['index.js']);
  });

  test('knows nothing of the machine that built it', () => {
    expect(once.code.includes(ROOT)).toBe(false);
    expect(once.code.includes(once.folder)).toBe(false);
  });

  test('is smaller than 0.55 MB', () => {
    expect(once.code.length).toBeLessThan(0.55e6);
  });
});

describe('the names that others build on', () => {
  test('are the reviewed ones', () => {
    const { ruleParameterName, ...names } = contract;
    expect(names).toEqual(CONTRACT);
    expect(ruleParameterName('/s3-encryption-guard/enforcer', 'records')).toBe('/s3-encryption-guard/enforcer/records');
  });

  test('stand in docs/architecture.md', () => {
    const architecture = readFileSync(join(ROOT, 'docs', 'architecture.md'), 'utf8');
    const { METRICS, EVENTS, VIOLATION_TAG } = CONTRACT;
    const { version: _version, ...events } = EVENTS;
    for (const name of [...Object.values(METRICS), ...Object.values(events), VIOLATION_TAG]) expect(architecture).toContain(`\`${name}`);
  });
});
