import { type IResource, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { TamperAlertsProps } from '../tamper-alerts-props';
import { isRoleOrUserArn, partitionOf } from './principal-arn';
import { requireValid } from './require-valid';
import { areDifferent } from './same-home';
import { requireKeyItself } from './usable-key';

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html */
const TRAIL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{2,127}$/;

/** @throws Error for props that could not be watched, or would spare more than they say */
export function requireTamperProps(alerts: IConstruct, props: TamperAlertsProps): void {
  const { enforcers = [], canaries = [], buckets = [], keys = [], trails = [], alarms = [] } = props;
  requireValid(
    alerts,
    [enforcers, canaries, buckets, keys, trails, alarms].some(({ length }) => length > 0),
    {
      what: 'there is nothing to watch',
      value: 'no enforcers, canaries, buckets, keys, trails or alarms',
      remedy: 'Name at least one.',
    },
  );
  for (const enforcer of enforcers) requireHere(alerts, enforcer.quarantineBucket, 'an enforcer');
  for (const canary of canaries) requireHere(alerts, canary.bucket, 'a canary');
  for (const bucket of buckets) requireHere(alerts, bucket, 'a bucket');
  for (const trail of trails) requireHere(alerts, trail.auditKey, 'a trail');
  for (const alarm of alarms) requireHere(alerts, alarm, 'an alarm');
  for (const key of keys) {
    requireKeyItself(alerts, key, 'calls are recorded with the key');
    requireHere(alerts, key, 'a key');
  }
  for (const name of props.trailNames ?? []) {
    requireValid(alerts, Token.isUnresolved(name) || TRAIL_NAME.test(name), {
      what: 'trailNames are names of trails',
      value: name,
      remedy: 'Pass the part of the ARN after trail/, or leave them out to watch every trail.',
    });
  }
  for (const arn of props.deployingRoles ?? []) requireRole(alerts, arn);
}

/** @throws Error for what belongs to another account or Region, where other rules hear of it */
export function requireHere(alerts: IConstruct, resource: IResource, what: string): void {
  const stack = Stack.of(alerts);
  for (const [name, own, other] of [
    ['account', stack.account, resource.env.account],
    ['Region', stack.region, resource.env.region],
  ] as const) {
    requireValid(alerts, !areDifferent(own, other), {
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
