import { METRICS } from '../../lib/domain/contract';
import { VIOLATION_REASONS } from '../../lib/domain/verdict';
import { isViolation, type Outcome } from './outcome';
import type { WrittenObject } from './parse-event';

/** Where outcomes are told. */
export interface ReportPorts {
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly count: (metric: string, bucket: string) => void;
  /** Sends one EventBridge event. */
  readonly announce: (detail: Readonly<Record<string, unknown>>) => Promise<void>;
}

/** One log line, its metrics, and for a violation one event. Repeated if the event cannot be sent: consumers see it at least once. */
export async function report(object: WrittenObject, outcome: Outcome, ports: ReportPorts): Promise<void> {
  const detail = detailOf(object, outcome);
  ports.log('object verified', detail);
  if (isViolation(outcome)) await ports.announce(detail);
  for (const metric of metricsOf(outcome)) ports.count(metric, object.bucket);
}

/** The same fields in the log and in the event; names that others filter by. */
export function detailOf({ bucket, key, versionId }: WrittenObject, outcome: Outcome): Record<string, unknown> {
  const where = { bucket, key, ...(versionId !== undefined && { versionId }), outcome: outcome.kind };
  if (outcome.kind === 'compliant' || outcome.kind === 'gone') return where;
  const { reason, expected, observed } = outcome.violation;
  if (outcome.kind === 'exempt') {
    const { until, reason: exemption } = outcome.exemption;
    return { ...where, reason, expected, observed, exemption, exemptUntil: until };
  }
  const { requested, reducedBecause, location } = outcome;
  return { ...where, reason, expected, observed, requested, ...(reducedBecause && { reducedBecause }), ...(location && { location }) };
}

export function metricsOf(outcome: Outcome): string[] {
  if (outcome.kind === 'compliant') return [METRICS.compliantObjects];
  if (outcome.kind === 'gone') return [METRICS.goneObjects];
  if (outcome.kind === 'exempt') return [METRICS.exemptObjects];
  return [
    METRICS.nonCompliantObjects,
    ...(VIOLATION_REASONS[outcome.violation.reason].proven ? [] : [METRICS.unverifiableObjects]),
    ...(outcome.reducedBecause === undefined ? [] : [METRICS.reducedActions]),
  ];
}
