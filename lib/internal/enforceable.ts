import { Stack } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { enforcerOfQuarantine } from './guard-registry';
import { requireValid } from './require-valid';
import { areDifferent } from './same-home';

/**
 * A hundred buckets make eleven managed policies, and a role takes ten by default:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MAX_BUCKETS = 80;

/** @throws Error where the role of the enforcer has no room for another bucket */
export function requireRoom(enforcer: Construct, buckets: number): void {
  requireValid(enforcer, buckets <= MAX_BUCKETS, {
    what: `an enforcer serves at most ${MAX_BUCKETS} buckets: each adds to the policies of its role, and IAM takes ten of them`,
    value: buckets,
    remedy: 'Make a second enforcer for the others.',
  });
}

/**
 * @throws Error for what is no bucket, a bucket of another account or Region, and every quarantine bucket
 */
export function requireEnforceable(enforcer: Construct, bucket: s3.IBucket): void {
  requireValid(enforcer, Construct.isConstruct(bucket) && bucket.bucketName !== undefined, {
    what: 'enforce() needs a bucket',
    value: String(bucket),
    remedy: 'Pass an s3.IBucket; of an EncryptedBucket, which is verified already, that is its property bucket.',
  });
  const owner = enforcerOfQuarantine(bucket);
  requireValid(enforcer, owner === undefined, {
    what:
      owner === enforcer.node.path
        ? 'an enforcer cannot verify its own quarantine bucket: each object it moves there would be verified again'
        : `the quarantine bucket of ${owner} is closed to every other enforcer`,
    value: bucket.node.path,
    remedy: 'Leave the quarantine bucket out; its policy lets nobody but the enforcer write.',
  });
  const stack = Stack.of(enforcer);
  for (const [what, own, other] of [
    ['account', stack.account, bucket.env.account],
    ['Region', stack.region, bucket.env.region],
  ] as const) {
    requireValid(enforcer, !areDifferent(own, other), {
      what: `the bucket ${bucket.node.path} is in another ${what} than its enforcer (${own})`,
      value: other,
      remedy: `Create an enforcer in the bucket's ${what}.`,
    });
  }
}
