/** One thing that is wrong with a configuration, said so that its author can mend it. */
export interface Fault {
  /** Where in the file, for example `buckets[1].keys[0]`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, in the author's words. */
  readonly what: string;
  /** What was given; absent where nothing was. */
  readonly value?: unknown;
  readonly remedy: string;
}

/** Thrown for a configuration that cannot be used; says all that is wrong with it. */
export class ConfigurationFaults extends Error {
  override readonly name = 'ConfigurationFaults';

  constructor(
    readonly file: string,
    readonly faults: readonly Fault[],
  ) {
    const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
    super([`${file}: ${count}; nothing was synthesised.`, ...faults.map((fault) => `  ${faultLine(fault)}`)].join('\n'));
  }
}

function faultLine({ path, what, value, remedy }: Fault): string {
  const got = value === undefined ? '' : ` (got ${shortened(JSON.stringify(value, inWords))})`;
  return `${path === '' ? '' : `${path} `}${what}${got}. ${remedy}`;
}

/** `1e999` is a number of JSON and none of JavaScript, which would write `null`. */
function inWords(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? 'a number too large to be read' : value;
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
