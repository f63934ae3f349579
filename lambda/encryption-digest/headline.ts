import type { EnforcerDigest, Figures } from './figures';
import { duration, number, some } from './format';
import { lateWaits } from './waits';

/** The answer of a week. */
export interface Headline {
  /** In one line. */
  readonly all: string;
  /** Where that is too long: its first, and worst, part. */
  readonly short: string;
  /** What has to be said about it. */
  readonly remarks: readonly string[];
}

const WELL = 'All well';
/** A round or two may fall out; more means that their schedule, or what they report, stands still. */
const ENOUGH_CANARIES = 0.9;
const SILENCE =
  'That is no proof of anything: either nothing was written to the buckets, or events no longer reach the enforcer. Find out which.';

export function headlineOf(digests: readonly EnforcerDigest[]): Headline {
  const silent = digests.filter(({ lastWeek }) => lastWeek.verified === 0).length;
  const problems = [...silenceOf(silent, digests.length), ...problemsOf(digests)];
  const remarks = silent === 0 ? [] : [SILENCE];
  const [first] = problems;
  return first === undefined
    ? { all: allWell(digests.map(({ lastWeek }) => lastWeek)), short: WELL, remarks }
    : { all: problems.join('; '), short: `${first}; and more`, remarks };
}

/** Loudly: what is not verified is not compliant. */
function silenceOf(silent: number, enforcers: number): string[] {
  if (silent === 0) return [];
  return [enforcers === 1 ? 'NOTHING WAS VERIFIED' : `NOTHING WAS VERIFIED by ${silent} of ${enforcers} enforcers`];
}

function problemsOf(digests: readonly EnforcerDigest[]): string[] {
  const weeks = digests.map(({ lastWeek }) => lastWeek);
  const late = digests.map(lateWaits);
  const canaries = weeks.flatMap((week) => week.canaries ?? []);
  const short = canaries.filter(({ written, expected }) => written < ENOUGH_CANARIES * expected);
  const [written, expected] = [sum(short, (each) => each.written), sum(short, (each) => each.expected)];
  const problems: [count: number, text: (count: number) => string][] = [
    [sum(weeks, ({ counts }) => counts.violations), (count) => some(count, 'violation')],
    [sum(weeks, ({ counts }) => counts.reduced), (count) => `less done than configured about ${number(count)}`],
    [sum(weeks, ({ waiting }) => waiting), (count) => `${some(count, 'event')} not verified`],
    [longest(late, ({ event }) => event), (millis) => `events waited up to ${duration(millis)}`],
    [longest(late, ({ largeObject }) => largeObject), (millis) => `large objects waited up to ${duration(millis)}`],
    [sum(canaries, ({ written, caught }) => written - caught), (count) => `${some(count, 'canary', 'canaries')} not caught`],
    [short.length, () => `${number(written)} of ${some(expected, 'canary', 'canaries')} written`],
  ];
  return problems.filter(([count]) => count > 0).map(([count, text]) => text(count));
}

function allWell(weeks: readonly Figures[]): string {
  const exempt = sum(weeks, ({ counts }) => counts.exempt);
  const how = exempt === 0 ? 'all as required' : `none in violation, ${number(exempt)} exempt`;
  return `${WELL}: ${some(
    sum(weeks, ({ verified }) => verified),
    'object',
  )} verified, ${how}`;
}

function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0);
}

function longest<T>(list: readonly T[], of: (item: T) => number | undefined): number {
  return Math.max(...list.map((item) => of(item) ?? 0));
}
