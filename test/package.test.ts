import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../package.json';

const ROOT = join(__dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Licences that let code be shipped inside a package under Apache-2.0, with their text beside it. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'];

/** Beside dist. */
const ALWAYS = ['.jsii', 'LICENSE', 'README.md', 'package.json', 'schemas/events.v1.schema.json'];
/** Translations of the README's snippets, which a check of its own writes; and the reference. */
const SOMETIMES = ['.jsii.tabl.json', 'API.md'];

const namesIn = (folder: string) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });

/** What the sources must have become, in dist. */
const COMPILED = namesIn('lib').flatMap((name) => (name.endsWith('.ts') ? [name.replace(/ts$/, 'js'), name.replace(/ts$/, 'd.ts')] : []));
const FUNCTIONS = namesIn('lambda').flatMap((name) => /^([^/]+)\/handler\.ts$/.exec(name)?.[1] ?? []);
const DIST = [...COMPILED, ...FUNCTIONS.map((name) => `lambda/${name}/index.js`), 'THIRD-PARTY-LICENSES.txt'].map((path) => `dist/${path}`);

let files: string[] = [];

beforeAll(() => {
  const [missing, ...others] = ['.jsii', ...DIST, 'dist/lambda/metafile.json'].filter((path) => !existsSync(join(ROOT, path)));
  if (missing !== undefined) throw new Error(`${missing} is not built (and ${others.length} more): run "npm run build" first`);
  const listing = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
  files = (JSON.parse(listing) as [{ files: { path: string }[] }])[0].files.map(({ path }) => path).sort();
});

describe('the published package', () => {
  test('holds of dist the compiled library with its types, the bundles and their licences', () => {
    expect(FUNCTIONS).toContain('encryption-enforcer');
    expect(DIST).toContain('dist/mixins/require-encryption.d.ts');
    expect(files).toEqual(expect.arrayContaining(DIST));
  });

  // jsii and the bundler delete nothing: remove dist, and build again.
  test('holds nothing in dist that has no source, or has one no longer', () => {
    expect(files.filter((path) => path.startsWith('dist/') && !DIST.includes(path))).toEqual([]);
  });

  test('holds beside it what npm and jsii need, and what people read', () => {
    const others = files.filter((path) => !path.startsWith('dist/'));
    expect(others).toEqual(expect.arrayContaining(ALWAYS));
    expect(others.filter((path) => ![...ALWAYS, ...SOMETIMES].includes(path))).toEqual([]);
  });

  test('holds whatever its manifest leads to', () => {
    const targets = [manifest.main, manifest.types, ...Object.values(manifest.exports)].map((path) => path.replace(/^\.\//, ''));
    expect(targets.filter((path) => !files.includes(path))).toEqual([]);
  });

  test('needs nothing at run time but the CDK of its user', () => {
    expect(Object.keys(manifest.peerDependencies).sort()).toEqual(['aws-cdk-lib', 'constructs']);
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('bundledDependencies');
    expect(manifest).not.toHaveProperty('scripts.postinstall');
  });

  test('refers to no source maps, and knows nothing of the machine that built it', () => {
    const traces = [ROOT, `${homedir()}/`, tmpdir(), 'sourceMappingURL=', 'file://'].filter((trace) => trace.length > 1);
    const found = files.flatMap((path) => {
      const text = read(path);
      return traces.filter((trace) => text.includes(trace)).map((trace) => `${path}: ${trace}`);
    });
    expect(found).toEqual([]);
  });
});

describe('the licences of bundled packages', () => {
  /** Sections of the file, by the line that heads each. */
  const sections = () =>
    new Map(
      read('dist/THIRD-PARTY-LICENSES.txt')
        .split(/\n-{80}\n\n/)
        .map((text) => [text.split('\n', 1)[0], text]),
    );

  /** As npm installed them: the manifest of each package that a bundle took code from. */
  function bundledPackages(): { name: string; version: string; license: string }[] {
    const metafiles = Object.values(JSON.parse(read('dist/lambda/metafile.json')) as Record<string, { inputs: object }>);
    const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
    const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
    return [...new Set(folders)].map((folder) => JSON.parse(read(join(folder, 'package.json'))));
  }

  test('are shipped for each package', () => {
    const packages = bundledPackages();
    expect(packages.map(({ name }) => name)).toContain('@aws-sdk/client-s3');
    const heads = packages.map(({ name, version, license }) => `${name} ${version} (${license})`);
    expect([...sections().keys()].sort()).toEqual(heads.sort());
  });

  test('are permissive', () => {
    const others = bundledPackages().filter(({ license }) => !PERMISSIVE.includes(license));
    expect(others.map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
    expect(read('dist/THIRD-PARTY-LICENSES.txt')).not.toMatch(/Affero|AGPL/i);
  });

  test('come with their text, which MIT, BSD and ISC demand with each copy', () => {
    const demanding = bundledPackages().filter(({ license }) => /^(MIT|BSD-.*|ISC)$/.test(license));
    expect(demanding.length).toBeGreaterThan(0);
    const bare = demanding.filter(
      ({ name, version, license }) => !/copyright/i.test(sections().get(`${name} ${version} (${license})`) ?? ''),
    );
    expect(bare.map(({ name }) => name)).toEqual([]);
    expect(read('dist/THIRD-PARTY-LICENSES.txt')).toMatch(/Apache License\s+Version 2\.0, January 2004/);
  });
});
