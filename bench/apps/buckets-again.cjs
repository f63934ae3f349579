// The apps of buckets.cjs again and again in one process: a line of JSON with milliseconds for each turn, and what was written.
const { readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { AssetStaging } = require('aws-cdk-lib');
const { synthesise } = require('./buckets.cjs');

const [, , turns, scratch, ...kinds] = process.argv;
/** Until then V8 compiles. */
const WARM_UPS = 4;

function measure(kind, outdir) {
  // A process that synthesises has it empty.
  AssetStaging.clearAssetHashCache();
  const started = process.hrtime.bigint();
  synthesise(kind, outdir);
  const millis = Number(process.hrtime.bigint() - started) / 1e6;
  const template = readFileSync(join(outdir, 'Stack.template.json'));
  rmSync(outdir, { recursive: true });
  return { millis, resources: Object.keys(JSON.parse(template).Resources).length };
}

for (let turn = 1 - WARM_UPS; turn <= Number(turns); turn++) {
  const order = turn % 2 === 0 ? kinds : [...kinds].reverse();
  const result = Object.fromEntries(order.map((kind) => [kind, measure(kind, join(scratch, kind))]));
  if (turn > 0) console.log(JSON.stringify(result));
}
