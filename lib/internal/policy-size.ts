import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { MAX_POLICY_BYTES } from '../domain/policy-statement';
import { partitionOf } from './principal-arn';
import { type Fault, requireValid } from './require-valid';

/** The longest that an ARN of a key becomes, and of whatever else a policy names, as a role. */
const MAX_KEY_ARN = 'arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab'.length;
const MAX_OTHER = 120;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const MAX_BUCKET_NAME = 63;

/** Bytes of a policy as S3 counts them, without white space; what is not known yet counts as the longest it can be. */
export function renderedBytes(scope: IConstruct, policy: unknown): number {
  const stack = Stack.of(scope);
  const lengths = new Map<string, number>();
  for (const construct of stack.node.findAll()) {
    // Others count as the longest there is. A nested stack has logical ids of its own.
    if (!isKey(construct) && !CfnBucket.isCfnBucket(construct)) continue;
    if (construct.stack === stack) lengths.set(logicalIdOf(construct), arnLength(construct));
  }
  return Buffer.byteLength(JSON.stringify(rendered(stack.resolve(policy), lengths)));
}

const logicalIds = new WeakMap<CfnResource, string>();

/** Remembered, since it is asked for each bucket of each other one. Should it be overridden later, the ARN counts as the longest. */
function logicalIdOf(resource: CfnResource): string {
  const logicalId = logicalIds.get(resource) ?? String(Stack.of(resource).resolve(resource.logicalId));
  logicalIds.set(resource, logicalId);
  return logicalId;
}

function isKey(construct: IConstruct): construct is CfnResource {
  return CfnResource.isCfnResource(construct) && construct.cfnResourceType === 'AWS::KMS::Key';
}

function arnLength(resource: CfnResource): number {
  if (!CfnBucket.isCfnBucket(resource)) return MAX_KEY_ARN;
  const { bucketName: name } = resource;
  const nameLength = name === undefined || Token.isUnresolved(name) ? MAX_BUCKET_NAME : name.length;
  return `arn:${partitionOf(resource) ?? 'aws-us-gov'}:s3:::`.length + nameLength;
}

function rendered(value: unknown, lengths: ReadonlyMap<string, number>): unknown {
  if (Array.isArray(value)) return value.map((each) => rendered(each, lengths));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map((part) => rendered(part, lengths)).join(separator);
  }
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return 'x'.repeat(longestOf(argument, lengths));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rendered(inner, lengths)]));
}

function longestOf(argument: unknown, lengths: ReadonlyMap<string, number>): number {
  if (argument === 'AWS::Partition') return 'aws-us-gov'.length;
  if (argument === 'AWS::AccountId') return 12;
  if (argument === 'AWS::Region') return 'ap-southeast-1'.length;
  const [logicalId] = [argument].flat();
  return (typeof logicalId === 'string' && lengths.get(logicalId)) || MAX_OTHER;
}

/** @throws Error where the statements alone are more than a bucket policy holds */
export function requirePolicySize(bucket: IConstruct, statements: readonly object[]): void {
  const bytes = renderedBytes(bucket, { Version: '2012-10-17', Statement: statements });
  requireValid(bucket, bytes <= MAX_POLICY_BYTES, policyTooLarge(bytes));
}

export function policyTooLarge(bytes: number): Fault {
  return {
    what: `the bucket policy is larger than the ${MAX_POLICY_BYTES} bytes that S3 takes`,
    value: `up to ${bytes} bytes`,
    remedy: 'Declare fewer or shorter prefixes, fewer keys, or give prefixes the same keys: what they share is said once.',
  };
}
