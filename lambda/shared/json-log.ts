type Fields = Readonly<Record<string, unknown>>;

/** How long a line may wait for others. */
const GATHER_MILLIS = 100;

/**
 * One JSON line for each message, on standard output, where Lambda takes it from. Lines are written several at a time: to write, and to
 * wake up whoever reads, takes longer than to make a line. What dies loses no more than the lines of a moment, and their messages come again.
 *
 * By hand, since a logger that can do more takes as long for the line of an object as its verdict: docs/decisions/0009-what-a-verdict-costs.md.
 */
export class JsonLog {
  private lines = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly service: string,
    private readonly write: (text: string) => void,
  ) {}

  info(message: string, fields: Fields): void {
    this.add('INFO', message, fields);
  }

  error(message: string, error: unknown, fields: Fields): void {
    this.add('ERROR', message, { ...fields, error: errorFields(error) });
  }

  /** JSON that somebody else made, between the others. */
  print(line: string): void {
    this.lines += `${line}\n`;
    this.timer ??= setTimeout(() => this.flush(), GATHER_MILLIS);
  }

  /** Before an invocation is answered: Lambda may then freeze the process. */
  flush(): void {
    const { lines } = this;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lines = '';
    if (lines !== '') this.write(lines);
  }

  private add(level: string, message: string, fields: Fields): void {
    const timestamp = new Date().toISOString();
    this.print(JSON.stringify({ level, message, timestamp, service: this.service, ...fields }));
  }
}

/** Errors wrap errors, and one may wrap itself. */
const MOST_CAUSES = 10;

/** An error has no fields of its own that JSON would show. */
function errorFields(error: unknown, causes = MOST_CAUSES): Fields {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause === undefined || causes === 0 ? {} : { cause: errorFields(cause, causes - 1) }) };
}
