import { Token } from 'aws-cdk-lib';

/** A session of a role is not one: a policy compares the role's own ARN. A wildcard would be one in a condition, too. */
const ROLE_OR_USER = /^arn:[^:]+:iam::\d{12}:(role|user)\/[^*?]+$/;

/** Not services, accounts, groups (which no bucket policy can name), or everybody. Of a token, what is known of it. */
export function isRoleOrUserArn(arn: string): boolean {
  if (typeof arn !== 'string') return false;
  return Token.isUnresolved(arn) ? !/[*?]|:root$|:group\//.test(arn) : ROLE_OR_USER.test(arn);
}
