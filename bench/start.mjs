import { createRequire } from 'node:module';
import { requireBuilt } from '../scripts/built-package.mjs';
import { reportAndSetExitCode } from '../scripts/cannot-run.mjs';
import { checkNode } from '../scripts/check-node.mjs';
import { ensureInstalled } from '../scripts/ensure-installed.mjs';

/** `npm run bench`: measures what is built, so it must be what the sources say. */
try {
  checkNode();
  await ensureInstalled();
  requireBuilt();
  const require = createRequire(import.meta.url);
  require('tsx/cjs');
  const { main } = require('./main.ts');
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  reportAndSetExitCode(error);
}
