// Compiles each TypeScript snippet of README.md against dist, with what rosetta/default.ts-fixture takes for granted.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { env, program, requireBuilt, root } from './built-package.mjs';
import { reportAndSetExitCode } from './cannot-run.mjs';

/** Where rosetta writes what it found; ignored by git, published with the package. */
const TABLET = '.jsii.tabl.json';

function main() {
  requireBuilt();
  const { status, error } = spawnSync(program('jsii-rosetta'), ['extract', '--compile', '--strict'], { cwd: root, env, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) {
    console.error(
      'A snippet of README.md does not compile. Mend it, or declare what it may take for granted in rosetta/default.ts-fixture.',
    );
    // What did not compile must not be published as a translation.
    rmSync(join(root, TABLET), { force: true });
    process.exitCode = 1;
    return;
  }
  const written = readFileSync(join(root, 'README.md'), 'utf8').match(/^ *```ts\b/gm)?.length ?? 0;
  const compiled = compiledSnippets();
  console.log(`${compiled} of ${written} snippets compile`);
  if (compiled !== written) process.exitCode = 1;
}

/** Those of the README only: documentation comments may hold examples as well. */
function compiledSnippets() {
  const { snippets } = JSON.parse(readFileSync(join(root, TABLET), 'utf8'));
  return Object.values(snippets).filter(({ didCompile, location }) => didCompile && location.api.api === 'moduleReadme').length;
}

try {
  main();
} catch (error) {
  reportAndSetExitCode(error);
}
