import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { requireValid } from './require-valid';

/**
 * For what stands in the policy and in the rule of the enforcer alike, and is taken literally there.
 *
 * @throws Error for a token, which would be cut up where special characters are escaped, and for what CloudFormation or SSM would fill in
 */
export function requireKnownText(scope: IConstruct, name: string, text: unknown): void {
  requireValid(scope, !Token.isUnresolved(text), {
    what: `${name} is not known before the deployment`,
    value: String(text),
    remedy: 'Use a text that is known at synth, such as context or a constant.',
  });
  requireValid(scope, typeof text !== 'string' || !text.includes('{{'), {
    what: `${name} has {{ in it, which CloudFormation and Systems Manager take for a reference to be filled in`,
    value: text,
    remedy: 'Leave it out.',
  });
}
