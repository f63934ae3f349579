import type { Deployment } from '../deployment';
import { GUARDED_BUCKETS, KEY_OUTPUTS, REQUIRED_SCHEMES } from '../matrix/upload-case';
import type { DemoResult, ResultRow } from '../result';

/** How uploads end, from the best to the worst. */
export const ENDS = ['stayed', 're-encrypted', 'reported', 'tagged', 'quarantined', 'none'] as const;

export type End = (typeof ENDS)[number];

export const END_WORDS: Readonly<Record<End, string>> = {
  stayed: 'compliant, stays',
  reported: 'reported, left alone',
  tagged: 'tagged where it is',
  're-encrypted': 'encrypted as required, in its place',
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
  return GUARDED_BUCKETS.flatMap((bucket) => {
    const name = deployment[bucket];
    if (name === undefined) return [];
    const output = KEY_OUTPUTS[bucket];
    const keyArn = output && deployment[output];
    return [{ name, scheme: REQUIRED_SCHEMES[bucket], keyArn, rows: rows.filter((row) => row.bucket === name) }];
  });
}

export function countEnds(rows: readonly ResultRow[]): Record<End, number> {
  const counts: Record<End, number> = { stayed: 0, 're-encrypted': 0, reported: 0, tagged: 0, quarantined: 0, none: 0 };
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

/** What was found of the objects that were moved: each was looked up and read, and `whereabouts` says with what result. */
export function copiesInWords(rows: readonly ResultRow[]): string {
  const found = rows.filter(({ whereabouts }) => whereabouts?.startsWith('quarantine')).length;
  const lost = rows.filter(({ whereabouts }) => whereabouts?.startsWith('LOST')).length;
  const restored = rows.filter(({ whereabouts }) => whereabouts === 'quarantine, good one back').length;
  const sentences = [
    found === 0 && 'No copy was found here.',
    found > 0 &&
      `${found} ${found === 1 ? 'copy was' : 'copies were'} read back: the same bytes (SHA-256), under the key of the quarantine.`,
    restored > 0 &&
      `In ${restored} of these cases a wrong version had been laid over a good one, and the good one is the current version again.`,
    lost > 0 && `${lost} ${lost === 1 ? 'object was' : 'objects were'} not found where they had to be: their rows say what is wrong.`,
  ];
  return sentences.filter((sentence) => sentence !== false).join(' ');
}
