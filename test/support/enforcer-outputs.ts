import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AlertTopic, EncryptionEnforcer, type EncryptionEnforcerProps } from '../../lib';
import { type Resource, resourcesOf } from './stacks';

export function enforcerIn(stack: Stack, props: EncryptionEnforcerProps = {}): EncryptionEnforcer {
  return new EncryptionEnforcer(stack, 'Enforcer', props);
}

export function fullEnforcerIn(stack: Stack): EncryptionEnforcer {
  return enforcerIn(stack, { violationTopic: new AlertTopic(stack, 'Alerts'), securityHubFindings: true });
}

/** Rules of its outputs, by the end of their names. */
export function outputRules(stack: Stack): Readonly<Record<string, Resource['Properties']>> {
  const named = resourcesOf(stack, 'AWS::Events::Rule').flatMap(({ Properties }) => {
    const name = /-(violations|endings|findings)$/.exec(Properties.Name ?? '')?.[1];
    return name === undefined ? [] : [[name, Properties]];
  });
  return Object.fromEntries(named);
}

export const findingsFunction = (stack: Stack) =>
  resourcesOf(stack, 'AWS::Lambda::Function').find(({ Properties }) => 'PRODUCT_ARN' in (Properties.Environment?.Variables ?? {}));

/** Of the type with such a logical id. */
export function resourceNamed(stack: Stack, type: string, id: RegExp): [string, Resource] {
  const found = Object.entries(Template.fromStack(stack).findResources(type)).filter(([name]) => id.test(name));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} of ${type} are named ${id}`);
  return found[0] as [string, Resource];
}

/**
 * What EventBridge makes of an event: each path's value in its place, and nothing where there is none. As if it escaped nothing, which is the
 * worst that it could do: AWS says of it only that the outcome must be JSON.
 */
export function rendered(
  { InputPathsMap, InputTemplate }: { InputPathsMap: Record<string, string>; InputTemplate: string },
  event: object,
): string[] {
  const fieldOf = (name: string) => {
    const path = InputPathsMap[name];
    if (path === undefined) throw new Error(`there is no path for ${name}`);
    const at = (value: unknown, field: string) => (value as Record<string, unknown> | undefined)?.[field];
    return (
      path
        .slice(2)
        .split('.')
        .reduce(at, event as unknown) ?? ''
    );
  };
  const filled = InputTemplate.replace(/<(\w+)>/g, (_, name: string) => String(fieldOf(name)));
  return filled.split('\n').map((line) => JSON.parse(line));
}
