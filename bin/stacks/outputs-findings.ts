import type { OutputsConfig } from '../config/guard-config';
import type { Acknowledgement } from './acknowledgements';
import { LAMBDA_CONCURRENCY, LAMBDA_DLQ, LAMBDA_IN_VPC, LAMBDA_TRACING, NO_INLINE_POLICY, RULE_QUEUE } from './common-findings';

export function outputsFindings({ violations, securityHub }: OutputsConfig): Acknowledgement[] {
  return [...(violations || securityHub ? UNDELIVERED : []), ...(securityHub ? SECURITY_HUB : [])];
}

const UNDELIVERED: readonly Acknowledgement[] = [
  {
    at: 'Enforcer/Outputs/Undelivered',
    rules: RULE_QUEUE,
    reason: 'It is the dead-letter queue of the EventBridge rules, and an alarm watches it.',
  },
];

const at = (path: string, rules: readonly string[], reason: string) => ({ at: `Enforcer/Outputs/SecurityHub/${path}`, rules, reason });

const SECURITY_HUB: readonly Acknowledgement[] = [
  at('DeadLetters', ['Serverless-SQSRedrivePolicy'], 'It is the dead-letter queue of the queue beside it, and an alarm watches it.'),
  at('Handler', LAMBDA_CONCURRENCY, 'Its event source runs two at most; a reserved concurrency would throttle the queue poller.'),
  at(
    'Handler',
    [...LAMBDA_DLQ, 'Serverless-LambdaEventSourceMappingDestination'],
    'Invoked by its queue only, which has the dead-letter queue; these settings are for asynchronous calls and streams.',
  ),
  at('Handler', LAMBDA_IN_VPC, 'Calls Security Hub by its public endpoint over TLS and nothing in a VPC; IAM bounds what it reaches.'),
  at('Handler', LAMBDA_TRACING, 'Each finding that is not taken is one log line; a trace would tell no more.'),
  at(
    'Role/DefaultPolicy',
    NO_INLINE_POLICY,
    'Names this queue and the product of this account: no other role has a use for it, and it goes when the role goes.',
  ),
];
