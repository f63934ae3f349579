import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS } from '../../lib/domain/contract';

export interface Measurement {
  readonly metric: string;
  /** Objects, or milliseconds. */
  readonly value: number;
  readonly bucket: string;
  readonly scheme?: string | undefined;
}

/** A line takes 100 values of one metric. At the last, Powertools would print it by itself, and go on without its dimensions. */
const MAX_VALUES = 99;

/** Milliseconds, each told by itself for its percentiles; all others are counts, and added up. */
const AGES: ReadonlySet<string> = new Set([METRICS.verificationAge, METRICS.throttledAge, METRICS.unfinishedAge]);

/** What was measured for one bucket, and of verdicts for one scheme. */
interface Gathered {
  readonly bucket: string;
  readonly scheme: string | undefined;
  readonly values: Map<string, number[]>;
}

/**
 * Gathers what an invocation counts, and prints it at its end: one line for each bucket and scheme, not one for each object.
 * Each is counted for the enforcer alone, which the alarms look at, for its bucket, and verdicts for the scheme.
 */
export class EnforcerMetrics {
  /** Kept between invocations: to make one takes longer than to judge an object. */
  private readonly metrics: Metrics;
  private readonly gathered = new Map<string, Gathered>();

  constructor(
    enforcerName: string,
    private readonly print: (line: string) => void,
  ) {
    this.metrics = new Metrics({ namespace: METRICS.namespace, serviceName: enforcerName });
  }

  add({ metric, value, bucket, scheme }: Measurement): void {
    const { values } = this.gatheredFor(bucket, scheme);
    const earlier = values.get(metric) ?? [];
    if (AGES.has(metric)) earlier.push(value);
    values.set(metric, AGES.has(metric) ? earlier : [(earlier[0] ?? 0) + value]);
  }

  flush(): void {
    for (const { values, ...of } of this.gathered.values()) {
      const most = Math.max(...[...values.values()].map(({ length }) => length));
      for (let from = 0; from < most; from += MAX_VALUES) {
        this.printLine({ ...of, values: new Map([...values].map(([metric, all]) => [metric, all.slice(from, from + MAX_VALUES)])) });
      }
    }
    this.gathered.clear();
  }

  private gatheredFor(bucket: string, scheme: string | undefined): Gathered {
    const key = `${bucket}/${scheme ?? ''}`;
    const known = this.gathered.get(key);
    if (known !== undefined) return known;
    const gathered = { bucket, scheme, values: new Map<string, number[]>() };
    this.gathered.set(key, gathered);
    return gathered;
  }

  private printLine({ bucket, scheme, values }: Gathered): void {
    const { metrics } = this;
    metrics.addDimensions({}).addDimensions({ [METRICS.bucketDimension]: bucket });
    if (scheme !== undefined) metrics.addDimensions({ [METRICS.schemeDimension]: scheme });
    for (const [metric, some] of values) {
      for (const value of some) metrics.addMetric(metric, AGES.has(metric) ? MetricUnit.Milliseconds : MetricUnit.Count, value);
    }
    this.print(JSON.stringify(metrics.serializeMetrics()));
    metrics.clearMetrics();
    metrics.clearDimensions();
  }
}
