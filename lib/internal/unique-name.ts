import { createHash } from 'node:crypto';
import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * A name that no other construct of the account has: readable, and ended by a hash of stack name and path. CDK's own unique
 * names leave out the id `Default`, so that two constructs can share one.
 */
export function uniqueName(construct: IConstruct, maxLength: number): string {
  const hash = pathHash(construct);
  const readable = construct.node.path.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return `${readable.slice(0, maxLength - hash.length - 1)}-${hash}`;
}

/** The same where two hyphens in a row are refused, as in names of trails. */
export function fixedName(construct: IConstruct, maxLength: number): string {
  return uniqueName(construct, maxLength).replace(/-+/g, '-');
}

/** More than any name of a Region has. */
const LONGEST_REGION = 20;

/** The same for what has a shadow in every Region, where stacks of one name would meet. */
export function regionalName(construct: IConstruct, maxLength: number): string {
  return `${fixedName(construct, maxLength - LONGEST_REGION - 1)}-${Stack.of(construct).region}`;
}

/** Eight hexadecimal digits that stand for one construct of one stack. */
export function pathHash(construct: IConstruct): string {
  const { stackName } = outermostStack(Stack.of(construct));
  const home = Token.isUnresolved(stackName) ? '' : stackName;
  return createHash('sha256').update(`${home}\n${construct.node.path}`).digest('hex').slice(0, 8);
}

/** CloudFormation names nested stacks itself. */
function outermostStack(stack: Stack): Stack {
  return stack.nestedStackParent === undefined ? stack : outermostStack(stack.nestedStackParent);
}
