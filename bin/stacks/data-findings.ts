import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { kmsPartOf } from '../config/encryption-config';
import type { DataConfig, GuardedBucketConfig } from '../config/guard-config';
import { type Acknowledgement, asNagShows, logicalIdOf, mailFindings, wildcardRule } from './acknowledgements';
import { DEFAULT_KMS, NO_KMS, OBJECT_LOCK, REPLICATION, VERSIONING } from './bucket-rules';
import {
  accessLogsFindings,
  LAMBDA_CONCURRENCY,
  LAMBDA_DLQ,
  LAMBDA_IN_VPC,
  LAMBDA_TRACING,
  NO_INLINE_POLICY,
  RULE_QUEUE,
} from './common-findings';
import type { DataStack } from './data-stack';
import { outputsFindings } from './outputs-findings';

export function dataFindings(stack: DataStack, config: DataConfig): Acknowledgement[] {
  return [
    ...config.buckets.flatMap(bucketFindings),
    ...QUARANTINE,
    ...accessLogsFindings('Logs are evidence about the buckets beside it; who must survive the Region exports them.'),
    ...QUEUES,
    ...FUNCTION,
    ...roleFindings(stack),
    ...outputsFindings(config.outputs),
    ...mailFindings(config.alarms.emails),
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

const QUEUES: readonly Acknowledgement[] = [
  {
    at: 'Enforcer/Events/DeadLetters',
    rules: ['Serverless-SQSRedrivePolicy'],
    reason: 'It is the dead-letter queue of the queue Events, and an alarm watches it.',
  },
  {
    at: 'Enforcer/Events/Undelivered',
    rules: RULE_QUEUE,
    reason: 'It is the dead-letter queue of the EventBridge rules, and an alarm watches it.',
  },
];

const FUNCTION: readonly Acknowledgement[] = [
  {
    at: 'Enforcer/Function/Handler',
    rules: LAMBDA_CONCURRENCY,
    reason: 'Its event source runs 20 at most; a reserved concurrency would throttle the queue poller into the dead-letter queue.',
  },
  {
    at: 'Enforcer/Function/Handler',
    rules: [...LAMBDA_DLQ, 'Serverless-LambdaEventSourceMappingDestination'],
    reason: 'Invoked by its queue only, which has the dead-letter queue; these settings are for asynchronous calls and streams.',
  },
  {
    at: 'Enforcer/Function/Handler',
    rules: LAMBDA_IN_VPC,
    reason: 'Calls S3, SSM and EventBridge by their public endpoints over TLS and nothing in a VPC; IAM bounds what it reaches.',
  },
  {
    at: 'Enforcer/Function/Handler',
    rules: LAMBDA_TRACING,
    reason: 'Each verdict is one log line with bucket, key and version; X-Ray would need xray:* on every resource to tell less.',
  },
];

function roleFindings(stack: DataStack): Acknowledgement[] {
  // Not at its policies, of which the CDK makes another one where the first is full.
  const at = 'Enforcer/Role';
  const wildcard = (resource: string, reason: string) => ({ at, rules: [wildcardRule(resource)], reason });
  const arn = (service: string, resource: string) => asNagShows(stack, stack.formatArn({ service, resource, resourceName: '*' }));
  const bucketsOf = stack.canary === undefined ? [] : [stack.canary.bucket];
  return [
    {
      at,
      rules: NO_INLINE_POLICY,
      reason: 'Names this enforcer, its buckets and its queue: no other role has a use for it, and it goes when the role goes.',
    },
    ...[...[...stack.buckets.values()].map(({ bucket }) => bucket), ...bucketsOf].map((bucket) =>
      wildcard(`<${logicalIdOf(bucket)}.Arn>/*`, 'The enforcer verifies every object of this guarded bucket, whatever its key.'),
    ),
    wildcard(`<${logicalIdOf(stack.enforcer.quarantineBucket)}.Arn>/*`, 'The enforcer puts any object into its own quarantine bucket.'),
    wildcard(arn('kms', 'key'), 'Under which wrong key an object is encrypted is known only when found; kms:Decrypt through S3 only.'),
    wildcard(arn('ssm', `parameter${rulePrefixOf(stack)}`), 'The rules of its own buckets, one parameter each.'),
  ];
}

/** A published name: part of the function's environment. */
export function rulePrefixOf(stack: DataStack): string {
  const { environment } = stack.enforcer.handler.node.defaultChild as lambda.CfnFunction;
  return stack.resolve(environment).variables['RULE_PARAMETER_PREFIX'];
}
