import { join } from 'node:path';
import { replaceModules } from './replaced-modules.mjs';

/** How esbuild bundles what runs on Lambda. The benchmarks bundle what they compare it with likewise. */
export function bundleOptions(root) {
  return {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: 'node',
    // Node 20 is what people have; Lambda runs Node 24.
    target: 'node20',
    format: 'cjs',
    // The SDK as ES modules, of which esbuild leaves out what nothing uses. For Node it prefers CommonJS, which it keeps whole.
    mainFields: ['module', 'main'],
    plugins: [replaceModules(join(root, 'lambda'))],
    legalComments: 'none',
    logLevel: 'warning',
  };
}
