/**
 * Something the machine lacks or the caller got wrong, told in one line with its remedy: exit code 2, no stack trace.
 * `scripts/cannot-run.mjs` is its twin for what runs before TypeScript can; they know each other by `name`.
 */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';

  constructor(
    problem: string,
    remedy: string,
    /** The last lines of a program that failed, for below that line. */
    readonly output = '',
  ) {
    super(`${problem}. ${remedy}`);
  }

  /** What to print. */
  get report(): string {
    return [`Cannot run: ${this.message}`, ...indented(this.output)].join('\n');
  }
}

function indented(output: string): string[] {
  return output === '' ? [] : output.split('\n').map((line) => `  | ${line}`);
}
