import { METRICS } from '../../lib/domain/contract';
import { VIOLATION_REASONS } from '../../lib/domain/verdict';
import type { Measurement } from '../shared/enforcer-metrics';
import { type FinalOutcome, isViolation, type ViolationOutcome } from './outcome';
import type { WrittenObject } from './parse-event';

/** Where outcomes are told. */
export interface ReportPorts {
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly measure: (measurement: Measurement) => void;
  /** Sends the EventBridge events of one violation. */
  readonly announce: (detail: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly now: () => Date;
}

/** One log line, its metrics, and for a violation its events. Repeated if these cannot be sent: consumers see them at least once. */
export async function report(object: WrittenObject, outcome: FinalOutcome, ports: ReportPorts): Promise<void> {
  const detail = detailOf(object, outcome);
  ports.log('object verified', detail);
  if (isViolation(outcome)) await ports.announce(detail);
  for (const measurement of measurementsOf(object, outcome, ports.now())) ports.measure(measurement);
}

/** The same fields in the log and in the event; names that others filter by. */
export function detailOf({ bucket, key, versionId }: WrittenObject, outcome: FinalOutcome): Record<string, unknown> {
  const where = { bucket, key, ...present({ versionId }), outcome: outcome.kind };
  if (outcome.kind === 'compliant' || outcome.kind === 'gone') return where;
  const { reason, expected, observed } = outcome.violation;
  if (outcome.kind === 'exempt') {
    const { until, reason: exemption } = outcome.exemption;
    return { ...where, reason, expected, observed, exemption, exemptUntil: until };
  }
  const { requested, reducedBecause, location, encryptedAs, replacedBy, uncovered } = outcome;
  return { ...where, reason, expected, observed, requested, ...present({ reducedBecause, location, encryptedAs, replacedBy, uncovered }) };
}

function present(fields: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** What is sent anew has no verdict that would tell how long it has waited, and its message is young again each time. */
export function waitOf(metric: string, { bucket, writtenAt, resentSince }: WrittenObject, now: Date): Measurement {
  return { metric, value: ageOf(writtenAt ?? resentSince ?? now, now), bucket };
}

function ageOf(since: Date, now: Date): number {
  return Math.max(0, now.getTime() - since.getTime());
}

export function measurementsOf({ bucket, writtenAt }: WrittenObject, outcome: FinalOutcome, now: Date): Measurement[] {
  const age = writtenAt && ageOf(writtenAt, now);
  return [
    ...verdictMetrics(outcome).map((metric) => ({ metric, value: 1, bucket, scheme: 'scheme' in outcome ? outcome.scheme : undefined })),
    ...(isViolation(outcome) ? actionMetrics(outcome).map((metric) => ({ metric, value: 1, bucket })) : []),
    ...(age === undefined ? [] : [{ metric: METRICS.verificationAge, value: age, bucket }]),
  ];
}

function verdictMetrics(outcome: FinalOutcome): string[] {
  switch (outcome.kind) {
    case 'compliant':
      return [METRICS.compliantObjects];
    case 'gone':
      return [METRICS.goneObjects];
    case 'exempt':
      return [METRICS.exemptObjects];
    default:
      return [METRICS.nonCompliantObjects];
  }
}

const ACTION_METRICS: Readonly<Record<ViolationOutcome['kind'], readonly string[]>> = {
  reported: [METRICS.reportedObjects],
  tagged: [METRICS.taggedObjects],
  quarantined: [METRICS.quarantinedObjects],
  're-encrypted': [METRICS.reencryptedObjects],
  // Somebody else was faster; what there is now has an event of its own.
  superseded: [],
};

function actionMetrics({ kind, violation, reducedBecause }: ViolationOutcome): string[] {
  return [
    ...ACTION_METRICS[kind],
    ...(VIOLATION_REASONS[violation.reason].proven ? [] : [METRICS.unverifiableObjects]),
    ...(reducedBecause === undefined ? [] : [METRICS.reducedActions]),
  ];
}
