import { Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IConstruct } from 'constructs';

/**
 * A session of a role is not one: a policy compares the role's own ARN. A wildcard would be one in a condition, too, and `$` begins
 * a policy variable, which a session could fill as it likes.
 */
const ROLE_OR_USER = /^arn:([^:]+):iam::\d{12}:(role|user)\/[^*?$]+$/;

/**
 * Not services, accounts, groups (which no bucket policy can name), or everybody. Of a token, what is known of it.
 *
 * @param partition - where it is known, nobody of another is meant
 */
export function isRoleOrUserArn(arn: string, partition?: string): boolean {
  if (typeof arn !== 'string') return false;
  if (Token.isUnresolved(arn)) return !/[*?]|:root$|:group\//.test(arn);
  const [, given] = ROLE_OR_USER.exec(arn) ?? [];
  return given !== undefined && (partition === undefined || given === partition);
}

/** Known where the Region is. */
export function partitionOf(scope: IConstruct): string | undefined {
  const { region } = Stack.of(scope);
  return Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
}

/** The partition by its name where that is known, else as CloudFormation fills it in. */
export function partitionIn(scope: IConstruct): string {
  return partitionOf(scope) ?? Stack.of(scope).partition;
}
