const { createHash } = require('node:crypto');
const { transformSync, version } = require('esbuild');

/** TypeScript to what the running Node understands; types are checked by `npm run typecheck`. */
module.exports = {
  process: (source, path) =>
    transformSync(source, { loader: 'ts', format: 'cjs', target: 'node20', sourcemap: 'inline', sourcefile: path }),
  getCacheKey: (source, path) => createHash('sha256').update(version).update(path).update(source).digest('hex'),
};
