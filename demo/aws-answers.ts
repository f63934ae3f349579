import type { Ending, Manner } from './matrix/upload-case';
import { askBucketPolicy, deployedBucketPolicy } from './policy/bucket-policy';
import { endingOnAws } from './policy/enforcer-rights';
import { askKey, type KeyAnswer } from './policy/key-policy';
import { literal, type Policy } from './policy/simulate';
import type { Row } from './row';
import type { Stage } from './stage';
import type { Upload } from './uploads/upload';
import type { Verified } from './verify';

/** Sets beside each upload what AWS would have answered: its bucket policy, the key's half of the permission, and the rights of the enforcer. */
export async function askAws(verified: readonly Verified[], stage: Stage): Promise<Row[]> {
  const { limits, world } = stage;
  const policies = new Map<string, Policy>();
  for (const bucket of new Set(verified.map(({ upload }) => upload.bucket))) policies.set(bucket, await deployedBucketPolicy(bucket));
  const rows: Row[] = [];
  for (const each of verified) {
    const policy = await askBucketPolicy(policies.get(each.upload.bucket) ?? {}, each.upload, world.home.account);
    const key = await askKeyOf(each.upload, stage);
    const seen = endingSeen(each);
    const onAws = seen && (await endingOnAws(seen, each.upload, world));
    rows.push({ ...each, policy, key, limits, onAws });
  }
  return rows;
}

/** In the name of the application, as S3 does; undefined where the upload names no key, and where key and data share an account. */
async function askKeyOf({ case: { keyHalves, manner }, bucket, key, headers }: Upload, stage: Stage): Promise<KeyAnswer | undefined> {
  const { application, deployment, world } = stage;
  if (application === undefined || keyHalves === undefined) return undefined;
  const keyArn = headers.SSEKMSKeyId ?? deployment.KmsBucketKey;
  const request = {
    principal: application.arn,
    identityPolicies: application.policies,
    keyArn,
    object: literal(`arn:aws:s3:::${bucket}/${key}`),
  };
  const answers = await Promise.all(actionsOf(manner).map((action) => askKey({ ...request, action }, world)));
  return answers.find(({ answer }) => answer === 'Denied') ?? answers[0];
}

/** Who writes in parts has to decrypt as well: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions */
function actionsOf(manner: Manner): string[] {
  return manner === 'multipart' ? ['kms:GenerateDataKey', 'kms:Decrypt'] : ['kms:GenerateDataKey'];
}

/** Undefined where there was none, or not one that the demo knows. */
function endingSeen({ verdict, whereabouts }: Verified): Ending | undefined {
  if (verdict === undefined || whereabouts === undefined || whereabouts.startsWith('LOST')) return undefined;
  const { outcome, reason } = verdict;
  return { outcome, ...(reason !== undefined && { reason }), location: whereabouts } as Ending;
}
