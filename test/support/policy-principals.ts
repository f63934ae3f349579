import { type AnonymousRequestPrincipal, anonymousPrincipal } from '@cloud-copilot/iam-simulate';
import { FOREIGN_ACCOUNT, OWNER_ACCOUNT } from '../domain/sample-keys';
import type { RequestContext } from './policy-requests';

/** Who asks, and what S3 knows of them. */
export interface Requester {
  readonly principal: string | AnonymousRequestPrincipal;
  /** In which an alias or a bare key id is looked up. */
  readonly account: string;
  readonly context: RequestContext;
}

export const roleArn = (name: string, account = OWNER_ACCOUNT) => `arn:aws:iam::${account}:role/${name}`;

/** A session of a role: `aws:PrincipalArn` is then the role's ARN, not the session's. */
function sessionOf(name: string, account = OWNER_ACCOUNT): Requester {
  return {
    principal: `arn:aws:sts::${account}:assumed-role/${name}/session`,
    account,
    context: { 'aws:PrincipalArn': roleArn(name, account), 'aws:PrincipalIsAWSService': 'false' },
  };
}

function itself(arn: string): Requester {
  return { principal: arn, account: OWNER_ACCOUNT, context: { 'aws:PrincipalArn': arn, 'aws:PrincipalIsAWSService': 'false' } };
}

/**
 * The principals that case files speak of. Neither AWS services nor anonymous requests have an `aws:PrincipalArn`, and anonymous ones no
 * `aws:PrincipalIsAWSService` either: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export const REQUESTERS: Readonly<Record<string, Requester>> = {
  writer: sessionOf('writer'),
  vendor: sessionOf('vendor-import'),
  admin: sessionOf('storage-admin'),
  deployer: sessionOf('cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1'),
  enforcer: sessionOf('encryption-enforcer'),
  reader: sessionOf('incident-response'),
  replicator: sessionOf('replication'),
  'another account': sessionOf('writer', FOREIGN_ACCOUNT),
  'a role of the same name in another account': sessionOf('vendor-import', FOREIGN_ACCOUNT),
  user: itself(`arn:aws:iam::${OWNER_ACCOUNT}:user/operations/alice`),
  root: itself(`arn:aws:iam::${OWNER_ACCOUNT}:root`),
  'AWS service': { principal: 'logging.s3.amazonaws.com', account: OWNER_ACCOUNT, context: { 'aws:PrincipalIsAWSService': 'true' } },
  anonymous: { principal: anonymousPrincipal, account: 'anonymous', context: {} },
};
