import type { DataConfig, KeysConfig } from '../config/guard-config';
import { type Acknowledgement, logicalIdOf, mailFindings, wildcardRule } from './acknowledgements';
import { OBJECT_LOCK, REPLICATION } from './bucket-rules';
import { LAMBDA_CONCURRENCY, LAMBDA_DLQ, LAMBDA_IN_VPC, LAMBDA_TRACING, NO_INLINE_POLICY, RULE_QUEUE } from './common-findings';
import type { DataStack } from './data-stack';

const TAMPER_ALERTS: readonly Acknowledgement[] = [
  {
    at: 'Tampering/Undelivered',
    rules: RULE_QUEUE,
    reason: 'It is the dead-letter queue of the EventBridge rules, and an alarm watches it.',
  },
];

const atDigest = (path: string, rules: readonly string[], reason: string) => ({ at: `Digest/${path}`, rules, reason });

const DIGEST: readonly Acknowledgement[] = [
  atDigest(
    'Logs',
    ['cdk-validator-cfnguard::cloudwatch_log_group_encrypted_check'],
    'It is encrypted under the key of the data stack: the rule does not know a key that is an output of another stack.',
  ),
  atDigest('Handler', LAMBDA_CONCURRENCY, 'Its schedule invokes it once an hour, and each run ends within minutes.'),
  atDigest(
    'Handler',
    LAMBDA_DLQ,
    'A run that fails three times is told by an alarm; there is nothing in its event to be kept, and people invoke it anew.',
  ),
  atDigest(
    'Handler',
    LAMBDA_IN_VPC,
    'Calls CloudWatch and SNS by their public endpoints over TLS and nothing in a VPC; IAM bounds what it reaches.',
  ),
  atDigest('Handler', LAMBDA_TRACING, 'Each digest is one log line; a trace would tell no more.'),
  atDigest(
    'Role/DefaultPolicy',
    NO_INLINE_POLICY,
    'Names this topic and its key: no other role has a use for it, and it goes when the role goes.',
  ),
  atDigest('Role/DefaultPolicy', [wildcardRule('*')], 'It reads metrics, for which IAM knows no resource.'),
  atDigest('Schedule', ['Serverless-EventBusDLQ'], 'A run that was not delivered is missed by an alarm; people invoke it anew.'),
];

export function monitoringFindings({ tamperAlerts, monitoring }: DataConfig): Acknowledgement[] {
  return [...(tamperAlerts === undefined ? [] : TAMPER_ALERTS), ...(monitoring?.weeklyDigest ? DIGEST : [])];
}

export function alertsFindings({ alarms }: Pick<KeysConfig, 'alarms'>): Acknowledgement[] {
  return [...TAMPER_ALERTS, ...mailFindings(alarms.emails)];
}

export function canaryFindings({ canary }: DataStack): Acknowledgement[] {
  if (canary === undefined) return [];
  const at = (path: string, rules: readonly string[], reason: string) => ({ at: `Canary/${path}`, rules, reason });
  return [
    at('Bucket', REPLICATION, 'Its objects are wrong on purpose and live for minutes: nobody needs them twice.'),
    at('Bucket', OBJECT_LOCK, 'The enforcer must be able to move what is written here: that is what is tried.'),
    at('Handler', LAMBDA_CONCURRENCY, 'Its schedule invokes it once an interval, and each run ends before the next.'),
    at('Handler', LAMBDA_DLQ, 'A run that fails writes no metric, and the alarm takes its absence for a canary that was not caught.'),
    at('Handler', LAMBDA_IN_VPC, 'Calls S3 by its public endpoint over TLS and nothing in a VPC; IAM bounds what it reaches.'),
    at('Handler', LAMBDA_TRACING, 'Each run is one log line with what was caught and how soon; a trace would tell no more.'),
    at(
      'Role/DefaultPolicy',
      NO_INLINE_POLICY,
      'Names this canary and its bucket: no other role has a use for it, and it goes when the role goes.',
    ),
    at(
      'Role/DefaultPolicy',
      [wildcardRule(`<${logicalIdOf(canary.bucket)}.Arn>/canary-*`)],
      'Each canary is an object of a new name, in the bucket of its own.',
    ),
    at('Schedule', ['Serverless-EventBusDLQ'], 'A run that was not delivered is missed by the alarm; one that comes late proves nothing.'),
  ];
}
