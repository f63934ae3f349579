import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { identitiesOf } from './cfn-bucket';
import { Memory } from './memory';
import { requireValid } from './require-valid';

/** Which enforcer a bucket belongs to, by whatever construct of the app the bucket is reached. */
class BucketOwners {
  private readonly ofApp: Memory<Map<string, string>>;

  constructor(name: string) {
    this.ofApp = new Memory(name);
  }

  /** Path of the enforcer. */
  find(bucket: IConstruct & Partial<IBucket>): string | undefined {
    const owners = this.ofApp.of(bucket.node.root);
    return identitiesOf(bucket)
      .map((identity) => owners?.get(identity))
      .find((path) => path !== undefined);
  }

  set(bucket: IBucket, enforcer: IConstruct): void {
    const owners = this.ofApp.of(enforcer.node.root) ?? new Map<string, string>();
    for (const identity of identitiesOf(bucket)) owners.set(identity, enforcer.node.path);
    this.ofApp.set(enforcer.node.root, owners);
  }
}

const guards = new BucketOwners('guards');
const quarantines = new BucketOwners('quarantines');
const audits = new BucketOwners('audits');

/**
 * Remembers which enforcer verifies a bucket. Two would race for each object, and the second rule would contradict the first.
 *
 * @throws Error where the bucket is verified already
 */
export function registerGuard(enforcer: IConstruct, bucket: IBucket): void {
  const guard = guards.find(bucket);
  requireValid(enforcer, guard === undefined, {
    what: `the bucket is already verified by ${guard}`,
    value: bucket.node.path,
    remedy: 'Call enforce() once for each bucket.',
  });
  guards.set(bucket, enforcer);
}

export function registerQuarantine(enforcer: IConstruct, bucket: IBucket): void {
  quarantines.set(bucket, enforcer);
}

/** The enforcer that keeps what it found in this bucket, if one does. */
export function enforcerOfQuarantine(bucket: IConstruct & Partial<IBucket>): string | undefined {
  return quarantines.find(bucket);
}

export function registerAuditBucket(trail: IConstruct, bucket: IBucket): void {
  audits.set(bucket, trail);
}

/** The audit trail that writes to this bucket, or whose answers or access logs lie in it, if one does. */
export function auditOfBucket(bucket: IConstruct & Partial<IBucket>): string | undefined {
  return audits.find(bucket);
}
