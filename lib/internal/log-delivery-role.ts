import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logDeliveryStatement } from '../domain/audit-policy';

/** The role by which one trail, and no other, writes to one log group. */
export function logDeliveryRole(scope: Construct, logGroup: logs.ILogGroup, trailArn: string): iam.Role {
  const delivery = new Construct(scope, 'LogDelivery');
  const stack = Stack.of(scope);
  const streams = `${logGroup.logGroupName}:log-stream:${stack.account}_CloudTrail_${stack.region}*`;
  const streamArns = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: streams,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const role = new iam.Role(delivery, 'Role', {
    assumedBy: new iam.ServicePrincipal('cloudtrail.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceArn': trailArn } } }),
  });
  const statements = [iam.PolicyStatement.fromJson(logDeliveryStatement(streamArns))];
  new iam.ManagedPolicy(delivery, 'Policy', { description: 'CloudTrail delivers events to its log group', roles: [role], statements });
  return role;
}
