import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS } from '../../lib/domain/contract';
import type { Measurement } from './report';

/** A line takes 100 values of one metric. At the last, Powertools would print it by itself, and go on without its dimensions. */
const MAX_VALUES = 99;

/** What was counted for one bucket, and of verdicts for one scheme. */
interface Gathered {
  readonly bucket: string;
  readonly scheme: string | undefined;
  readonly counts: Map<string, number>;
  /** One by one, for their percentiles. */
  readonly ages: number[];
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
    const { counts, ages } = this.gatheredFor(bucket, scheme);
    if (metric === METRICS.verificationAge) ages.push(value);
    else counts.set(metric, (counts.get(metric) ?? 0) + value);
  }

  flush(): void {
    for (const { ages, ...counted } of this.gathered.values()) {
      this.printLine({ ...counted, ages: ages.splice(0, MAX_VALUES) });
      while (ages.length > 0) this.printLine({ ...counted, counts: new Map(), ages: ages.splice(0, MAX_VALUES) });
    }
    this.gathered.clear();
  }

  private gatheredFor(bucket: string, scheme: string | undefined): Gathered {
    const key = `${bucket}/${scheme ?? ''}`;
    const known = this.gathered.get(key);
    if (known !== undefined) return known;
    const gathered = { bucket, scheme, counts: new Map<string, number>(), ages: [] };
    this.gathered.set(key, gathered);
    return gathered;
  }

  private printLine({ bucket, scheme, counts, ages }: Gathered): void {
    const { metrics } = this;
    metrics.addDimensions({}).addDimensions({ [METRICS.bucketDimension]: bucket });
    if (scheme !== undefined) metrics.addDimensions({ [METRICS.schemeDimension]: scheme });
    for (const [metric, count] of counts) metrics.addMetric(metric, MetricUnit.Count, count);
    for (const age of ages) metrics.addMetric(METRICS.verificationAge, MetricUnit.Milliseconds, age);
    this.print(JSON.stringify(metrics.serializeMetrics()));
    metrics.clearMetrics();
    metrics.clearDimensions();
  }
}
