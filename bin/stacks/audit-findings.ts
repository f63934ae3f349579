import { ArnFormat } from 'aws-cdk-lib';
import type { AuditConfig } from '../config/guard-config';
import { type Acknowledgement, asNagShows, logicalIdOf, wildcardRule } from './acknowledgements';
import type { AuditStack, TrailStack } from './audit-stack';
import { OBJECT_LOCK, REPLICATION } from './bucket-rules';
import { accessLogsFindings, NO_INLINE_POLICY } from './common-findings';

export function auditFindings(stack: AuditStack, { objectLock, auditors }: AuditConfig): Acknowledgement[] {
  const answers = 'Answers of Athena are made anew by asking again, and expire after 30 days.';
  return [
    {
      at: 'Audit/AuditBucket',
      rules: REPLICATION,
      reason: 'Files are signed and may be locked; who must survive the Region replicates them by a rule of their own.',
    },
    ...(objectLock === undefined
      ? [
          {
            at: 'Audit/AuditBucket',
            rules: OBJECT_LOCK,
            reason: 'The configuration asks for no objectLock; the policy of the bucket denies deletion.',
          },
        ]
      : []),
    { at: 'Audit/Results', rules: REPLICATION, reason: answers },
    { at: 'Audit/Results', rules: OBJECT_LOCK, reason: answers },
    ...accessLogsFindings('Logs are evidence about the audit beside it; who must survive the Region exports them.'),
    ...auditors.flatMap((arn) => auditorFindings(stack, arn)),
    ...trailFindings(stack),
  ];
}

function auditorFindings({ audit: { auditBucket, resultsBucket } }: AuditStack, arn: string): Acknowledgement[] {
  // As the CDK makes an id of it: a slash would end it.
  const found = (rules: readonly string[], reason: string) => ({ at: `Auditors/${arn.replaceAll('/', '--')}`, rules, reason });
  return [
    found(NO_INLINE_POLICY, 'Names this audit, and goes with it: the role itself is made, and named, elsewhere.'),
    found([wildcardRule(`<${logicalIdOf(auditBucket)}.Arn>/AWSLogs/*`)], 'A question reads the files of every account, Region and day.'),
    ...(resultsBucket === undefined
      ? []
      : [
          found(
            [wildcardRule(`<${logicalIdOf(resultsBucket)}.Arn>/*`)],
            'Athena writes the answer of whoever asks, under a name of its own.',
          ),
        ]),
  ];
}

export function trailFindings(stack: AuditStack | TrailStack): Acknowledgement[] {
  const events = `log-group:<${logicalIdOf(stack.audit.logGroup)}>:log-stream:${stack.account}_CloudTrail_${stack.region}*`;
  const arn = stack.formatArn({ service: 'logs', resource: events, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  const reason = 'CloudTrail adds a suffix of its own to the names of the log streams, which begin with account and Region.';
  return [{ at: 'Audit/LogDelivery/Policy', rules: [wildcardRule(asNagShows(stack, arn))], reason }];
}
