import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { identitiesOf } from './cfn-bucket';
import { Memory } from './memory';
import { requireValid } from './require-valid';

/** By identity of a bucket: the path of the enforcer that verifies it. */
const guardsOfApp = new Memory<Map<string, string>>('guards');

/**
 * Remembers which enforcer verifies a bucket. Two would race for each object, and the second rule would contradict the first.
 *
 * @throws Error where the bucket is verified already, by whatever construct it is reached
 */
export function registerGuard(enforcer: IConstruct, bucket: IBucket): void {
  const guards = guardsOfApp.of(enforcer.node.root) ?? new Map<string, string>();
  const identities = identitiesOf(bucket);
  const guard = identities.map((identity) => guards.get(identity)).find((path) => path !== undefined);
  requireValid(enforcer, guard === undefined, {
    what: `the bucket is already verified by ${guard}`,
    value: bucket.node.path,
    remedy: 'Call enforce() once for each bucket.',
  });
  for (const identity of identities) guards.set(identity, enforcer.node.path);
  guardsOfApp.set(enforcer.node.root, guards);
}

/** By identity of a quarantine bucket: the path of its enforcer. */
const quarantinesOfApp = new Memory<Map<string, string>>('quarantines');

export function registerQuarantine(enforcer: IConstruct, bucket: IBucket): void {
  const quarantines = quarantinesOfApp.of(enforcer.node.root) ?? new Map<string, string>();
  for (const identity of identitiesOf(bucket)) quarantines.set(identity, enforcer.node.path);
  quarantinesOfApp.set(enforcer.node.root, quarantines);
}

/** The enforcer that keeps what it found in this bucket, if one does. */
export function enforcerOfQuarantine(bucket: IConstruct & Partial<IBucket>): string | undefined {
  const quarantines = quarantinesOfApp.of(bucket.node.root);
  return identitiesOf(bucket)
    .map((identity) => quarantines?.get(identity))
    .find((path) => path !== undefined);
}
