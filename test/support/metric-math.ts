/**
 * As much of CloudWatch's metric math as the alarms need, on one data point per metric. Written from its page, not from the library:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: {
    readonly Period: number;
    readonly Stat: string;
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { Name: string; Value: unknown }[];
    };
  };
}

export interface Observed {
  /** Data point of a metric over its period; absent where it has none. */
  readonly valueOf: (query: MetricQuery) => number | undefined;
  /** What Service Quotas says of a usage metric. */
  readonly serviceQuota: number;
}

/** The value of the one query that returns data; absent where a metric without data points takes the whole with it. */
export function evaluate(queries: readonly MetricQuery[], observed: Observed): number | undefined {
  const returned = queries.filter(({ ReturnData }) => ReturnData !== false);
  if (returned.length !== 1 || returned[0]?.Expression === undefined)
    throw new Error(`expected one expression, got ${JSON.stringify(returned)}`);
  const value = new Evaluation(returned[0].Expression, queries, observed).run();
  return Number.isNaN(value) ? undefined : value;
}

class Evaluation {
  private readonly tokens: string[];

  constructor(
    expression: string,
    private readonly queries: readonly MetricQuery[],
    private readonly observed: Observed,
  ) {
    this.tokens = expression.match(/[A-Za-z_][A-Za-z0-9_]*|\d+(\.\d+)?|[-+*/(),]/g) ?? [];
    if (this.tokens.join('') !== expression.replace(/\s/g, '')) throw new Error(`not understood: ${expression}`);
  }

  run(): number {
    const value = this.sum();
    if (this.tokens.length > 0) throw new Error(`left over: ${this.tokens.join(' ')}`);
    return value;
  }

  private sum(): number {
    let value = this.product();
    while (this.tokens[0] === '+' || this.tokens[0] === '-') value += (this.tokens.shift() === '+' ? 1 : -1) * this.product();
    return value;
  }

  private product(): number {
    let value = this.term();
    while (this.tokens[0] === '*' || this.tokens[0] === '/') value *= this.tokens.shift() === '*' ? this.term() : 1 / this.term();
    return value;
  }

  private term(): number {
    const token = this.next();
    if (token === '(') return this.closing(this.sum());
    if (/^\d/.test(token)) return Number(token);
    if (this.tokens[0] === '(') return this.call(token);
    return this.observed.valueOf(this.query(token)) ?? Number.NaN;
  }

  private call(name: string): number {
    this.next();
    const query = this.query(this.next());
    if (name === 'PERIOD') return this.closing(query.MetricStat?.Period ?? Number.NaN);
    if (name === 'SERVICE_QUOTA' && query.MetricStat?.Metric.Namespace === 'AWS/Usage') return this.closing(this.observed.serviceQuota);
    if (name !== 'FILL' || this.next() !== ',') throw new Error(`${name} is not known, or not for ${query.Id}`);
    const otherwise = this.term();
    return this.closing(this.observed.valueOf(query) ?? otherwise);
  }

  private closing(value: number): number {
    if (this.next() !== ')') throw new Error('a parenthesis is open');
    return value;
  }

  private next(): string {
    return this.tokens.shift() ?? '';
  }

  private query(id: string): MetricQuery {
    const found = this.queries.find(({ Id }) => Id === id);
    if (found?.MetricStat === undefined) throw new Error(`no metric ${id}`);
    return found;
  }
}
