import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, compared, figure, reaching } from '../../bench/benchmark';
import { cellsOf, HEADER } from '../../bench/cells';
import { BENCHMARKS } from '../../bench/list';
import { describeMachine } from '../../bench/machine';
import { parseOptions, usage } from '../../bench/options';
import { type Measured, writePage } from '../../bench/page';
import { inTurns, Samples } from '../../bench/samples';

// No timings here, only what is made of them.

describe('samples', () => {
  test.each([
    [[3, 1, 2], 50, 2],
    [[4, 1, 2, 3], 50, 2.5],
    [[10], 95, 10],
    [[0, 10], 95, 9.5],
    [[5, 1, 4, 2, 3], 25, 2],
  ])('of %p the percentile %p is %p', (values, percent, expected) => {
    expect(new Samples(values).percentile(percent)).toBeCloseTo(expected, 10);
  });

  test.each([[[]], [[1, Number.NaN]]])('%p is no measurement', (values) => {
    expect(() => new Samples(values)).toThrow('gave no numbers');
  });

  test('are compared turn by turn, so that a turn in which the machine was busy has no weight', () => {
    const [ours, baseline] = [new Samples([10, 100, 12]), new Samples([20, 200, 24])];
    expect(ours.over(baseline).values).toEqual([0.5, 0.5, 0.5]);
    expect(() => ours.over(new Samples([1]))).toThrow('3 values cannot be compared with 1');
  });

  test('of several things are taken in turns, and none is always the first', () => {
    const order: string[] = [];
    const take = (name: string, value: number) => () => order.push(name) && value;
    const samples = inTurns(3, { a: take('a', 1), b: take('b', 2) }, 'this', () => order.push('|'));
    expect(order.join('')).toBe('|ab|ba|ab');
    expect([samples.a.values, samples.b.values]).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
  });
});

describe('a row', () => {
  test('meets its aim by the ratio where there is one, and else by the value', () => {
    const [one, two] = [new Samples([1, 1, 1]), new Samples([2, 2, 2])];
    expect(compared('import', 'ms', one, two, 0.5)).toMatchObject({ value: 1, baseline: 2, ratio: 0.5, aim: 0.5, met: true });
    expect(compared('import', 'ms', two, one, 0.75)).toMatchObject({ ratio: 2, met: false });
    expect(figure('deploy', 's', two, 1.9)).toMatchObject({ value: 2, met: false });
    expect(figure('deploy', 's', two)).not.toHaveProperty('met');
  });

  test('of which more is better meets its aim from there on', () => {
    const [nine, ten] = [new Samples([9, 9]), new Samples([10, 10])];
    expect(cellsOf(reaching('objects', '/s', nine, ten, 0.9)).slice(-2)).toEqual(['≥ 0.9', 'yes']);
    expect(reaching('objects', '/s', nine, ten, 0.95)).toMatchObject({ ratio: 0.9, met: false });
  });

  test('tells dollars with their cents', () => {
    expect(cellsOf({ name: 'events', value: 1, unit: '$' })[1]).toBe('$1.00');
  });

  test('says in bold that an aim is not met', () => {
    const row = compared('import', 'ms', new Samples([1500, 1700]), new Samples([1000, 1000]), 1.5);
    expect(cellsOf(row)).toEqual(['import', '1,600 ms', '1,550 – 1,650', '1,000 ms', '1.60', '1.55 – 1.65', '≤ 1.5', '**no**']);
    expect(cellsOf({ name: 'deploy', value: 9.94, unit: 's' })).toEqual(['deploy', '9.9 s', ...HEADER.slice(2).map(() => '')]);
  });
});

describe('docs/benchmarks.md', () => {
  const benchmark = (name: string): Benchmark => ({ name, title: `About ${name}`, about: ['It is so.'], run: () => [] });
  const measured = (name: string, value: number): Measured => ({
    benchmark: benchmark(name),
    rows: [{ name: 'size', value, unit: 'kB' }],
    circumstances: 'then, there.',
  });

  test('keeps what was not measured this time, and loses what is measured no more', () => {
    const folder = mkdtempSync(join(tmpdir(), 'page-'));
    const path = join(folder, 'benchmarks.md');
    writePage(path, ['a', 'b', 'c'].map(benchmark), [measured('c', 3), measured('a', 1)]);
    writePage(path, ['a', 'b'].map(benchmark), [measured('b', 2)]);
    const page = readFileSync(path, 'utf8');
    rmSync(folder, { recursive: true });
    expect(page.match(/^## .*/gm)).toEqual(['## About a', '## About b']);
    expect(page.match(/\| size \| \d+ kB/g)).toEqual(['| size | 1 kB', '| size | 2 kB']);
    expect(page.match(/It is so\./g)).toHaveLength(2);
  });

  test('has a section of each benchmark', () => {
    const page = readFileSync(join(__dirname, '..', '..', 'docs', 'benchmarks.md'), 'utf8');
    for (const { name, title } of BENCHMARKS) expect(page).toContain(`<!-- bench ${name} -->\n## ${title}`);
  });

  test('names no machine', () => {
    expect(describeMachine()).not.toContain(require('node:os').hostname());
  });
});

describe('npm run bench', () => {
  const names = (...args: string[]) => parseOptions(args, BENCHMARKS).chosen.map(({ name }) => name);

  test('runs all, or those that are named', () => {
    expect(names('--write')).toEqual(BENCHMARKS.map(({ name }) => name));
    expect(names('synth')).toEqual(['synth']);
    expect(parseOptions(['--write', 'synth'], BENCHMARKS)).toMatchObject({ write: true, help: false });
    for (const { name } of BENCHMARKS) expect(usage(BENCHMARKS)).toContain(name);
  });

  test('refuses what it does not know, with what there is', () => {
    expect(() => names('sinth')).toThrow('there is no benchmark sinth. There are synth, ');
    expect(() => names('--wrote')).toThrow('unknown option --wrote. See npm run bench -- --help.');
  });
});
