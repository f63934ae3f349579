import { type Acknowledgement, wildcardRule } from './acknowledgements';
import { LAMBDA_CONCURRENCY, LAMBDA_DLQ, LAMBDA_IN_VPC, LAMBDA_TRACING, NO_INLINE_POLICY } from './common-findings';

const UNENCRYPTED_LOG = [
  ...['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-CloudWatchLogGroupEncrypted`),
  'cdk-validator-cfnguard::cloudwatch_log_group_encrypted_check',
];

export function quotaFindings(): Acknowledgement[] {
  const at = (path: string, rules: readonly string[], reason: string) => ({ at: `Increase/${path}`, rules, reason });
  return [
    at('Logs', UNENCRYPTED_LOG, 'Its one line for each deployment says which quota was asked for: nothing of keys, buckets or people.'),
    at('Handler', LAMBDA_CONCURRENCY, 'CloudFormation invokes it once for each deployment that changes it.'),
    at('Handler', LAMBDA_DLQ, 'CloudFormation waits for its answer, and fails the deployment where none comes.'),
    at('Handler', LAMBDA_IN_VPC, 'Calls Service Quotas by its public endpoint over TLS and nothing in a VPC; IAM bounds what it reaches.'),
    at('Handler', LAMBDA_TRACING, 'Runs once for a deployment, with one log line that says what came of it.'),
    at(
      'Role/DefaultPolicy',
      NO_INLINE_POLICY,
      'Names this quota and this log: no other role has a use for it, and it goes when the role goes.',
    ),
    at('Role/DefaultPolicy', [wildcardRule('*')], 'The default of a quota is a fact about AWS, and IAM knows no resource for reading it.'),
  ];
}
