import { ArnFormat, type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { type DeliveringTrail, logsKeyStatement, trailKeyStatements } from '../domain/audit-policy';
import { denyRemovalOfUsedKeyStatement } from '../domain/key-administration';
import { createObjectKey } from './object-key';
import { partitionIn } from './principal-arn';

export interface AuditKeyProps {
  /** Whose files it encrypts, if any. */
  readonly trails: readonly DeliveringTrail[];
  readonly retention: Duration;
  readonly removalPolicy: RemovalPolicy;
}

/** The key of an audit trail: CloudWatch Logs, CloudTrail, and whom IAM allows. Without it no file can be read, so it stays as long as files do. */
export function createAuditKey(scope: Construct, { trails, retention, removalPolicy }: AuditKeyProps): kms.Key {
  const key = createObjectKey(scope, `Audit of key use: ${scope.node.path}`, removalPolicy);
  const stack = Stack.of(scope);
  const { COLON_RESOURCE_NAME } = ArnFormat;
  const logGroups = stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: COLON_RESOURCE_NAME });
  const statements = [
    // The bucket waits for its key, so the key cannot wait for the bucket's name.
    ...(trails.length > 0 ? trailKeyStatements(trails, `arn:${partitionIn(scope)}:s3:::*`) : []),
    logsKeyStatement(stack.region, logGroups),
    // Where the stack may take it along, the deployment would be refused, too.
    ...(removalPolicy === RemovalPolicy.DESTROY ? [] : [denyRemovalOfUsedKeyStatement(retention.toDays())]),
  ];
  for (const statement of statements) key.addToResourcePolicy(iam.PolicyStatement.fromJson(statement));
  return key;
}
