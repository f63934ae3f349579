import { join } from 'node:path';
import { formatTable } from '../demo/table';
import type { Benchmark } from './benchmark';
import { cellsOf, HEADER } from './cells';
import { BENCHMARKS } from './list';
import { describeLoad, describeMachine } from './machine';
import { projectFolder, runNode } from './node-process';
import { parseOptions, usage } from './options';
import { type Measured, writePage } from './page';

/** Returns the exit code: an aim that is not met is told, and is no failure. */
export function main(args: readonly string[]): number {
  const options = parseOptions(args, BENCHMARKS);
  if (options.help) {
    console.log(usage(BENCHMARKS));
    return 0;
  }
  console.log(describeMachine());
  console.log('• bundling the function, so that it is the one of the sources');
  runNode([join(projectFolder, 'lambda', 'bundle.mjs')]);
  const measured = options.chosen.map(measure);
  if (options.write) {
    writePage(join(projectFolder, 'docs', 'benchmarks.md'), BENCHMARKS, measured);
    console.log('\nWritten to docs/benchmarks.md');
  }
  const missed = measured.flatMap(({ rows }) => rows).filter(({ met }) => met === false);
  console.log(missed.length === 0 ? '\nAll aims are met.' : `\nNot met: ${missed.map(({ name }) => name).join('; ')}.`);
  return 0;
}

function measure(benchmark: Benchmark): Measured {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`.padStart(6);
  const loadBefore = describeLoad();
  console.log(`\n▶ ${benchmark.title}`);
  const rows = benchmark.run((what) => console.log(`${seconds()}  ${what}`));
  const date = new Date(started).toISOString().slice(0, 10);
  const circumstances = `${date}, ${describeMachine()}; load ${loadBefore} before and ${describeLoad()} after.`;
  console.log(`\n${formatTable(HEADER, rows.map(cellsOf))}\n${circumstances}`);
  return { benchmark, rows, circumstances };
}
