import type { Progress } from './benchmark';

/** What one thing came to, in the order in which it was measured. */
export class Samples {
  constructor(readonly values: readonly number[]) {
    if (values.length === 0 || values.some((value) => !Number.isFinite(value))) {
      throw new Error(`A measurement gave no numbers: [${values.join(', ')}]`);
    }
  }

  get count(): number {
    return this.values.length;
  }

  get median(): number {
    return this.percentile(50);
  }

  get quartiles(): [number, number] {
    return [this.percentile(25), this.percentile(75)];
  }

  /** Between two values it lies in proportion. */
  percentile(percent: number): number {
    const sorted = [...this.values].sort((a, b) => a - b);
    const position = ((sorted.length - 1) * percent) / 100;
    const [below, above] = [sorted[Math.floor(position)] ?? Number.NaN, sorted[Math.ceil(position)] ?? Number.NaN];
    return below + (above - below) * (position - Math.floor(position));
  }

  /** Turn by turn. */
  over(baseline: Samples): Samples {
    if (baseline.count !== this.count) throw new Error(`${this.count} values cannot be compared with ${baseline.count}, turn by turn`);
    return new Samples(this.values.map((value, turn) => value / (baseline.values[turn] ?? Number.NaN)));
  }
}

/** Measures each in turn, again and again: what the machine does meanwhile hits all of them. */
export function inTurns<Name extends string>(
  turns: number,
  measures: Readonly<Record<Name, () => number>>,
  what: string,
  progress: Progress,
): Record<Name, Samples> {
  const names = Object.keys(measures) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let turn = 1; turn <= turns; turn++) {
    progress(`${what}: turn ${turn} of ${turns} (${names.join(', ')})`);
    // Every other turn the other way round, so that none is always the one after a pause.
    for (const name of turn % 2 === 0 ? [...names].reverse() : names) values[name].push(measures[name]());
  }
  return Object.fromEntries(names.map((name) => [name, new Samples(values[name])])) as Record<Name, Samples>;
}
