import { createRequire } from 'node:module';
import { reportAndSetExitCode } from '../scripts/cannot-run.mjs';
import { checkNode } from '../scripts/check-node.mjs';
import { ensureInstalled } from '../scripts/ensure-installed.mjs';
import { findPython } from '../scripts/find-python.mjs';

/** `npm start`: needs nothing but Node, npm and Python, and gets the rest before it loads the demo itself. */
try {
  checkNode();
  findPython();
  await ensureInstalled();
  const require = createRequire(import.meta.url);
  require('tsx/cjs');
  const { main } = require('./main.ts');
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  reportAndSetExitCode(error);
}
