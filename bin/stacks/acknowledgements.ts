import { Stack, Token, Validations } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { kmsPartOf } from '../config/encryption-config';
import type { GuardConfig, GuardedBucketConfig } from '../config/guard-config';
import { DEFAULT_KMS, LOGGING, NO_KMS, OBJECT_LOCK, REPLICATION, VERSIONING } from './bucket-rules';
import type { DataStack } from './data-stack';

/**
 * Findings of cdk-nag and of Control Tower's rules that the stack does not meet, each with the reason why this very resource
 * does not. Here, not in lib: a library must not silence its users' checks. A test finds the ones that are no longer needed.
 */
export interface Acknowledgement {
  /** The resource, as a path from the stack. */
  readonly at: string;
  readonly rules: readonly string[];
  readonly reason: string;
}

export function acknowledgeFindings(stack: DataStack, config: GuardConfig): void {
  for (const { at, rules, reason } of acknowledgements(stack, config)) {
    const construct = at.split('/').reduce<IConstruct>((scope, id) => scope.node.findChild(id), stack);
    Validations.of(construct).acknowledge(...rules.map((id) => ({ id, reason })));
  }
}

export function acknowledgements(stack: DataStack, config: GuardConfig): Acknowledgement[] {
  return [
    ...config.buckets.flatMap(bucketFindings),
    ...QUARANTINE,
    ...ACCESS_LOGS,
    ...QUEUES,
    ...FUNCTION,
    ...roleFindings(stack),
    ...(config.alarms.emails ?? []).map(mailFinding),
  ];
}

function bucketFindings(config: GuardedBucketConfig): Acknowledgement[] {
  const { id, scheme, versioned, objectLock } = config;
  const at = `Buckets/${id}/Bucket`;
  const found = (rules: readonly string[], reason: string) => ({ at, rules, reason });
  const findings = [
    found(REPLICATION, `A replica of ${id} needs a guard of its own in its own account or Region: its owner adds both together.`),
  ];
  if (objectLock === undefined) {
    findings.push(
      found(OBJECT_LOCK, `The configuration asks for no objectLock; a locked object of ${id} could not be moved to quarantine.`),
    );
  }
  if (!versioned) findings.push(found(VERSIONING, `The configuration says versioned: false for ${id}.`));
  const byDefault = kmsPartOf(config)?.scheme;
  if (byDefault === 'DSSE-KMS')
    findings.push(found(DEFAULT_KMS, `${id} has aws:kms:dsse, two layers of KMS; cdk-nag 3.0.2 knows aws:kms only.`));
  else if (byDefault === undefined)
    findings.push(found(NO_KMS, `The configuration requires ${scheme} of objects of ${id}, which uses no KMS key.`));
  return findings;
}

const QUARANTINE: readonly Acknowledgement[] = [
  {
    at: 'Enforcer/Quarantine/Bucket',
    rules: REPLICATION,
    reason: 'Holds copies of objects that should not have been: one more copy elsewhere is one more to guard.',
  },
  {
    at: 'Enforcer/Quarantine/Bucket',
    rules: OBJECT_LOCK,
    reason: 'Only the enforcer may change it, and it expires after retentionDays: a lock would keep personal data beyond its purpose.',
  },
  {
    at: 'Enforcer/Quarantine/Bucket',
    rules: ['cdk-validator-cfnguard::s3_event_notifications_enabled_check'],
    reason: 'The enforcer itself sends one event for each violation, with more in it than S3 would say.',
  },
];

const ACCESS_LOGS: readonly Acknowledgement[] = [
  { at: 'AccessLogs/Bucket', rules: NO_KMS, reason: 'S3 delivers access logs only to a bucket whose default encryption is SSE-S3.' },
  { at: 'AccessLogs/Bucket', rules: LOGGING, reason: 'Logging the log bucket into itself never ends.' },
  {
    at: 'AccessLogs/Bucket',
    rules: REPLICATION,
    reason: 'Logs are evidence about the buckets beside it; who must survive the Region exports them.',
  },
  { at: 'AccessLogs/Bucket', rules: OBJECT_LOCK, reason: 'S3 does not deliver access logs to a bucket with a default retention.' },
  {
    at: 'AccessLogs/Bucket',
    rules: ['cdk-validator-cfnguard::s3_event_notifications_enabled_check'],
    reason: 'Nobody waits for a log file; events of each would drown those of the guarded buckets.',
  },
];

const QUEUES: readonly Acknowledgement[] = [
  {
    at: 'Enforcer/Events/DeadLetters',
    rules: ['Serverless-SQSRedrivePolicy'],
    reason: 'It is the dead-letter queue of the queue Events, and an alarm watches it.',
  },
  {
    at: 'Enforcer/Events/Undelivered',
    rules: ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy', 'cdk-validator-cfnguard::sqs_dlq_check'],
    reason: 'It is the dead-letter queue of the EventBridge rules, and an alarm watches it.',
  },
];

const FUNCTION: readonly Acknowledgement[] = [
  {
    at: 'Enforcer/Function/Handler',
    rules: ['HIPAA.Security-LambdaConcurrency', 'NIST.800.53.R5-LambdaConcurrency'],
    reason: 'Its event source runs 20 at most; a reserved concurrency would throttle the queue poller into the dead-letter queue.',
  },
  {
    at: 'Enforcer/Function/Handler',
    rules: [
      'HIPAA.Security-LambdaDLQ',
      'NIST.800.53.R5-LambdaDLQ',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaEventSourceMappingDestination',
    ],
    reason: 'Invoked by its queue only, which has the dead-letter queue; these settings are for asynchronous calls and streams.',
  },
  {
    at: 'Enforcer/Function/Handler',
    rules: [
      'HIPAA.Security-LambdaInsideVPC',
      'NIST.800.53.R4-LambdaInsideVPC',
      'NIST.800.53.R5-LambdaInsideVPC',
      'PCI.DSS.321-LambdaInsideVPC',
      'cdk-validator-cfnguard::lambda_inside_vpc_check',
    ],
    reason: 'Calls S3, SSM and EventBridge by their public endpoints over TLS and nothing in a VPC; IAM bounds what it reaches.',
  },
  {
    at: 'Enforcer/Function/Handler',
    rules: ['Serverless-LambdaTracing'],
    reason: 'Each verdict is one log line with bucket, key and version; X-Ray would need xray:* on every resource to tell less.',
  },
];

function roleFindings(stack: DataStack): Acknowledgement[] {
  const at = 'Enforcer/Role/DefaultPolicy';
  const wildcard = (resource: string, reason: string) => ({ at, rules: [`AwsSolutions-IAM5[Resource::${resource}]`], reason });
  const arn = (service: string, resource: string) => stack.formatArn({ service, resource, resourceName: '*' });
  const pseudo: [string, string][] = [
    [stack.partition, 'AWS::Partition'],
    [stack.account, 'AWS::AccountId'],
    [stack.region, 'AWS::Region'],
  ];
  const named = (text: string) => pseudo.reduce((rest, [value, parameter]) => rest.replaceAll(value, shown(value, parameter)), text);
  return [
    {
      at,
      rules: ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-IAMNoInlinePolicy`),
      reason: 'Names this enforcer, its buckets and its queue: no other role has a use for it, and it goes when the role goes.',
    },
    ...[...stack.buckets.values()].map(({ bucket }) =>
      wildcard(`<${logicalId(bucket)}.Arn>/*`, 'The enforcer verifies every object of this guarded bucket, whatever its key.'),
    ),
    wildcard(`<${logicalId(stack.enforcer.quarantineBucket)}.Arn>/*`, 'The enforcer puts any object into its own quarantine bucket.'),
    wildcard(
      named(arn('kms', 'key')),
      'Under which wrong key an object is encrypted is known only when found; kms:Decrypt through S3 only.',
    ),
    wildcard(named(arn('ssm', `parameter${rulePrefixOf(stack)}`)), 'The rules of its own buckets, one parameter each.'),
  ];
}

function mailFinding(address: string): Acknowledgement {
  const reason = 'A mail that cannot be delivered leaves the alarm in state ALARM, where the console and the API show it.';
  // As the CDK makes an id of it: a slash would end it.
  return { at: `Alarms/Topic/${address.replaceAll('/', '--')}`, rules: ['Serverless-SNSRedrivePolicy'], reason };
}

/** A published name: part of the function's environment. */
function rulePrefixOf(stack: DataStack): string {
  const { environment } = stack.enforcer.handler.node.defaultChild as lambda.CfnFunction;
  return stack.resolve(environment).variables['RULE_PARAMETER_PREFIX'];
}

function logicalId(bucket: s3.IBucket): string {
  return Stack.of(bucket).resolve((bucket.node.defaultChild as s3.CfnBucket).logicalId);
}

/** What cdk-nag writes where only a deployment knows. */
function shown(value: string, pseudoParameter: string): string {
  return Token.isUnresolved(value) ? `<${pseudoParameter}>` : value;
}
