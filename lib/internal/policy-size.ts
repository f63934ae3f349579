import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { MAX_POLICY_BYTES } from '../domain/policy-statement';
import { type Fault, requireValid } from './require-valid';

/** The longest that CloudFormation puts in the place of a reference: an ARN of a bucket (63 characters of name), key or role. */
const LONGEST: Readonly<Record<string, number>> = { key: 84, bucket: 76, role: 120 };

/** Bytes of a policy as S3 counts them, without white space; what is not known yet counts as the longest it can be. */
export function renderedBytes(scope: IConstruct, policy: unknown): number {
  return Buffer.byteLength(JSON.stringify(rendered(Stack.of(scope).resolve(policy))));
}

function rendered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rendered);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(rendered).join(separator);
  }
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return 'x'.repeat(longestOf(name, argument));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rendered(inner)]));
}

function longestOf(intrinsic: string, argument: unknown): number {
  if (argument === 'AWS::Partition') return 'aws-us-gov'.length;
  if (argument === 'AWS::AccountId') return 12;
  if (argument === 'AWS::Region') return 'ap-southeast-1'.length;
  const name = JSON.stringify(argument).toLowerCase();
  const kind = Object.keys(LONGEST).find((each) => name.includes(each));
  return LONGEST[kind ?? 'role'] ?? (intrinsic === 'Ref' ? 64 : 120);
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
