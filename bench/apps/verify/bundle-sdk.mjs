// Bundles the bare loop as the handler is bundled: node bundle-sdk.mjs FILE
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from '../../../lambda/bundle-options.mjs';

const here = dirname(fileURLToPath(import.meta.url));
await build({ ...bundleOptions(join(here, '..', '..', '..')), entryPoints: [join(here, 'sdk.mjs')], outfile: process.argv[2] });
