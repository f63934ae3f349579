import { CannotRun } from '../demo/engine/cannot-run';
import type { Benchmark } from './benchmark';

export interface Options {
  readonly help: boolean;
  /** Whether docs/benchmarks.md gets the figures. */
  readonly write: boolean;
  readonly chosen: readonly Benchmark[];
}

/** @throws CannotRun for what is not understood */
export function parseOptions(args: readonly string[], benchmarks: readonly Benchmark[]): Options {
  const names = args.filter((arg) => !arg.startsWith('-'));
  const flags = args.filter((arg) => arg.startsWith('-'));
  const unknownFlag = flags.find((flag) => !['--write', '--help', '-h'].includes(flag));
  if (unknownFlag !== undefined) throw new CannotRun(`unknown option ${unknownFlag}`, 'See npm run bench -- --help.');
  const unknown = names.find((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown !== undefined) {
    throw new CannotRun(`there is no benchmark ${unknown}`, `There are ${benchmarks.map(({ name }) => name).join(', ')}.`);
  }
  return {
    help: flags.some((flag) => flag !== '--write'),
    write: flags.includes('--write'),
    chosen: benchmarks.filter(({ name }) => names.length === 0 || names.includes(name)),
  };
}

export function usage(benchmarks: readonly Benchmark[]): string {
  return `npm run bench [-- [--write] [BENCHMARK …]]

Measures, which tests never do.

${benchmarks.map(({ name, title }) => `  ${name.padEnd(12)}${title}`).join('\n')}
  --write     also writes the figures of those that ran to docs/benchmarks.md
  --help      this text

Exit codes: 0 measured, whether or not the aims are met; 2 could not run.`;
}
