import { type Acknowledgement, asNagShows, logicalIdOf, wildcardRule } from './acknowledgements';
import { LAMBDA_CONCURRENCY, LAMBDA_DLQ, LAMBDA_IN_VPC, LAMBDA_TRACING, NO_INLINE_POLICY } from './common-findings';
import { rulePrefixOf } from './data-findings';
import type { DataStack } from './data-stack';

export function releaseFindings(stack: DataStack): Acknowledgement[] {
  if (stack.release === undefined) return [];
  const at = (path: string, rules: readonly string[], reason: string) => ({ at: `Release/${path}`, rules, reason });
  const wildcard = (resource: string, reason: string) => at('Role', [wildcardRule(resource)], reason);
  const quarantine = logicalIdOf(stack.enforcer.quarantineBucket);
  const guarded = [...stack.buckets.values()].map(({ bucket }) => bucket);
  const buckets = stack.canary === undefined ? guarded : [...guarded, stack.canary.bucket];
  const rules = asNagShows(stack, stack.formatArn({ service: 'ssm', resource: `parameter${rulePrefixOf(stack)}`, resourceName: '*' }));
  return [
    at('Handler', LAMBDA_CONCURRENCY, 'People invoke it, one request at a time; its records keep two from doing the same.'),
    at('Handler', LAMBDA_DLQ, 'Whoever invokes it waits for the answer; there are no asynchronous calls to lose.'),
    at(
      'Handler',
      LAMBDA_IN_VPC,
      'Calls S3, SSM and EventBridge by their public endpoints over TLS and nothing in a VPC; IAM bounds what it reaches.',
    ),
    at('Handler', LAMBDA_TRACING, 'Each request is one log line, and a record in quarantine; a trace would tell no more.'),
    at(
      'Role',
      NO_INLINE_POLICY,
      'Names this quarantine and the buckets of its enforcer: no other role has a use for it, and it goes when the role goes.',
    ),
    wildcard(rules, 'The rules of the buckets of its enforcer, one parameter each.'),
    ...['objects', 'receipts', 'releases', 'discards'].map((prefix) =>
      wildcard(`<${quarantine}.Arn>/${prefix}/*`, `Whatever the enforcer has quarantined can be released: ${prefix} of it.`),
    ),
    ...buckets.map((bucket) =>
      wildcard(`<${logicalIdOf(bucket)}.Arn>/*`, 'It puts objects back under their old keys, whatever these are.'),
    ),
  ];
}
