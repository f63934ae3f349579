import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One value, as CloudWatch was told it. */
export interface Measured {
  readonly at: number;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface AskedQuery {
  readonly Id: string;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
  readonly Expression?: string;
  readonly Label?: string;
}

export interface Asked {
  readonly MetricDataQueries: readonly AskedQuery[];
  readonly StartTime: number;
  readonly EndTime: number;
  readonly NextToken?: string;
}

export interface Answered {
  readonly MetricDataResults: readonly Readonly<Record<string, unknown>>[];
  readonly NextToken?: string;
  readonly Messages?: readonly Readonly<Record<string, unknown>>[];
}

/** Plays CloudWatch, of GetMetricData what its API page says, and Amazon SNS. */
export class DigestEndpoint {
  readonly asked: Asked[] = [];
  /** Forms, as they were posted. */
  readonly published: Readonly<Record<string, string>>[] = [];
  measured: readonly Measured[] = [];
  /** Data points of a page. */
  pageSize = 100_800;
  /** Says something else than CloudWatch would. */
  distort: (answer: Answered, asked: Asked) => Answered = (answer) => answer;
  snsStatus = 200;
  url = '';

  private readonly server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const isMetrics = String(request.headers['x-amz-target']).endsWith('.GetMetricData');
    response.writeHead(isMetrics ? 200 : this.snsStatus, { 'content-type': isMetrics ? 'application/x-amz-json-1.0' : 'text/xml' });
    response.end(isMetrics ? JSON.stringify(this.metricData(JSON.parse(body))) : this.publish(body));
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private metricData(asked: Asked): Answered {
    this.asked.push(asked);
    const from = Number(asked.NextToken ?? 0);
    const to = from + this.pageSize;
    let place = 0;
    const MetricDataResults = asked.MetricDataQueries.flatMap((query) => this.seriesFor(query, asked)).flatMap(({ Id, Label, points }) => {
      const first = place;
      place += points.length;
      // Without data points, a metric is on the first page.
      if (points.length === 0 ? from > 0 : place <= from || first >= to) return [];
      const shown = points.slice(Math.max(0, from - first), to - first);
      const StatusCode = shown.length > 0 && place > to ? 'PartialData' : 'Complete';
      return [{ Id, Label, StatusCode, Timestamps: shown.map(({ at }) => at / 1000), Values: shown.map(({ value }) => value) }];
    });
    return this.distort({ MetricDataResults, ...(place > to && { NextToken: String(to) }) }, asked);
  }

  private seriesFor({ Id, Label = Id, Expression, MetricStat }: AskedQuery, asked: Asked) {
    if (MetricStat !== undefined) {
      const { Metric, Period, Stat } = MetricStat;
      const dimensions = Object.fromEntries(Metric.Dimensions.map(({ Name, Value }) => [Name, Value]));
      const points = pointsOf(this.measuredAs(Metric.Namespace, Metric.MetricName, dimensions), Period, Stat, asked);
      return [{ Id, Label, points }];
    }
    const search = /^SEARCH\('\{([^}]+)\} MetricName="([^"]+)" AND (\w+)="([^"]+)"', '(\w+)', (\d+)\)$/.exec(Expression ?? '');
    if (search === null) throw new Error(`not understood: ${Expression}`);
    const [, schema = '', metric = '', name = '', value = '', stat = '', period] = search;
    const [namespace = '', ...names] = schema.split(',');
    const found = this.measured.filter((each) => each.namespace === namespace && each.metric === metric && each.dimensions[name] === value);
    const sets = new Set(found.filter((each) => sorted(Object.keys(each.dimensions)) === sorted(names)).map(keyOf));
    return [...sets].map((key) => {
      const dimensions: Record<string, string> = Object.fromEntries(JSON.parse(key));
      return {
        Id,
        Label: Label.replace(/\$\{PROP\('Dim\.(\w+)'\)\}/g, (_, of: string) => dimensions[of] ?? ''),
        points: pointsOf(this.measuredAs(namespace, metric, dimensions), Number(period), stat, asked),
      };
    });
  }

  private measuredAs(namespace: string, metric: string, dimensions: Measured['dimensions']): Measured[] {
    const key = keyOf({ dimensions });
    return this.measured.filter((each) => each.namespace === namespace && each.metric === metric && keyOf(each) === key);
  }

  private publish(body: string): string {
    this.published.push(Object.fromEntries(new URLSearchParams(body)));
    const space = 'http://sns.amazonaws.com/doc/2010-03-31/';
    if (this.snsStatus !== 200)
      return `<ErrorResponse xmlns="${space}"><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>No.</Message></Error></ErrorResponse>`;
    return `<PublishResponse xmlns="${space}"><PublishResult><MessageId>message-1</MessageId></PublishResult></PublishResponse>`;
  }
}

const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values) => Math.max(...values),
  SampleCount: ({ length }) => length,
};

function pointsOf(measured: readonly Measured[], period: number, stat: string, { StartTime, EndTime }: Asked) {
  const periods = new Map<number, number[]>();
  for (const { at, value } of measured) {
    if (at < StartTime * 1000 || at >= EndTime * 1000) continue;
    const begin = at - (at % (period * 1000));
    periods.set(begin, [...(periods.get(begin) ?? []), value]);
  }
  // Newest first, as CloudWatch does unless told otherwise.
  return [...periods]
    .sort(([one], [other]) => other - one)
    .map(([at, values]) => ({ at, value: STATISTICS[stat]?.(values) ?? Number.NaN }));
}

function keyOf({ dimensions }: Pick<Measured, 'dimensions'>): string {
  return JSON.stringify(Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function sorted(names: readonly string[]): string {
  return [...names].sort().join();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
