/** The seven days before a digest, and the seven before them: whole days of UTC, so that each object is in one digest and no other. */
export interface Weeks {
  readonly weekBefore: Date;
  readonly lastWeek: Date;
  /** After the last of the days. */
  readonly end: Date;
}

const DAY_MILLIS = 86_400_000;
const DUE = { day: 1, hour: 8 };

/** @param at - of the day after the last one */
export function weeksBefore(at: Date): Weeks {
  const end = Math.floor(at.getTime() / DAY_MILLIS) * DAY_MILLIS;
  return { weekBefore: new Date(end - 14 * DAY_MILLIS), lastWeek: new Date(end - 7 * DAY_MILLIS), end: new Date(end) };
}

/**
 * For when a digest is due, by what the function was invoked with; undefined where none is.
 *
 * The schedule comes each hour, and on Mondays at 08:00 UTC it is due: an alarm on a schedule that stands still looks at seven days at most, and
 * could not tell a week from a week and a minute. Whoever invokes it by hand gets a digest at any time.
 *
 * @throws Error for an event of the schedule without its time
 */
export function dueAt(event: unknown, now: Date): Date | undefined {
  const { 'detail-type': type, time } = (event ?? {}) as Readonly<Record<string, unknown>>;
  if (type !== 'Scheduled Event') return now;
  // Not of now: EventBridge tries for a day to deliver it.
  const scheduled = new Date(String(time));
  if (Number.isNaN(scheduled.getTime())) throw new Error(`The event of the schedule has no time, but ${JSON.stringify(time)}.`);
  return scheduled.getUTCDay() === DUE.day && scheduled.getUTCHours() === DUE.hour ? scheduled : undefined;
}
