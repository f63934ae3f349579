import type { Ending, EngineLimit } from './matrix/upload-case';
import { askBucketPolicy, deployedBucketPolicy } from './policy/bucket-policy';
import { type EnforcerWorld, endingOnAws } from './policy/enforcer-rights';
import type { Policy } from './policy/simulate';
import type { Row } from './row';
import type { Verified } from './verify';

/** Sets beside each upload what AWS would have answered: its bucket policy, and the rights of the enforcer. */
export async function askAws(verified: readonly Verified[], limits: readonly EngineLimit[], world: EnforcerWorld): Promise<Row[]> {
  const policies = new Map<string, Policy>();
  for (const bucket of new Set(verified.map(({ upload }) => upload.bucket))) policies.set(bucket, await deployedBucketPolicy(bucket));
  const rows: Row[] = [];
  for (const each of verified) {
    const policy = await askBucketPolicy(policies.get(each.upload.bucket) ?? {}, each.upload, world.home.account);
    const seen = endingSeen(each);
    const onAws = seen && (await endingOnAws(seen, each.upload, world));
    rows.push({ ...each, policy, limits, onAws });
  }
  return rows;
}

/** Undefined where there was none, or not one that the demo knows. */
function endingSeen({ verdict, whereabouts }: Verified): Ending | undefined {
  if (verdict === undefined || whereabouts === undefined || whereabouts.startsWith('LOST')) return undefined;
  const { outcome, reason } = verdict;
  return { outcome, ...(reason !== undefined && { reason }), location: whereabouts } as Ending;
}
