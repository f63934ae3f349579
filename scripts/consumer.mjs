// Installs the package as its users do, in a folder outside this repository, and synthesises the first snippet of README.md
// with it: in TypeScript, with `require`, and with `import`. Nothing is fetched from the network.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { env, program, requireBuilt, root } from './built-package.mjs';
import { CannotRun, reportAndSetExitCode } from './cannot-run.mjs';

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const EXPORTS = 'EncryptedBucket, EncryptionEnforcer, EnforcementAction, mixins, ObjectEncryption';

const importing = (names, from) => `import { ${names} } from '${from}';`;
const requiring = (names, from) => `const { ${names} } = require('${from}');`;
const USERS = [
  { language: 'TypeScript', source: 'typed.ts', runs: 'typed.js', load: importing },
  { language: 'JavaScript, require', source: 'required.cjs', runs: 'required.cjs', load: requiring },
  { language: 'JavaScript, import', source: 'imported.mjs', runs: 'imported.mjs', load: importing },
];

/** Declarations of packages are checked as well, for those users who do not skip them. */
const COMPILER = ['--strict', '--target', 'es2022', '--module', 'node16', '--types', 'node'];

function main() {
  requireBuilt();
  const snippet = /^```ts\n(.*?)^```/ms.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1];
  if (snippet === undefined) throw new CannotRun('README.md has no ts snippet', 'Write one: people begin there.');
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  try {
    install(folder);
    for (const user of USERS) use(user, snippet, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tarball as it is published. Its peers are linked, since npm would fetch them. */
function install(folder) {
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], root);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', version: '1.0.0', private: true }));
  run('npm', ['install', '--offline', '--legacy-peer-deps', '--silent', `./${name}-${version}.tgz`], folder);
  for (const peer of ['aws-cdk-lib', 'constructs', '@types/node']) {
    const path = join(folder, 'node_modules', peer);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(root, 'node_modules', peer), path);
  }
}

function use({ language, source, runs, load }, snippet, folder) {
  writeFileSync(join(folder, source), appOf(load, snippet));
  if (source !== runs) run(program('tsc'), [...COMPILER, source], folder);
  const output = join(folder, `${runs}.out`);
  run(process.execPath, [runs], folder, { CDK_OUTDIR: output });
  const { Resources } = JSON.parse(readFileSync(join(output, 'Example.template.json'), 'utf8'));
  const types = Object.values(Resources).map(({ Type }) => Type);
  for (const type of ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Lambda::Function']) {
    if (!types.includes(type)) throw new Error(`${language}: the template has no ${type}`);
  }
  console.log(`✔ ${language}: ${types.length} resources`);
}

function appOf(load, snippet) {
  return `${load('App, Stack', 'aws-cdk-lib')}
${load(EXPORTS, name)}
for (const exported of [${EXPORTS}]) if (exported === undefined) throw new Error('an export is missing');
const app = new App();
class Example extends Stack {
  constructor() {
    super(app, 'Example');
    ${snippet}
  }
}
new Example();
`;
}

function run(command, args, cwd, extra = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, env: { ...env, ...extra }, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}\n${stdout}${stderr}`);
}

try {
  main();
} catch (error) {
  reportAndSetExitCode(error);
}
