import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LOG_TABLE } from '../domain/audit-log-table';
import type { AthenaQuestions } from './audit-questions';

/** What it takes to ask in one workgroup: https://docs.aws.amazon.com/athena/latest/ug/example-policies-workgroup.html */
const ASK = [
  ...['athena:GetWorkGroup', 'athena:ListNamedQueries', 'athena:GetNamedQuery', 'athena:BatchGetNamedQuery'],
  ...['athena:StartQueryExecution', 'athena:StopQueryExecution', 'athena:GetQueryExecution', 'athena:GetQueryResults'],
  'athena:ListQueryExecutions',
];
const DESCRIBE = ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartition', 'glue:GetPartitions'];

/** Lets somebody ask, which is: run queries, read the files, write and read answers; not change anything of these. */
export function grantQuery(scope: Construct, questions: AthenaQuestions, auditBucket: s3.IBucket, grantee: iam.IGrantable): iam.Grant {
  const { workGroupName, databaseName, resultsBucket } = questions;
  const glue = (resource: string, resourceName?: string) =>
    Stack.of(scope).formatArn({ service: 'glue', resource, ...(resourceName && { resourceName }) });
  const allow = (actions: string[], resourceArns: string[]) => iam.Grant.addToPrincipal({ grantee, actions, resourceArns });
  return allow(ASK, [Stack.of(scope).formatArn({ service: 'athena', resource: 'workgroup', resourceName: workGroupName })])
    .combine(allow(DESCRIBE, [glue('catalog'), glue('database', databaseName), glue('table', `${databaseName}/${LOG_TABLE}`)]))
    .combine(allow(['s3:GetBucketLocation'], [auditBucket.bucketArn, resultsBucket.bucketArn]))
    .combine(auditBucket.grantRead(grantee))
    .combine(resultsBucket.grantRead(grantee))
    .combine(resultsBucket.grantPut(grantee));
}
