import { ArnFormat, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { type DeliveringTrail, logsKeyStatement, trailKeyStatements } from '../domain/audit-policy';
import { createObjectKey } from './object-key';

/**
 * The key of an audit trail: CloudWatch Logs, CloudTrail, and whom IAM allows.
 *
 * @param trails - whose files it encrypts, if any
 */
export function createAuditKey(scope: Construct, trails: readonly DeliveringTrail[], removalPolicy: RemovalPolicy): kms.Key {
  const key = createObjectKey(scope, `Audit of key use: ${scope.node.path}`, removalPolicy);
  const stack = Stack.of(scope);
  const { COLON_RESOURCE_NAME } = ArnFormat;
  const logGroups = stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: COLON_RESOURCE_NAME });
  for (const statement of [...(trails.length > 0 ? trailKeyStatements(trails) : []), logsKeyStatement(stack.region, logGroups)])
    key.addToResourcePolicy(iam.PolicyStatement.fromJson(statement));
  return key;
}
