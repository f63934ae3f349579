import { denyStatement, exceptBy, type PolicyStatementJson } from './policy-statement';

/**
 * Settings with which a bucket's protection could be taken away, in IAM's names. Deleting a setting takes the same permission as putting it:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
const CONFIGURATION = [
  's3:PutEncryptionConfiguration',
  's3:PutBucketPolicy',
  's3:DeleteBucketPolicy',
  's3:PutBucketVersioning',
  's3:PutBucketNotification',
  's3:PutBucketPublicAccessBlock',
  's3:PutBucketOwnershipControls',
  's3:PutLifecycleConfiguration',
  's3:PutReplicationConfiguration',
  // A new bucket of the same name would have none of it.
  's3:DeleteBucket',
] as const;

/** Only these principals may change what protects the bucket. The account's root user can still delete the policy. */
export function configurationStatement(bucketArn: string, adminArns: readonly string[]): PolicyStatementJson {
  return denyStatement(
    { sid: 'DenyConfigurationByOthers', actions: CONFIGURATION, condition: exceptBy(adminArns) },
    { Resource: [bucketArn] },
  );
}
