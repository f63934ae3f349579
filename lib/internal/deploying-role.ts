import { type DefaultStackSynthesizer, Fn, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { requireValid } from './require-valid';

/**
 * The role that CloudFormation acts as: without it, the next deployment would be locked out.
 *
 * @param admins - name of the property that lists who else is let in
 * @throws Error where the synthesizer does not tell
 */
export function deployingRoleArn(scope: IConstruct, admins: string): string {
  const arn = knownDeployingRoleArn(scope);
  requireValid(scope, arn !== undefined, {
    what: `${admins} must include the role that deploys the stack, and its synthesizer does not tell which that is`,
    value: Stack.of(scope).synthesizer.constructor.name,
    remedy: 'Use the DefaultStackSynthesizer, or give its cloudFormationExecutionRole.',
  });
  return arn as string;
}

/** The same, or nothing where the synthesizer does not tell. */
export function knownDeployingRoleArn(scope: IConstruct): string | undefined {
  const stack = Stack.of(scope);
  const arn = executionRoleOf(stack);
  return arn === undefined ? undefined : withPlaceholders(stack, arn);
}

function executionRoleOf(stack: Stack): string | undefined {
  // A nested stack is deployed by the role of the stack that it is a resource of.
  if (stack.nestedStackParent !== undefined) return executionRoleOf(stack.nestedStackParent);
  try {
    return (stack.synthesizer as Partial<DefaultStackSynthesizer>).cloudFormationExecutionRoleArn;
  } catch {
    // It throws where it has none.
    return undefined;
  }
}

/** The synthesizer writes `${AWS::AccountId}`, which CloudFormation replaces in Fn::Sub only. */
function withPlaceholders(stack: Stack, arn: string): string {
  const known = { 'AWS::Partition': stack.partition, 'AWS::AccountId': stack.account, 'AWS::Region': stack.region };
  const filled = Object.entries(known).reduce((text, [name, value]) => text.replaceAll(`\${${name}}`, value), arn);
  return Token.isUnresolved(filled) || !filled.includes('${') ? filled : Fn.sub(filled);
}
