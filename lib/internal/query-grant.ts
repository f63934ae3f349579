import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LOG_TABLE } from '../domain/audit-log-table';
import { useStatement } from '../domain/key-policy';
import type { PolicyCondition } from '../domain/policy-statement';
import type { AthenaQuestions } from './audit-questions';
import { accountOf } from './key-grants';
import { requireValid } from './require-valid';
import { areDifferent } from './same-home';

/** What is read, and the key of it and of the answers. */
export interface AuditedFiles {
  readonly auditBucket: s3.IBucket;
  readonly auditKey: kms.IKey;
}

/** What it takes to ask in one workgroup: https://docs.aws.amazon.com/athena/latest/ug/example-policies-workgroup.html */
const ASK = [
  ...['athena:GetWorkGroup', 'athena:ListNamedQueries', 'athena:GetNamedQuery', 'athena:BatchGetNamedQuery'],
  ...['athena:StartQueryExecution', 'athena:StopQueryExecution', 'athena:GetQueryExecution', 'athena:GetQueryResults'],
  'athena:ListQueryExecutions',
];
const DESCRIBE = ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartition', 'glue:GetPartitions'];

/** What Athena does with answers: https://docs.aws.amazon.com/athena/latest/ug/security-iam-awsmanpol.html#amazonathenafullaccess-managed-policy */
const ANSWER = ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'];
const FIND = ['s3:GetBucketLocation', 's3:ListBucket'];

/**
 * Lets somebody ask, which is: run queries, read the files, write and read answers; not change anything of these. Not by the grants of the CDK, which
 * let more be written, and bind the key to no bucket.
 */
export function grantQuery(scope: Construct, questions: AthenaQuestions, audit: AuditedFiles, grantee: iam.IGrantable): iam.Grant {
  const { workGroupName, databaseName, resultsBucket } = questions;
  const { auditBucket, auditKey } = audit;
  const stack = Stack.of(scope);
  const glue = (resource: string, resourceName?: string) =>
    stack.formatArn({ service: 'glue', resource, ...(resourceName && { resourceName }) });
  const allow = (actions: string[], resourceArns: string[], conditions?: PolicyCondition) =>
    iam.Grant.addToPrincipal({ grantee, actions, resourceArns, ...(conditions && { conditions }) });
  const useKey = (use: 'read' | 'write', bucket: s3.IBucket) => {
    const { Action, Resource, Condition } = useStatement(use, [auditKey.keyArn], stack.region, [bucket.bucketArn]);
    return allow([...Action], [...Resource], Condition);
  };
  const asking = allow(ASK, [stack.formatArn({ service: 'athena', resource: 'workgroup', resourceName: workGroupName })]);
  requireGrantee(scope, grantee.grantPrincipal, asking);
  return asking
    .combine(allow(DESCRIBE, [glue('catalog'), glue('database', databaseName), glue('table', `${databaseName}/${LOG_TABLE}`)]))
    .combine(allow(FIND, [auditBucket.bucketArn, resultsBucket.bucketArn]))
    .combine(allow(['s3:GetObject'], [auditBucket.arnForObjects('AWSLogs/*')]))
    .combine(allow(ANSWER, [resultsBucket.arnForObjects('*')]))
    .combine(useKey('read', auditBucket))
    .combine(useKey('write', resultsBucket));
}

/** Athena and Glue know no policies of others, and the CDK says nothing of what it cannot add. */
function requireGrantee(scope: Construct, principal: iam.IPrincipal, asking: iam.Grant): void {
  const account = accountOf(principal);
  requireValid(scope, asking.success && !areDifferent(account, Stack.of(scope).account), {
    what: 'who asks Athena needs IAM policies of the account of the audit, which this one has not, or not here',
    value: Construct.isConstruct(principal) ? principal.node.path : String(principal),
    remedy: 'Pass a role, user or group of that account; people of others assume a role there.',
  });
}
