import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { faultMessage, requireValid } from './require-valid';

/**
 * Adds statements to the one policy of a bucket.
 *
 * @throws Error where a statement is not taken: a deny statement that is missing must not go unnoticed
 */
export function addBucketStatements(bucket: s3.CfnBucket, statements: iam.PolicyStatement[]): void {
  const policies = policyHolder(bucket);
  for (const statement of statements) {
    requireValid(bucket, policies?.addToResourcePolicy(statement).statementAdded === true, {
      what: 'the bucket policy did not take a deny statement',
      value: statement.sid,
      remedy: 'Give the bucket a policy that this app manages.',
    });
  }
  keepWith(bucket);
  bucket.node.addValidation({ validate: () => secondPolicyFaults(bucket) });
}

/** A bucket that outlives its stack keeps its denies: CDK retains the bucket, but not by itself its policy. */
function keepWith(bucket: s3.CfnBucket): void {
  for (const { cfnOptions } of policiesOf(bucket)) {
    cfnOptions.deletionPolicy = bucket.cfnOptions.deletionPolicy;
    cfnOptions.updateReplacePolicy = bucket.cfnOptions.updateReplacePolicy;
  }
}

/** The L2 around the bucket, if there is one: it keeps a policy of its own, and S3 stores only one. */
function policyHolder(bucket: s3.CfnBucket): iam.IResourceWithPolicyV2 | s3.IBucket | undefined {
  const owner = bucket.node.scope;
  const isOwned = owner instanceof s3.BucketBase && owner.node.defaultChild === bucket;
  return isOwned ? owner : iam.ResourceWithPolicies.of(bucket);
}

/** Of two policies on one bucket, the one deployed last replaces the other, and its denies are gone. */
function secondPolicyFaults(bucket: s3.CfnBucket): string[] {
  const policies = policiesOf(bucket);
  if (policies.length <= 1) return [];
  return [
    faultMessage(bucket, {
      what: 'the bucket has more than one bucket policy, and the one deployed last replaces the others',
      value: policies.map((policy) => policy.node.path),
      remedy: 'Add your statements with bucket.addToResourcePolicy() instead of a policy of their own.',
    }),
  ];
}

function policiesOf(bucket: s3.CfnBucket): s3.CfnBucketPolicy[] {
  const stack = Stack.of(bucket);
  const target = JSON.stringify(stack.resolve(bucket.ref));
  return stack.node
    .findAll()
    .filter((construct) => s3.CfnBucketPolicy.isCfnBucketPolicy(construct))
    .filter((policy) => JSON.stringify(stack.resolve(policy.bucket)) === target);
}
