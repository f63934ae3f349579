import { digestText } from '../../lambda/encryption-digest/digest-text';
import type { EnforcerDigest, Figures } from '../../lambda/encryption-digest/figures';

const NONE = {
  compliant: 0,
  violations: 0,
  exempt: 0,
  unverifiable: 0,
  reduced: 0,
  reported: 0,
  tagged: 0,
  quarantined: 0,
  reencrypted: 0,
  released: 0,
  discarded: 0,
};

export interface Week extends Partial<Omit<Figures, 'counts' | 'waits'>> {
  readonly counts?: Partial<Figures['counts']>;
  readonly waits?: Partial<Figures['waits']>;
}

const NO_WAITS = { queued: undefined, queuedLarge: undefined, throttled: undefined, unfinished: undefined };

function week({ counts = {}, waits = {}, ...figures }: Week = {}): Figures {
  const all = { ...NONE, ...counts };
  const verified = all.compliant + all.violations + all.exempt;
  const slowestMillis = verified === 0 ? undefined : 1_300;
  return { verified, slowestMillis, waiting: 0, canaries: undefined, ...figures, counts: all, waits: { ...NO_WAITS, ...waits } };
}

/** Of an enforcer that verified what is told, as fast as most, and where nothing waits. */
export function digest(lastWeek: Week, weekBefore: Week = {}, buckets: EnforcerDigest['buckets'] = []): EnforcerDigest {
  return { name: 'Data-Enforcer-1a2b3c4d', maxAgeMillis: 15 * MINUTE, lastWeek: week(lastWeek), weekBefore: week(weekBefore), buckets };
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const WEEKS = {
  weekBefore: new Date('2026-11-09T00:00:00Z'),
  lastWeek: new Date('2026-11-16T00:00:00Z'),
  end: new Date('2026-11-23T00:00:00Z'),
};
export const CONFIG = {
  topicArn: 'arn:aws:sns:eu-west-1:111122223333:alerts',
  runbookUrl: 'https://github.com/cdk-s3-encryption-guard/cdk-s3-encryption-guard/blob/main/docs/operator-runbook.md#the-weekly-digest',
};

export const told = (...digests: EnforcerDigest[]) => digestText(digests, WEEKS, CONFIG);
export const linesWith = (text: string, ...digests: EnforcerDigest[]) =>
  told(...digests)
    .text.split('\n')
    .filter((line) => line.includes(text));
