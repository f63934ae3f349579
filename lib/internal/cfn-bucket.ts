import * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';

/**
 * The CloudFormation resource behind a bucket: the construct itself, the child of an L2, or the parent of
 * `Bucket.fromCfnBucket()`. Absent for an imported bucket, which another stack or nobody manages.
 */
export function cfnBucketOf(bucket: IConstruct): s3.CfnBucket | undefined {
  const candidates = [bucket, bucket.node.defaultChild, bucket.node.scope];
  return candidates.find((candidate): candidate is s3.CfnBucket => s3.CfnBucket.isCfnBucket(candidate));
}
