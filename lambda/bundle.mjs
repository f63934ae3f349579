// Bundles each lambda/<name>/handler.ts to dist/lambda/<name>/index.js: one file, SDK included, the same bytes each time.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';
import { requireReplaced } from './replaced-modules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'dist', 'lambda');
const names = readdirSync(join(root, 'lambda')).filter((name) => existsSync(join(root, 'lambda', name, 'handler.ts')));

async function bundle(name) {
  const file = join(target, name, 'index.js');
  const { metafile, outputFiles } = await build({
    ...bundleOptions(root),
    entryPoints: [join(root, 'lambda', name, 'handler.ts')],
    outfile: file,
    write: false,
    metafile: true,
  });
  requireReplaced(name, metafile);
  replaceFile(file, outputFiles[0].contents);
  return metafile;
}

/** At once, since a deployment or a test may read it at this moment. */
function replaceFile(file, contents) {
  mkdirSync(dirname(file), { recursive: true });
  // Not beside it: whatever is in that folder is deployed.
  const draft = join(root, 'dist', `draft-${process.pid}`);
  writeFileSync(draft, contents);
  renameSync(draft, file);
}

/** Paths of the packages that esbuild took files from. */
function packagesIn(metafile) {
  const files = Object.keys(metafile.inputs).filter((path) => path.includes('node_modules/'));
  return new Set(files.map((path) => path.match(/^.*node_modules\/(@[^/]+\/[^/]+|[^/]+)/)[0]));
}

/** The licences that ship with the code they cover. */
function writeLicences(packages) {
  const sections = [...packages].sort().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, path)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(root, path, file), 'utf8').trim() : `Licensed under ${license}.`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  replaceFile(join(root, 'dist', 'THIRD-PARTY-LICENSES.txt'), sections.join(`\n${'-'.repeat(80)}\n\n`));
}

const metafiles = await Promise.all(names.map(bundle));
replaceFile(join(target, 'metafile.json'), JSON.stringify(Object.fromEntries(names.map((name, i) => [name, metafiles[i]]))));
writeLicences(new Set(metafiles.flatMap((metafile) => [...packagesIn(metafile)])));
for (const name of names) {
  const kilobytes = Math.round(readFileSync(join(target, name, 'index.js')).length / 1000);
  console.log(`dist/lambda/${name}/index.js  ${kilobytes} kB`);
}
