import type { DigestConfig } from './config';
import type { EnforcerDigest, Figures } from './figures';
import { counted, dashboardUrl, dayOf, duration, number, share } from './format';
import { type Headline, headlineOf } from './headline';
import type { Count } from './queries';
import { longestWaits, type Waits } from './waits';
import type { Weeks } from './weeks';

export interface DigestMessage {
  readonly subject: string;
  readonly text: string;
}

/** SNS takes 100 characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MAX_SUBJECT = 100;
const SUBJECT = 'S3 encryption digest: ';
const WORST_BUCKETS = 3;

/** What people read: the answer first, in the subject as well, then the figures of each enforcer. */
export function digestText(digests: readonly EnforcerDigest[], weeks: Weeks, config: Omit<DigestConfig, 'enforcers'>): DigestMessage {
  const headline = headlineOf(digests);
  const [, partition = '', , region = '', account = ''] = config.topicArn.split(':');
  const lastMoment = new Date(weeks.end.getTime() - 1);
  const text = [
    `${headline.all}.`,
    ...headline.remarks,
    '',
    `${dayOf(weeks.lastWeek)} to ${dayOf(lastMoment)} (UTC), in brackets the seven days before. Account ${account}, ${region}.`,
    ...digests.flatMap((digest) => ['', ...enforcerLines(digest)]),
    '',
    `What the lines mean, and what to do: ${config.runbookUrl}`,
    ...(config.dashboardName === undefined ? [] : [`Dashboard: ${dashboardUrl(partition, region, config.dashboardName)}`]),
  ];
  return { subject: subjectOf(headline), text: text.join('\n') };
}

function subjectOf({ all, short }: Headline): string {
  const whole = SUBJECT + all;
  return whole.length <= MAX_SUBJECT ? whole : SUBJECT + short;
}

function enforcerLines({ name, lastWeek, weekBefore, buckets }: EnforcerDigest): string[] {
  const count = (of: Count) => counted(lastWeek.counts[of], weekBefore.counts[of]);
  const each = (read: (figures: Figures) => string) => `${read(lastWeek)} (${read(weekBefore)})`;
  const wait = (of: keyof Waits) => each((figures) => durationOrNone(longestWaits(figures)[of]));
  return [
    `Enforcer ${name}`,
    `- verified: ${counted(lastWeek.verified, weekBefore.verified)}`,
    `- as required: ${each(({ counts, verified }) => number(counts.compliant) + share(counts.compliant, verified))}`,
    `- violations: ${count('violations')}, of which unverifiable: ${count('unverifiable')}`,
    ...bucketLines(lastWeek.counts.violations, buckets),
    `- done about them: ${ACTIONS.map((action) => `${ACTION_WORDS[action]} ${count(action)}`).join(', ')}`,
    `- less done than configured: ${count('reduced')}`,
    `- exempt: ${count('exempt')}`,
    `- out of quarantine: released ${count('released')}, discarded ${count('discarded')}`,
    `- events not verified, at most at one time: ${counted(lastWeek.waiting, weekBefore.waiting)}`,
    `- longest wait of an event: ${wait('event')}, of a large object: ${wait('largeObject')}`,
    `- slowest verification: ${each(({ slowestMillis }) => durationOrNone(slowestMillis))}`,
    ...(lastWeek.canaries === undefined ? [] : [`- canaries caught: ${each(canariesOf)}, ${number(lastWeek.canaries.expected)} expected`]),
  ];
}

const ACTION_WORDS = { quarantined: 'quarantined', reencrypted: 're-encrypted', tagged: 'tagged', reported: 'reported' } as const;
const ACTIONS = Object.keys(ACTION_WORDS) as (keyof typeof ACTION_WORDS)[];

function bucketLines(violations: number, buckets: EnforcerDigest['buckets']): string[] {
  if (violations === 0) return [];
  if (buckets === undefined) return ['- in which buckets: CloudWatch did not tell'];
  const worst = buckets.slice(0, WORST_BUCKETS);
  const others = violations - worst.reduce((sum, bucket) => sum + bucket.violations, 0);
  const told = worst.map((bucket) => `${bucket.bucket} ${number(bucket.violations)}`);
  return [`- most in: ${[...told, ...(others > 0 ? [`elsewhere ${number(others)}`] : [])].join(', ')}`];
}

function canariesOf({ canaries }: Figures): string {
  return canaries === undefined ? 'none' : `${number(canaries.caught)} of ${number(canaries.written)} written`;
}

function durationOrNone(millis: number | undefined): string {
  return millis === undefined ? 'none' : duration(millis);
}
