import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { identitiesOf } from './cfn-bucket';
import { requireValid } from './require-valid';

const guardsByApp = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Remembers which enforcer verifies a bucket. Two would race for each object, and the second rule would contradict the first.
 *
 * @throws Error where the bucket is verified already, by whatever construct it is reached
 */
export function registerGuard(enforcer: IConstruct, bucket: IBucket): void {
  const guards = guardsByApp.get(enforcer.node.root) ?? new Map<string, string>();
  const identities = identitiesOf(bucket);
  const guard = identities.map((identity) => guards.get(identity)).find((path) => path !== undefined);
  requireValid(enforcer, guard === undefined, {
    what: `the bucket is already verified by ${guard}`,
    value: bucket.node.path,
    remedy: 'Call enforce() once for each bucket.',
  });
  for (const identity of identities) guards.set(identity, enforcer.node.path);
  guardsByApp.set(enforcer.node.root, guards);
}
