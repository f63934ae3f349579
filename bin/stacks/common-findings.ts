import type { Acknowledgement } from './acknowledgements';
import { LOGGING, NO_KMS, OBJECT_LOCK, REPLICATION } from './bucket-rules';

/** Rules that several stacks do not meet, by what they ask for. */

export const RULE_QUEUE = ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy', 'cdk-validator-cfnguard::sqs_dlq_check'];

export const LAMBDA_CONCURRENCY = ['HIPAA.Security-LambdaConcurrency', 'NIST.800.53.R5-LambdaConcurrency'];

export const LAMBDA_DLQ = ['HIPAA.Security-LambdaDLQ', 'NIST.800.53.R5-LambdaDLQ', 'Serverless-LambdaDLQ'];

export const LAMBDA_IN_VPC = [
  'HIPAA.Security-LambdaInsideVPC',
  'NIST.800.53.R4-LambdaInsideVPC',
  'NIST.800.53.R5-LambdaInsideVPC',
  'PCI.DSS.321-LambdaInsideVPC',
  'cdk-validator-cfnguard::lambda_inside_vpc_check',
];

export const LAMBDA_TRACING = ['Serverless-LambdaTracing'];

export const NO_INLINE_POLICY = ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map(
  (pack) => `${pack}-IAMNoInlinePolicy`,
);

/** @param noReplica - why there is no replica of them */
export function accessLogsFindings(noReplica: string): Acknowledgement[] {
  return [
    { at: 'AccessLogs/Bucket', rules: NO_KMS, reason: 'S3 delivers access logs only to a bucket whose default encryption is SSE-S3.' },
    { at: 'AccessLogs/Bucket', rules: LOGGING, reason: 'Logging the log bucket into itself never ends.' },
    { at: 'AccessLogs/Bucket', rules: REPLICATION, reason: noReplica },
    { at: 'AccessLogs/Bucket', rules: OBJECT_LOCK, reason: 'S3 does not deliver access logs to a bucket with a default retention.' },
    {
      at: 'AccessLogs/Bucket',
      rules: ['cdk-validator-cfnguard::s3_event_notifications_enabled_check'],
      reason: 'Nobody waits for a log file; events of each would drown those of the guarded buckets.',
    },
  ];
}
