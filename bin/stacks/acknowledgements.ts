import type { CfnElement } from 'aws-cdk-lib';
import { Stack, Token, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Findings of cdk-nag and of Control Tower's rules that a stack does not meet, each with the reason why this very resource
 * does not. Here, not in lib: a library must not silence its users' checks. A test finds the ones that are no longer needed.
 */
export interface Acknowledgement {
  /** The resource, as a path from the stack. */
  readonly at: string;
  readonly rules: readonly string[];
  readonly reason: string;
}

export function acknowledge(stack: Stack, findings: readonly Acknowledgement[]): void {
  for (const { at, rules, reason } of findings) {
    const construct = at.split('/').reduce<IConstruct>((scope, id) => scope.node.findChild(id), stack);
    Validations.of(construct).acknowledge(...rules.map((id) => ({ id, reason })));
  }
}

/** As cdk-nag names a wildcard in a policy. */
export function wildcardRule(resource: string): string {
  return `AwsSolutions-IAM5[Resource::${resource}]`;
}

/** A mail that cannot be delivered. */
export function mailFindings(emails: readonly string[] = []): Acknowledgement[] {
  const reason = 'A mail that cannot be delivered leaves the alarm in state ALARM, where the console and the API show it.';
  // As the CDK makes an id of it: a slash would end it.
  return emails.map((address) => ({ at: `Alarms/Topic/${address.replaceAll('/', '--')}`, rules: ['Serverless-SNSRedrivePolicy'], reason }));
}

export function logicalIdOf(resource: IConstruct): string {
  return Stack.of(resource).resolve((resource.node.defaultChild as CfnElement).logicalId);
}

/** A text with account, Region and partition of a stack, as cdk-nag writes it where only a deployment knows them. */
export function asNagShows(stack: Stack, text: string): string {
  const pseudo: [string, string][] = [
    [stack.partition, 'AWS::Partition'],
    [stack.account, 'AWS::AccountId'],
    [stack.region, 'AWS::Region'],
  ];
  return pseudo.reduce((rest, [value, name]) => rest.replaceAll(value, Token.isUnresolved(value) ? `<${name}>` : value), text);
}
