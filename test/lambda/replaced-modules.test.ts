import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

const ROOT = join(__dirname, '..', '..');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replaced-'));
  cpSync(join(ROOT, 'lambda'), join(folder, 'lambda'), { recursive: true });
  const isFunction = (name: string) => existsSync(join(folder, 'lambda', name, 'handler.ts'));
  for (const name of readdirSync(join(folder, 'lambda')).filter(isFunction)) rmSync(join(folder, 'lambda', name), { recursive: true });
  mkdirSync(join(folder, 'lambda', 'probe'));
  for (const part of ['package.json', 'tsconfig.json']) cpSync(join(ROOT, part), join(folder, part));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The real bundler, with this as the only function. In JavaScript, as the SDK is: TypeScript may export what is not there, a type. */
function bundle(code: string) {
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  writeFileSync(join(folder, 'lambda', 'probe', 'code.mjs'), code);
  writeFileSync(join(folder, 'lambda', 'probe', 'handler.ts'), "export * from './code.mjs';");
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'lambda', 'bundle.mjs')], { encoding: 'utf8' });
  return { status, stderr, written: existsSync(join(folder, 'dist', 'lambda', 'probe', 'index.js')) };
}

const CLIENT = "export { SSMClient } from '@aws-sdk/client-ssm';";

test('a function with a client of the SDK has our credentials, and nothing of the chain of the SDK', () => {
  expect(bundle(CLIENT)).toMatchObject({ status: 0, written: true });
  const metafile: Metafile = JSON.parse(readFileSync(join(folder, 'dist', 'lambda', 'metafile.json'), 'utf8')).probe;
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  expect(used).toContain('lambda/shared/environment-credentials.ts');
  expect(used.filter((path) => /credential-provider|nested-clients|token-providers|bowser|dist-cjs/.test(path))).toEqual([]);
});

test('a function without the SDK needs none of that', () => {
  expect(bundle('export const handler = () => 1;')).toMatchObject({ status: 0, written: true });
});

/** What an upgrade of the SDK may bring. */
const UPGRADES = {
  'another way to the chain': {
    code: "export { fromIni } from '@aws-sdk/credential-provider-ini';",
    message: 'contains @aws-sdk/credential-provider-ini',
  },
  'clients that get their credentials elsewhere': {
    code: "export { version } from '@aws-sdk/client-ssm/package.json';",
    message: 'imports @aws-sdk/credential-provider-node any more',
  },
  'an export that ours lacks': {
    code: "export { credentialsTreatedAsExpired } from '@aws-sdk/credential-provider-node';",
    message: 'No matching export',
  },
  'an import of a part of it': {
    code: "import '@aws-sdk/credential-provider-node/dist-es/defaultProvider';",
    message: 'for which lambda/replaced-modules.mjs has nothing',
  },
};

test.each(Object.entries(UPGRADES))('%s fails the build, and writes no bundle', (_, { code, message }) => {
  const { status, stderr, written } = bundle(code);
  expect(stderr).toContain(message);
  expect({ status, written }).toEqual({ status: 1, written: false });
});
