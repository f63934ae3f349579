import type { Deployment } from '../deployment';
import { GUARDED_BUCKETS, type GuardedBucket, REQUIRED_SCHEMES } from '../matrix/upload-case';
import type { DemoResult, ResultRow } from '../result';

/** How uploads end, from the best to the worst. */
export const ENDS = ['stayed', 'reported', 'tagged', 'quarantined', 'none'] as const;

export type End = (typeof ENDS)[number];

export const END_WORDS: Readonly<Record<End, string>> = {
  stayed: 'compliant, stays',
  reported: 'reported, left alone',
  tagged: 'tagged where it is',
  quarantined: 'moved to quarantine',
  none: 'no verdict',
};

export interface BucketFacts {
  readonly name: string;
  readonly scheme: string;
  readonly keyArn?: string | undefined;
  readonly rows: readonly ResultRow[];
}

export function endOf({ action }: ResultRow): End {
  if (action === 'none') return 'stayed';
  return action ?? 'none';
}

/** The buckets of the run, each with its rows. */
export function bucketsOf({ rows }: DemoResult, deployment: Deployment): BucketFacts[] {
  return GUARDED_BUCKETS.map((bucket) => ({
    name: deployment[bucket],
    scheme: REQUIRED_SCHEMES[bucket],
    keyArn: keyOf(bucket, deployment),
    rows: rows.filter((row) => row.bucket === deployment[bucket]),
  }));
}

function keyOf(bucket: GuardedBucket, deployment: Deployment): string | undefined {
  if (bucket === 'S3Bucket') return undefined;
  return bucket === 'KmsBucket' ? deployment.KmsBucketKey : deployment.DsseBucketKey;
}

export function countEnds(rows: readonly ResultRow[]): Record<End, number> {
  const counts: Record<End, number> = { stayed: 0, reported: 0, tagged: 0, quarantined: 0, none: 0 };
  for (const row of rows) counts[endOf(row)] += 1;
  return counts;
}

export function deniedOnAws(rows: readonly ResultRow[]): number {
  return rows.filter(({ policyAnswer }) => policyAnswer === 'Denied').length;
}

/** The middle one of the times to a verdict, and the longest. */
export function verdictTimes(rows: readonly ResultRow[]): { readonly median: number; readonly longest: number } | undefined {
  const times = rows.flatMap(({ millisToVerdict }) => millisToVerdict ?? []).sort((one, other) => one - other);
  const median = times[Math.floor((times.length - 1) / 2)];
  const longest = times.at(-1);
  return median === undefined || longest === undefined ? undefined : { median, longest };
}

export function duration(millis: number): string {
  return millis < 1000 ? `${millis} ms` : `${(millis / 1000).toFixed(1)} s`;
}
