import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS } from '../../lib/domain/contract';
import type { Measurement } from './report';

/** A line takes 100 values of one metric. At the last, Powertools would print it by itself, and go on without its dimensions. */
const MAX_VALUES = 99;
const AGES: ReadonlySet<string> = new Set([METRICS.verificationAge, METRICS.waitingAge]);

/**
 * Gathers what an invocation counts, and prints it at its end: one line for each bucket and scheme, not one for each object.
 * Each is counted for the enforcer alone, which the alarms look at, for its bucket, and verdicts for the scheme.
 */
export class EnforcerMetrics {
  /** Kept between invocations: to make one takes longer than to judge an object. */
  private readonly known = new Map<string, Metrics>();
  /** With how many values each holds. */
  private readonly gathered = new Map<Metrics, number>();

  constructor(private readonly enforcerName: string) {}

  add({ metric, value, bucket, scheme }: Measurement): void {
    const metrics = this.metricsOf(bucket, scheme);
    metrics.addMetric(metric, AGES.has(metric) ? MetricUnit.Milliseconds : MetricUnit.Count, value);
    const values = (this.gathered.get(metrics) ?? 0) + 1;
    this.gathered.set(metrics, values);
    if (values >= MAX_VALUES) this.publish(metrics);
  }

  flush(): void {
    for (const metrics of [...this.gathered.keys()]) this.publish(metrics);
  }

  private metricsOf(bucket: string, scheme: string | undefined): Metrics {
    const key = `${bucket}/${scheme ?? ''}`;
    const metrics = this.known.get(key) ?? new Metrics({ namespace: METRICS.namespace, serviceName: this.enforcerName });
    this.known.set(key, metrics);
    if (!this.gathered.has(metrics)) this.begin(metrics, bucket, scheme);
    return metrics;
  }

  private publish(metrics: Metrics): void {
    metrics.publishStoredMetrics();
    this.gathered.delete(metrics);
  }

  /** Whatever was published has lost its dimensions. */
  private begin(metrics: Metrics, bucket: string, scheme: string | undefined): void {
    metrics.addDimensions({}).addDimensions({ [METRICS.bucketDimension]: bucket });
    if (scheme !== undefined) metrics.addDimensions({ [METRICS.schemeDimension]: scheme });
    this.gathered.set(metrics, 0);
  }
}
