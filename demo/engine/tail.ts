import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Remembers the last lines of a program's output: what a person needs when it fails. */
export class Tail {
  private readonly lines: string[] = [];

  constructor(
    private readonly size = 15,
    private readonly onLine: (line: string) => void = () => {},
  ) {}

  follow(...streams: (Readable | null)[]): void {
    for (const stream of streams) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.add(line));
    }
  }

  get text(): string {
    return this.lines.join('\n');
  }

  private add(line: string): void {
    if (line.trim() === '') return;
    this.onLine(line);
    this.lines.push(line);
    if (this.lines.length > this.size) this.lines.shift();
  }
}
