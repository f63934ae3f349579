import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Benchmark, Row } from './benchmark';
import { cellsOf, HEADER } from './cells';

/** A benchmark that ran. */
export interface Measured {
  readonly benchmark: Benchmark;
  readonly rows: readonly Row[];
  /** When, on what, and how busy that was. */
  readonly circumstances: string;
}

const INTRODUCTION = `# Benchmarks

Written by \`npm run bench -- --write\`, which needs what [CONTRIBUTING](../CONTRIBUTING.md) lists and \`npm run compile\`. A part of it:
\`npm run bench -- --write bundle\`. No test looks at these figures: machines differ, and so do their loads.

Each value is a median, with the quartiles beside it. What is compared is measured in turns in the same run, and the ratio is the median of the ratios
of the turns, also with its quartiles. An aim is the most that the ratio may be, or with ≥ the least.
`;

/** Sections of benchmarks that did not run stay as they are; those of benchmarks that are no more go. */
export function writePage(path: string, benchmarks: readonly Benchmark[], measured: readonly Measured[]): void {
  const old = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const sections = benchmarks.map(({ name }) => {
    const fresh = measured.find(({ benchmark }) => benchmark.name === name);
    return fresh ? section(fresh) : sectionOf(name, old);
  });
  writeFileSync(path, [INTRODUCTION, ...sections.filter((text) => text !== undefined)].join('\n'));
}

const begin = (name: string) => `<!-- bench ${name} -->\n`;
const end = (name: string) => `<!-- end of bench ${name} -->\n`;

function sectionOf(name: string, page: string): string | undefined {
  const [from, to] = [page.indexOf(begin(name)), page.indexOf(end(name))];
  return from === -1 || to === -1 ? undefined : page.slice(from, to + end(name).length);
}

function section({ benchmark, rows, circumstances }: Measured): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `${begin(benchmark.name)}## ${benchmark.title}`,
    `\`npm run bench -- ${benchmark.name}\`: ${circumstances}`,
    [line(HEADER), line(HEADER.map(() => '---')), ...rows.map((row) => line(cellsOf(row)))].join('\n'),
    benchmark.about.map((sentence) => `- ${sentence}`).join('\n'),
    end(benchmark.name),
  ].join('\n\n');
}
