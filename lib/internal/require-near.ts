import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AlertTopic } from '../alert-topic';
import type { EncryptionEnforcer } from '../encryption-enforcer';
import { requireValid } from './require-valid';
import { areDifferent } from './same-home';

/** @throws Error where there is no enforcer, and for one of another account or Region */
export function requireEnforcersHere(watcher: IConstruct, enforcers: readonly EncryptionEnforcer[], className: string): void {
  requireValid(watcher, Array.isArray(enforcers) && enforcers.length > 0, {
    what: 'enforcers must name one at least',
    value: enforcers?.length,
    remedy: 'Pass the enforcers of this account and Region.',
  });
  const twice = enforcers.find((enforcer, place) => enforcers.indexOf(enforcer) !== place);
  requireValid(watcher, twice === undefined, {
    what: 'enforcers names one twice, whose objects would be counted twice',
    value: twice?.node.path,
    remedy: 'Name it once.',
  });
  const stack = Stack.of(watcher);
  for (const enforcer of enforcers) {
    const other = Stack.of(enforcer);
    requireValid(watcher, stack.account === other.account && stack.region === other.region, {
      what: 'an enforcer is of another account or Region, where its alarms and metrics are',
      value: `${enforcer.node.path} in ${other.account}/${other.region}`,
      remedy: `Make an ${className} there.`,
    });
  }
}

/**
 * The policy of the topic, which AlertTopic writes, lets in the account of its own stack, and rules reach their own Region only.
 *
 * @throws Error for what is no AlertTopic, and for one of another account or Region
 */
export function requireTopicHere(sender: IConstruct, alertTopic: AlertTopic, { name, than }: { name: string; than: string }): void {
  // An ordinary topic would let nobody in, and nobody would miss what it does not get.
  requireValid(sender, alertTopic?.topic !== undefined, {
    what: `${name} must be an AlertTopic, which lets in whoever is to tell it something`,
    value: alertTopic?.node?.path ?? alertTopic,
    remedy: "Pass new AlertTopic(this, 'Alerts', { topic }).",
  });
  const [stack, other] = [Stack.of(sender), Stack.of(alertTopic)];
  requireValid(sender, !areDifferent(stack.account, other.account) && !areDifferent(stack.region, other.region), {
    what: `${name} is of another account or Region than ${than} (${stack.account}/${stack.region})`,
    value: `${alertTopic.node.path}: ${other.account}/${other.region}`,
    remedy: `Make an AlertTopic beside ${than}.`,
  });
}

/** @throws Error for a name that CloudWatch refuses */
export function requireDashboardName(scope: IConstruct, dashboardName: string | undefined): void {
  requireValid(scope, dashboardName === undefined || Token.isUnresolved(dashboardName) || /^[\w-]{1,255}$/.test(dashboardName), {
    what: 'dashboardName may have letters, digits, - and _, 255 at most',
    value: dashboardName,
    remedy: 'Choose another, or leave it out.',
  });
}
