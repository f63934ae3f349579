import { denyStatement, exceptBy, type PolicyStatementJson } from './policy-statement';

/** A trail that delivers files. Its ARN is known beforehand from its name, so that policies need not wait for it. */
export interface DeliveringTrail {
  readonly arn: string;
  readonly account: string;
}

const CLOUDTRAIL = { Service: 'cloudtrail.amazonaws.com' } as const;

/**
 * What CloudTrail needs of the key of its files. Decrypt is for a bucket with an S3 Bucket Key.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 *
 * AWS's pages do not agree on how digest files are encrypted. Where CloudTrail leaves it to the bucket's default, S3 asks with a context of its own
 * (assumed, as is that S3 hands on the trail's ARN): hence the third statement.
 *
 * The resource of a key policy's statement is the key itself: `*`.
 *
 * @param objectArns - that the files may have, with wildcards
 */
export function trailKeyStatements(trails: readonly DeliveringTrail[], objectArns: string): object[] {
  const arns = trails.map(({ arn }) => arn);
  const fromTrails = { 'aws:SourceArn': arns };
  const forTrails = { 'kms:EncryptionContext:aws:cloudtrail:arn': arns.map(inAnyRegion) };
  const allow = (sid: string, action: string, conditions: object = {}) => ({
    Sid: sid,
    Effect: 'Allow',
    Principal: CLOUDTRAIL,
    Action: action,
    Resource: '*',
    Condition: { StringEquals: fromTrails, ...conditions },
  });
  return [
    allow('AllowCloudTrailEncrypt', 'kms:GenerateDataKey*', { StringLike: forTrails }),
    allow('AllowCloudTrailDecrypt', 'kms:Decrypt'),
    allow('AllowCloudTrailDigests', 'kms:GenerateDataKey*', { StringLike: { 'kms:EncryptionContext:aws:s3:arn': objectArns } }),
    allow('AllowCloudTrailDescribeKey', 'kms:DescribeKey'),
  ];
}

/** AWS leaves the Region of the encryption context open: a trail of all Regions has a shadow in each. */
function inAnyRegion(arn: string): string {
  return arn
    .split(':')
    .map((part, position) => (position === 3 ? '*' : part))
    .join(':');
}

/**
 * What CloudTrail needs of the bucket of its files.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export function trailBucketStatements(bucketArn: string, trails: readonly DeliveringTrail[]): object[] {
  const fromTrails = { 'aws:SourceArn': trails.map(({ arn }) => arn) };
  const accounts = [...new Set(trails.map(({ account }) => account))];
  return [
    {
      Sid: 'AllowCloudTrailAclCheck',
      Effect: 'Allow',
      Principal: CLOUDTRAIL,
      Action: 's3:GetBucketAcl',
      Resource: bucketArn,
      Condition: { StringEquals: fromTrails },
    },
    {
      Sid: 'AllowCloudTrailWrite',
      Effect: 'Allow',
      Principal: CLOUDTRAIL,
      Action: 's3:PutObject',
      Resource: accounts.map((account) => `${bucketArn}/AWSLogs/${account}/*`),
      Condition: { StringEquals: { ...fromTrails, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
  ];
}

/**
 * Files are evidence: nobody but CloudTrail writes them, no request deletes them. They leave by lifecycle, which no bucket policy binds: see
 * `filesSettingsStatement()`. Principals that are no services have no `aws:PrincipalServiceName`, and a negated comparison holds where its key is missing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalservicename
 */
export function closedFilesStatements(bucketArn: string): PolicyStatementJson[] {
  const files = { Resource: [`${bucketArn}/AWSLogs/*`] };
  const condition = { StringNotEquals: { 'aws:PrincipalServiceName': CLOUDTRAIL.Service } };
  return [
    denyStatement({ sid: 'DenyWritesByOthers', actions: ['s3:PutObject', 's3:ReplicateObject'], condition }, files),
    denyStatement(
      { sid: 'DenyDeletion', actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:ReplicateDelete', 's3:UpdateObjectEncryption'] },
      files,
    ),
  ];
}

/**
 * With which files could be removed, made unreadable, or left unlocked, without a request that deletes: one lifecycle rule of a day empties the bucket. The
 * policy itself is not among them: that is for `configurationStatement()`.
 */
export function filesSettingsStatement(bucketArn: string, adminArns: readonly string[]): PolicyStatementJson {
  const actions = [
    ...['s3:PutLifecycleConfiguration', 's3:PutReplicationConfiguration', 's3:PutEncryptionConfiguration'],
    ...['s3:PutBucketVersioning', 's3:PutBucketObjectLockConfiguration'],
  ];
  return denyStatement({ sid: 'DenyFileSettingsByOthers', actions, condition: exceptBy(adminArns) }, { Resource: [bucketArn] });
}

/**
 * CloudWatch Logs may use a key for the log groups of an account and Region.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 *
 * @param logGroupArns - with a wildcard: group and key cannot name each other in one template
 */
export function logsKeyStatement(region: string, logGroupArns: string): object {
  return {
    Sid: 'AllowLogsOfThisAccount',
    Effect: 'Allow',
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    Resource: '*',
    Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroupArns } },
  };
}

/**
 * The streams that CloudTrail makes, and more of them as events grow: hence the wildcard.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
 */
export function logDeliveryStatement(streamArns: string): object {
  return { Sid: 'DeliverEvents', Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: streamArns };
}
