import { type IResource, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { TamperAlertsProps } from '../tamper-alerts';
import { isRoleOrUserArn, partitionOf } from './principal-arn';
import { requireValid } from './require-valid';

/** @throws Error for props that could not be watched, or would spare more than they say */
export function requireTamperProps(alerts: IConstruct, props: TamperAlertsProps): void {
  const { enforcers = [], buckets = [], keys = [], trailName, deployingRoles = [] } = props;
  requireValid(alerts, enforcers.length + buckets.length + keys.length > 0, {
    what: 'there is nothing to watch',
    value: 'no enforcers, buckets or keys',
    remedy: 'Name at least one.',
  });
  for (const bucket of buckets) requireHere(alerts, bucket, 'a bucket');
  for (const key of keys) {
    requireValid(alerts, !('aliasName' in key), {
      what: 'an alias was given instead of a KMS key; calls are recorded with the key',
      value: key.node.path,
      remedy: 'Pass the kms.Key itself, or import it with kms.Key.fromKeyArn().',
    });
    requireHere(alerts, key, 'a key');
  }
  for (const enforcer of enforcers) requireHere(alerts, enforcer._guard.parts.quarantineBucket, 'an enforcer');
  requireValid(alerts, trailName === undefined || Token.isUnresolved(trailName) || /^[A-Za-z0-9][A-Za-z0-9._-]{2,127}$/.test(trailName), {
    what: 'trailName is not the name of a trail',
    value: trailName,
    remedy: 'Pass the part of its ARN after trail/, or leave it out to watch every trail.',
  });
  for (const arn of deployingRoles) requireRole(alerts, arn);
}

/** @throws Error for what belongs to another account or Region, where other rules hear of it */
export function requireHere(alerts: IConstruct, resource: IResource, what: string): void {
  const stack = Stack.of(alerts);
  for (const [name, own, other] of [
    ['account', stack.account, resource.env.account],
    ['Region', stack.region, resource.env.region],
  ] as const) {
    requireValid(alerts, Token.isUnresolved(own) || Token.isUnresolved(other) || own === other, {
      what: `${what} belongs to another ${name}; rules of EventBridge hear, and tell, in their own only (${own})`,
      value: `${resource.node.path}: ${other}`,
      remedy: `Make TamperAlerts, with a topic, in that ${name} for it.`,
    });
  }
}

function requireRole(alerts: IConstruct, arn: string): void {
  const isRole = isRoleOrUserArn(arn, partitionOf(alerts)) && (Token.isUnresolved(arn) || arn.includes(':role/'));
  requireValid(alerts, isRole, {
    what: 'deployingRoles takes ARNs of roles, without wildcards; a session of a role is recorded under its role',
    value: arn,
    remedy: 'Pass arn:<partition>:iam::<account>:role/<path and name>.',
  });
}
