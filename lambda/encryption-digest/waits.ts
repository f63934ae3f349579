import { LATE_MILLIS } from '../../lib/domain/late';
import type { EnforcerDigest, Figures } from './figures';

/** The longest in milliseconds; undefined where there is none. */
export interface Waits {
  /** Of an event, before its object had a verdict. */
  readonly event: number | undefined;
  /** Of an object over 5 GiB, on its way to quarantine. */
  readonly largeObject: number | undefined;
}

export function longestWaits({ waits }: Figures): Waits {
  return { event: longest(waits.queued, waits.throttled), largeObject: longest(waits.queuedLarge, waits.unfinished) };
}

/** Of the last week, those only that an alarm goes off for; the slowest verification waited as well. */
export function lateWaits({ maxAgeMillis, lastWeek: { slowestMillis, waits } }: EnforcerDigest): Waits {
  return {
    event: longest(late(slowestMillis, maxAgeMillis), late(waits.throttled, maxAgeMillis), late(waits.queued, LATE_MILLIS.queued)),
    largeObject: longest(late(waits.queuedLarge, LATE_MILLIS.queuedLarge), late(waits.unfinished, LATE_MILLIS.unfinished)),
  };
}

/** As an alarm at this threshold. */
function late(millis: number | undefined, threshold: number): number | undefined {
  return millis !== undefined && millis >= threshold ? millis : undefined;
}

function longest(...waits: readonly (number | undefined)[]): number | undefined {
  const known = waits.filter((millis) => millis !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
