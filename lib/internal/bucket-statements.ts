import { AspectPriority, Aspects } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, type IDependable } from 'constructs';
import { MAX_POLICY_BYTES } from '../domain/policy-statement';
import { namesBucket, ownerOf, wrapperOf } from './cfn-bucket';
import { Memory } from './memory';
import { policyTooLarge, renderedBytes } from './policy-size';
import { type Fault, faultMessage, requireValid } from './require-valid';

/**
 * Adds statements to the one policy of a bucket, and watches that it stays the one, as long as the bucket is there.
 *
 * @throws Error where a statement is not taken: a deny statement that is missing must not go unnoticed
 */
export function addBucketStatements(bucket: s3.CfnBucket, statements: iam.PolicyStatement[]): void {
  // An L2, around the resource or made of it, keeps a policy of its own, and S3 stores only one for a bucket.
  const holder = ownerOf(bucket) ?? wrapperOf(bucket) ?? iam.ResourceWithPolicies.of(bucket);
  const policies = new Set<s3.CfnBucketPolicy>();
  for (const statement of statements) {
    const added = holder?.addToResourcePolicy(statement);
    requireValid(bucket, added?.statementAdded === true, {
      what: 'the bucket policy did not take a deny statement',
      value: statement.sid,
      remedy: 'Give the bucket a policy that this app manages.',
    });
    for (const policy of policiesBehind(added?.policyDependable) ?? policiesOf(bucket)) policies.add(policy);
  }
  for (const policy of policies) keepWith(bucket, policy);
  if (watched.of(bucket)) return;
  watched.set(bucket, true);
  bucket.node.addValidation({ validate: () => policyFaults(bucket, policiesOf(bucket)) });
}

const watched = new Memory<true>('bucket-policy');
const denying = new Memory<true>('deny-statements');

/** Buckets whose policy denies what is not declared. What is declared cannot change: see declareEncryption(). */
export function hasDenyStatements(bucket: s3.CfnBucket): boolean {
  return denying.of(bucket) ?? false;
}

export function addDenyStatements(bucket: s3.CfnBucket, statements: iam.PolicyStatement[]): void {
  denying.set(bucket, true);
  addBucketStatements(bucket, statements);
}

/** A bucket that outlives its stack keeps its denies: CDK retains the bucket, but not by itself its policy. */
function keepWith(bucket: s3.CfnBucket, policy: s3.CfnBucketPolicy): void {
  const copyPolicies = () => {
    policy.cfnOptions.deletionPolicy = bucket.cfnOptions.deletionPolicy;
    policy.cfnOptions.updateReplacePolicy = bucket.cfnOptions.updateReplacePolicy;
  };
  // At synthesis, after what changes removal policies: that may be decided later than this is called.
  Aspects.of(policy).add({ visit: copyPolicies }, { priority: AspectPriority.DEFAULT });
}

function policyFaults(bucket: s3.CfnBucket, policies: s3.CfnBucketPolicy[]): string[] {
  // With what others added, and as long as tokens can become: S3 would say so only during the deployment.
  const sizes = policies.map((policy) => renderedBytes(bucket, policy.policyDocument));
  return [
    ...sizes.filter((bytes) => bytes > MAX_POLICY_BYTES).map((bytes) => faultMessage(bucket, policyTooLarge(bytes))),
    ...(policies.length > 1 ? [faultMessage(bucket, severalPolicies(policies))] : []),
  ];
}

/** Of two policies on one bucket, the one deployed last replaces the other, and its denies are gone. */
function severalPolicies(policies: s3.CfnBucketPolicy[]): Fault {
  return {
    what: 'the bucket has more than one bucket policy, and the one deployed last replaces the others',
    value: policies.map((policy) => policy.node.path),
    remedy:
      'Add your statements with bucket.addToResourcePolicy() instead of a policy of their own; a CfnBucket that is wrapped by Bucket.fromCfnBucket() is wrapped before.',
  };
}

/** The policy that took a statement: the resource itself, the child of an L2, or the parent of `BucketPolicy.fromCfnBucketPolicy()`. */
function policiesBehind(taker: IDependable | undefined): [s3.CfnBucketPolicy] | undefined {
  if (!Construct.isConstruct(taker)) return undefined;
  const candidates = [taker, taker.node.defaultChild, taker.node.scope];
  const policy = candidates.find((candidate): candidate is s3.CfnBucketPolicy => s3.CfnBucketPolicy.isCfnBucketPolicy(candidate));
  return policy && [policy];
}

/** Everywhere in the app, which takes long where the app is large: a policy can be in another stack than its bucket. */
function policiesOf(bucket: s3.CfnBucket): s3.CfnBucketPolicy[] {
  return bucket.node.root.node
    .findAll()
    .filter((construct) => s3.CfnBucketPolicy.isCfnBucketPolicy(construct))
    .filter((policy) => namesBucket(policy.bucket, bucket));
}
