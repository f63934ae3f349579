import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotRun } from './cannot-run.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
const assembly = join(root, '.jsii');
const REMEDY = 'Run "npm run compile".';

/** jsii speaks of the Node version of its user in many lines; engines in package.json says what we support. */
export const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };

/** Path of a development dependency's program. */
export const program = (name) => join(root, 'node_modules', '.bin', name);

/** What jsii wrote must say what the sources say, else a check of it proves nothing. */
export function requireBuilt() {
  if (!existsSync(assembly) || !existsSync(join(root, 'dist', 'index.js'))) throw new CannotRun('dist is not built', REMEDY);
  const { readme } = JSON.parse(readFileSync(assembly, 'utf8'));
  if (readme?.markdown !== readFileSync(join(root, 'README.md'), 'utf8')) {
    throw new CannotRun('README.md has changed since jsii read it', REMEDY);
  }
  const built = statSync(assembly).mtimeMs;
  const newer = readdirSync(join(root, 'lib'), { recursive: true }).filter(
    (name) => name.endsWith('.ts') && statSync(join(root, 'lib', name)).mtimeMs > built,
  );
  if (newer.length > 0) throw new CannotRun(`lib/${newer[0]} has changed since dist was built`, REMEDY);
}
