import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoResult } from '../demo/result';
import { type Benchmark, figure, type Row } from './benchmark';
import { projectFolder, runNode } from './node-process';
import { Samples } from './samples';
import { withScratch } from './scratch';

const RUNS = 3;

/** How long the whole loop takes on the local engine. */
export const demo: Benchmark = {
  name: 'demo',
  title: '`npm start`, on the local AWS engine',
  about: [
    `${RUNS} runs of the demo, everything being installed. Not a figure of AWS: engine, functions and demo share this machine.`,
    '**deploy** is `cdk deploy` of the demo’s stack, synth included. **all** is the demo from its start to its report.',
    '**upload to verdict** is from the answer to an upload until the function’s log line about that object: S3, EventBridge, SQS, the function with its calls, quarantine included. The uploads come in one go, so most of them wait for others. Percentiles of all verdicts of all runs.',
  ],
  run: (progress) => {
    const results = Array.from({ length: RUNS }, (_, run) => {
      progress(`demo: run ${run + 1} of ${RUNS}, about half a minute`);
      return runDemo();
    });
    return rows(results);
  },
};

function runDemo(): DemoResult {
  return withScratch((folder) => {
    runNode([join(projectFolder, 'demo', 'start.mjs'), '--output', folder], { timeoutMillis: 300_000 });
    return JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
  });
}

function rows(results: readonly DemoResult[]): Row[] {
  const step = (name: string) => new Samples(results.map(({ timings }) => (timings[name] ?? Number.NaN) / 1000));
  const verdicts = new Samples(results.flatMap((result) => result.rows.flatMap(({ millisToVerdict }) => millisToVerdict ?? [])));
  const percentile = (percent: number): Row => ({
    name: `upload to verdict, p${percent} of ${verdicts.count}`,
    value: verdicts.percentile(percent),
    unit: 'ms',
  });
  return [figure('deploy', 's', step('deploy')), figure('all', 's', step('total')), percentile(50), percentile(95)];
}
