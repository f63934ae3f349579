import { GUARDED_BUCKETS, type GuardedBucket, REQUIRED_SCHEMES } from '../matrix/upload-case';
import type { Row } from '../row';
import { formatTable } from '../table';

/** Uploads of one kind to one bucket, which is to require something. */
export interface Count {
  readonly bucket: GuardedBucket;
  readonly header: string;
  readonly verdict: string;
  readonly uploads: number;
}

/** By bucket, by what clients ask for, and by what the enforcer says of it. Most frequent first. */
export function countsOf(rows: readonly Row[]): Count[] {
  const counts = new Map<string, Count>();
  for (const { upload, verdict } of rows) {
    if (verdict === undefined) continue;
    const { bucket, header } = upload.case;
    const words = verdict.reason ?? verdict.outcome;
    const key = JSON.stringify([bucket, header, words]);
    counts.set(key, { bucket, header, verdict: words, uploads: (counts.get(key)?.uploads ?? 0) + 1 });
  }
  const order = (each: Count) => GUARDED_BUCKETS.indexOf(each.bucket);
  return [...counts.values()].sort((one, other) => order(one) - order(other) || other.uploads - one.uploads);
}

export const COLUMNS = ['to be required', 'client sends', 'verdict', 'uploads'] as const;

export function cellsOf({ bucket, header, verdict, uploads }: Count): string[] {
  return [REQUIRED_SCHEMES[bucket], header, verdict, String(uploads)];
}

export function sumOf(counts: readonly Count[]): string {
  const sum = (some: readonly Count[]) => some.reduce((total, { uploads }) => total + uploads, 0);
  const right = sum(counts.filter(({ verdict }) => verdict === 'compliant'));
  return `${right} of ${sum(counts)} uploads are as required already; ${sum(counts) - right} were reported, and nothing was touched.`;
}

/** What a person reads before the next step: how many objects would be refused or moved, and of which kind. */
export function printNumbers(counts: readonly Count[]): void {
  console.log('What the requirement would have met, by what clients ask for:\n');
  console.log(formatTable([...COLUMNS], counts.map(cellsOf)));
  console.log(`\n${sumOf(counts)}`);
  console.log(`\n${ABOUT_PRINCIPALS}\n`);
}

export const ABOUT_PRINCIPALS = `"no header" is no client to mend: such uploads are right as soon as the bucket's default is. But where client-side encryption is to be
required it is, if its verdict is not compliant: no default encrypts in a client's stead. All others are, before anything is denied.
Who they are no report says: S3's events name an account and an address, not a principal. CloudTrail data events do, and docs/roll-out.md has the
question, with the code of each further step. (This engine records no data events; a test asks the question of records like AWS's.)`;
