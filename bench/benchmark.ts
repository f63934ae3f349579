import type { Samples } from './samples';

/** One file of this folder each, and one line in list.ts. */
export interface Benchmark {
  /** To call it by: `npm run bench -- synth`. */
  readonly name: string;
  readonly title: string;
  /** What each figure means, and how it was got: sentences for docs/benchmarks.md. */
  readonly about: readonly string[];
  /** @param progress - says what is measured now */
  run(progress: Progress): Row[];
}

export type Progress = (what: string) => void;

export type Unit = 'ns' | 'µs' | 'ms' | 's' | '/s' | 'MB' | 'kB' | 'B' | '$' | '';

/** One figure. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  /** Lower and upper quartile, where it was measured more than once. */
  readonly spread?: readonly [number, number];
  /** The same of what it is compared with. */
  readonly baseline?: number;
  readonly ratio?: number;
  /** Its quartiles. */
  readonly ratioSpread?: readonly [number, number];
  /** The most that the ratio, or without one the value, may be. */
  readonly aim?: number;
  /** The aim is the least that it may be. */
  readonly atLeast?: true;
  readonly met?: boolean;
}

/** A figure by itself. */
export function figure(name: string, unit: Unit, samples: Samples, aim?: number): Row {
  const value = samples.median;
  return {
    name,
    value,
    unit,
    ...(samples.count > 1 && { spread: samples.quartiles }),
    ...(aim !== undefined && { aim, met: value <= aim }),
  };
}

/** A figure beside its baseline, measured in turns: the ratio is the median of those of each turn, so that load that comes and goes hits both. */
export function compared(name: string, unit: Unit, ours: Samples, baseline: Samples, aim?: number): Row {
  const ratios = ours.over(baseline);
  const ratio = ratios.median;
  return {
    ...figure(name, unit, ours),
    baseline: baseline.median,
    ratio,
    ...(ratios.count > 1 && { ratioSpread: ratios.quartiles }),
    ...(aim !== undefined && { aim, met: ratio <= aim }),
  };
}

/** The more the better: the ratio must reach the aim. */
export function reaching(name: string, unit: Unit, ours: Samples, baseline: Samples, aim: number): Row {
  const row = compared(name, unit, ours, baseline);
  return { ...row, aim, atLeast: true, met: (row.ratio ?? Number.NaN) >= aim };
}
