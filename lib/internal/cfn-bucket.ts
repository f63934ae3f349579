import { Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
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

/** The L2 that made the resource, if an L2 did. */
export function ownerOf(bucket: s3.CfnBucket): s3.BucketBase | undefined {
  const owner = bucket.node.scope;
  return owner instanceof s3.BucketBase && owner.node.defaultChild === bucket ? owner : undefined;
}

/** What `addEventNotification()` and `eventBridgeEnabled` make of an L2: a custom resource that replaces the notifications of the template. */
export function notificationsOf(bucket: s3.CfnBucket): IConstruct | undefined {
  return ownerOf(bucket)?.node.tryFindChild('Notifications');
}

/** What `Bucket.fromCfnBucket()` made of the resource, if that was called. */
export function wrapperOf(bucket: s3.CfnBucket): s3.BucketBase | undefined {
  return bucket.node.children.find((child) => child instanceof s3.BucketBase);
}

/** What tells one bucket from another, however it is reached. Two constructs with one of these in common are one bucket. */
export function identitiesOf(bucket: IConstruct & Partial<s3.IBucket>): string[] {
  const cfnBucket = cfnBucketOf(bucket);
  const given = cfnBucket?.bucketName;
  const names = [bucket.bucketName, Token.isUnresolved(given) ? undefined : given].filter((name) => name !== undefined);
  // Two partitions can each have a bucket of one name.
  const { region } = Stack.of(bucket);
  return [(cfnBucket ?? bucket).node.path, ...names.map((name) => `${region} ${name}`)];
}

/** Whether a text, as a rule a token, names this bucket. */
export function namesBucket(text: string, bucket: s3.CfnBucket): boolean {
  if (!Token.isUnresolved(text)) return text === bucket.bucketName;
  const token = Tokenization.reverseString(text).firstToken;
  if (Reference.isReference(token)) return token.target === bucket;
  // Fn.ref() of the logical id
  const { logicalId, stack } = bucket;
  return JSON.stringify(stack.resolve(text)) === JSON.stringify({ Ref: stack.resolve(logicalId) });
}
