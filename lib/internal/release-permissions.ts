import { Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { readRulesStatement, sendEventsStatement } from './enforcer-permissions';
import type { GuardResources } from './guard-resources';

/** What the role of a QuarantineRelease may do wherever it puts objects back, besides writing its log. */
export function releaseStatements(stack: Stack, guard: GuardResources): iam.PolicyStatement[] {
  const { quarantineBucket, quarantineKey, parameterPrefix } = guard.parts;
  return [
    readRulesStatement(stack, parameterPrefix.replace(/\/$/, '')),
    sendEventsStatement(stack, 'ReportReleases'),
    ...inQuarantine(stack, quarantineBucket, quarantineKey),
  ];
}

/** Reads copies and receipts, deletes copies, and writes its own records; nothing else, as the bucket's policy says as well. */
function inQuarantine(stack: Stack, bucket: s3.IBucket, key: kms.IKey): iam.PolicyStatement[] {
  // A name is free once its bucket is deleted, and whoever takes it in another account must not say what is released here.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
  const conditions = { StringEquals: { 'aws:ResourceAccount': stack.account } };
  const under = (...prefixes: string[]) => prefixes.map((prefix) => bucket.arnForObjects(`${prefix}/*`));
  return [
    new iam.PolicyStatement({
      sid: 'ReadCopies',
      actions: [
        's3:GetObjectVersion',
        's3:GetObjectVersionTagging',
        's3:GetObjectVersionAnnotation',
        // What Object Lock keeps is told before anything is deleted.
        's3:GetObjectRetention',
        's3:GetObjectLegalHold',
      ],
      resources: under('objects'),
      conditions,
    }),
    new iam.PolicyStatement({ sid: 'DiscardCopies', actions: ['s3:DeleteObjectVersion'], resources: under('objects'), conditions }),
    new iam.PolicyStatement({
      sid: 'ReadReceiptsAndRecords',
      actions: ['s3:GetObject'],
      resources: under('receipts', 'releases', 'discards'),
      conditions,
    }),
    new iam.PolicyStatement({ sid: 'WriteRecords', actions: ['s3:PutObject'], resources: under('releases', 'discards'), conditions }),
    // Without ListBucket, S3 answers 403 instead of 404 for what is not there.
    new iam.PolicyStatement({
      sid: 'FindVersions',
      actions: ['s3:ListBucket', 's3:ListBucketVersions'],
      resources: [bucket.bucketArn],
      conditions,
    }),
    new iam.PolicyStatement({ sid: 'OpenQuarantine', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
  ];
}

/**
 * Lets it put objects back, into every bucket that the enforcer guards, or will: also where no more is quarantined now, since what was is still to be
 * released.
 */
export function allowPuttingBack(role: iam.Role, guard: GuardResources): void {
  const buckets = new Set<s3.IBucket>();
  const keyArns = new Set<string>();
  guard.onBucket((bucket, keys) => {
    if (buckets.size === 0) for (const statement of inGuardedBuckets(role, guard, buckets, keyArns)) role.addToPolicy(statement);
    buckets.add(bucket);
    for (const { keyArn } of keys) keyArns.add(keyArn);
  });
}

/** One statement each, whatever their number. */
function inGuardedBuckets(
  role: iam.Role,
  guard: GuardResources,
  buckets: ReadonlySet<s3.IBucket>,
  keyArns: ReadonlySet<string>,
): iam.PolicyStatement[] {
  const ofBuckets = (arn: (bucket: s3.IBucket) => string) => Lazy.list({ produce: () => [...buckets].map(arn) });
  return [
    new iam.PolicyStatement({
      sid: 'PutBack',
      actions: [
        's3:PutObject',
        's3:PutObjectTagging',
        's3:PutObjectAnnotation',
        's3:GetObject',
        's3:GetObjectVersion',
        's3:ListMultipartUploadParts',
        's3:AbortMultipartUpload',
      ],
      resources: ofBuckets((bucket) => bucket.arnForObjects('*')),
    }),
    new iam.PolicyStatement({
      sid: 'SeeWhatLiesThere',
      actions: ['s3:ListBucket', 's3:ListBucketVersions'],
      resources: ofBuckets((bucket) => bucket.bucketArn),
    }),
    new iam.PolicyStatement({
      sid: 'EncryptAsRequired',
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      // Under the quarantine's own key, which is there in any case, where no bucket has one.
      resources: Lazy.list({ produce: () => [...new Set([guard.parts.quarantineKey.keyArn, ...keyArns])] }),
      conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(role).region}.amazonaws.com` } },
    }),
  ];
}
