import type { DigestedEnforcer } from '../../lib/domain/digested-enforcer';
import { type MetricSeries, type Point, UnansweredError } from './metric-series';
import { COUNT_NAMES, type Count, queryIds, WAIT_NAMES, WAITS, type Wait } from './queries';
import type { Weeks } from './weeks';

/** Seven days of an enforcer, without what its canary wrote. */
export interface Figures {
  readonly counts: Readonly<Record<Count, number>>;
  /** Compliant, exempt or in violation. */
  readonly verified: number;
  /** From event to verdict, of the slowest, canaries included; undefined where there was none. */
  readonly slowestMillis: number | undefined;
  /** The longest in milliseconds, of events without a verdict, and of large objects whose move went on; undefined where nothing waited. */
  readonly waits: Readonly<Record<Wait, number | undefined>>;
  /** Events that nobody had verified, at the moment when most were: dead letters, and undelivered ones. */
  readonly waiting: number;
  /** Undefined where there is no canary. */
  readonly canaries: { readonly written: number; readonly caught: number; readonly expected: number } | undefined;
}

export interface BucketCount {
  readonly bucket: string;
  readonly violations: number;
}

export interface EnforcerDigest {
  readonly name: string;
  /** From which on a verification is late. */
  readonly maxAgeMillis: number;
  readonly lastWeek: Figures;
  readonly weekBefore: Figures;
  /** Buckets with violations in the last week, the worst first; undefined where CloudWatch did not tell. */
  readonly buckets: readonly BucketCount[] | undefined;
}

type Total = (id: string) => number;

const WEEK_MINUTES = 7 * 24 * 60;

/** @throws UnansweredError for a metric that was asked for, and is not in the answer; and for counts that contradict each other */
export function figuresOf(enforcers: readonly DigestedEnforcer[], answer: readonly MetricSeries[], weeks: Weeks) {
  const byId = new Map(answer.map(({ id, points }) => [id, points]));
  const pointsOf = (id: string) => {
    const points = byId.get(id);
    if (points === undefined) throw new UnansweredError(`CloudWatch said nothing of ${id}, which it was asked for`);
    return points;
  };
  return enforcers.map((enforcer, place) => {
    const inWeek = (isInIt: (point: Point) => boolean) => weekOf(enforcer, place, (id) => pointsOf(id).filter(isInIt));
    return {
      name: enforcer.name,
      maxAgeMillis: enforcer.maxAgeMillis,
      lastWeek: inWeek(({ at }) => at >= weeks.lastWeek),
      weekBefore: inWeek(({ at }) => at < weeks.lastWeek),
    };
  });
}

function weekOf({ canary, deadLetterQueues }: DigestedEnforcer, place: number, pointsOf: (id: string) => readonly Point[]): Figures {
  const id = queryIds(place);
  const total: Total = (of) => pointsOf(of).reduce((sum, { value }) => sum + value, 0);
  const most = (of: string) => (pointsOf(of).length === 0 ? undefined : Math.max(...pointsOf(of).map(({ value }) => value)));
  const counts = countsOf(place, total, canary !== undefined);
  // SQS tells a zero of a queue where nothing waits.
  const waits = WAIT_NAMES.map((wait) => [wait, (most(id.wait(wait)) ?? 0) * WAITS[wait].unitMillis || undefined]);
  return {
    counts,
    verified: counts.compliant + counts.violations + counts.exempt,
    slowestMillis: most(id.slowest),
    waits: Object.fromEntries(waits),
    waiting: deadLetterQueues.reduce((sum, _, at) => sum + (most(id.waiting(at)) ?? 0), 0),
    canaries: canary && { written: total(id.canaries), caught: total(id.caught), expected: Math.floor(WEEK_MINUTES / canary.minutes) },
  };
}

function countsOf(place: number, total: Total, hasCanary: boolean): Record<Count, number> {
  const id = queryIds(place);
  const counts = COUNT_NAMES.map((name) => {
    const count = total(id.count(name)) - (hasCanary ? total(id.countOfCanary(name)) : 0);
    // Both are of the same log lines.
    if (count < 0) throw new UnansweredError(`CloudWatch has more of ${id.countOfCanary(name)} than of ${id.count(name)}`);
    return [name, count] as const;
  });
  return Object.fromEntries(counts) as Record<Count, number>;
}

export function worstBuckets({ canary }: DigestedEnforcer, answer: readonly MetricSeries[], { lastWeek }: Weeks): BucketCount[] {
  return answer
    .filter(({ label }) => label !== canary?.bucket)
    .map(({ label, points }) => ({
      bucket: label,
      violations: points.reduce((sum, { at, value }) => (at >= lastWeek ? sum + value : sum), 0),
    }))
    .filter(({ violations }) => violations > 0)
    .sort((one, other) => other.violations - one.violations || (one.bucket < other.bucket ? -1 : 1));
}
