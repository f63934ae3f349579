import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { cfnBucketOf, identitiesOf, namesBucket } from './cfn-bucket';
import { auditOfBucket, enforcerOfQuarantine } from './guard-registry';
import { type Fault, faultMessage, requireValid } from './require-valid';
import { areDifferent } from './same-home';

/**
 * Checks what a trail records. A bucket that the trail itself writes to, directly or by way of others, would be recorded without end:
 * https://github.com/awslabs/landing-zone-accelerator-on-aws/issues/1192 tells of 1.5 billion events.
 *
 * @throws Error for buckets of another account, whose events its own trails record, for those of an audit, for every quarantine bucket, and for a bucket that is named twice; what becomes one of the first later, or the target
 * of server access logs, is found at synthesis
 */
export function requireRecordable(trail: Construct, buckets: readonly s3.IBucket[]): void {
  const seen = new Set<string>();
  for (const bucket of buckets) {
    const fault = feedbackOf(bucket);
    if (fault !== undefined) throw new Error(faultMessage(trail, fault));
    requireValid(trail, !areDifferent(bucket.env.account, Stack.of(trail).account), {
      what: 'a bucket of another account is named: of its objects this trail would see what principals of this account do, and nothing else',
      value: bucket.env.account,
      remedy: 'Make a KeyAuditTrail in that account, and name it in otherTrails here.',
    });
    const identities = identitiesOf(bucket);
    requireValid(trail, !identities.some((identity) => seen.has(identity)), {
      what: 'a bucket is named twice',
      value: bucket.node.path,
      remedy: 'Name it once.',
    });
    for (const identity of identities) seen.add(identity);
  }
  const laterFault = (bucket: s3.IBucket) => feedbackOf(bucket) ?? logTargetFault(bucket);
  const isFault = (fault: Fault | undefined) => fault !== undefined;
  trail.node.addValidation({
    validate: () =>
      buckets
        .map(laterFault)
        .filter(isFault)
        .map((fault) => faultMessage(trail, fault)),
  });
}

function feedbackOf(bucket: s3.IBucket): Fault | undefined {
  const [audit, enforcer] = [auditOfBucket(bucket), enforcerOfQuarantine(bucket)];
  const reason =
    (audit !== undefined && `a bucket of the audit ${audit} cannot be recorded: each delivery would be an event that is delivered`) ||
    (enforcer !== undefined && `the quarantine bucket of ${enforcer} is not recorded: whatever is moved there would be recorded twice`);
  return reason ? { what: reason, value: bucket.node.path, remedy: 'Leave it out of buckets.' } : undefined;
}

function logTargetFault(bucket: s3.IBucket): Fault | undefined {
  if (!isLogTarget(bucket)) return undefined;
  return {
    what: 'a bucket that gets server access logs cannot be recorded: each log file would be an event',
    value: bucket.node.path,
    remedy: 'Leave it out of buckets, or log to another one.',
  };
}

function isLogTarget(bucket: s3.IBucket): boolean {
  const target = cfnBucketOf(bucket);
  if (target === undefined) return false;
  const sources = target.node.root.node.findAll().filter((construct) => s3.CfnBucket.isCfnBucket(construct));
  return sources.some(({ loggingConfiguration }) => {
    const name = (loggingConfiguration as s3.CfnBucket.LoggingConfigurationProperty | undefined)?.destinationBucketName;
    return typeof name === 'string' && namesBucket(name, target);
  });
}
