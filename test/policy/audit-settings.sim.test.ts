import { RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { simulate } from '../../demo/policy/simulate';
import { KeyAuditTrail, type KeyAuditTrailProps } from '../../lib';
import { newStack, onlyResourceOf, policiesOf, textOf } from '../support/stacks';

/** Ways around deletion, put to the rendered policies of the audit bucket and its key, by an evaluator that others wrote. */
const ACCOUNT = '111122223333';
const BUCKET = 'arn:aws:s3:::the-audit';
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const ADMIN = `arn:aws:iam::${ACCOUNT}:role/admin`;
const STORAGE_ADMIN = `arn:aws:iam::${ACCOUNT}:role/storage-admin`;
const DEPLOYER = `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-eu-west-1`;

function policiesWith(props: Partial<KeyAuditTrailProps> = {}) {
  const stack = newStack();
  const audit = new KeyAuditTrail(stack, 'Audit', { buckets: [new s3.Bucket(stack, 'Records')], ...props });
  const known = {
    [`${/\{(\w+)\./.exec(textOf(stack.resolve(audit.auditBucket.bucketArn)))?.[1]}.Arn`]: BUCKET,
    'AWS::Partition': 'aws',
  };
  const rendered = (policy: unknown) =>
    JSON.parse(
      JSON.stringify(policy, (_, value) =>
        typeof value === 'object' && value !== null && ('Fn::Join' in value || 'Fn::GetAtt' in value) ? textOf(value, known) : value,
      ),
    );
  return {
    bucket: rendered(policiesOf(stack, audit.auditBucket)[0]?.Properties.PolicyDocument),
    key: rendered(onlyResourceOf(stack, 'AWS::KMS::Key').Properties.KeyPolicy),
  };
}

const DEFAULT = policiesWith();
const WITH_ADMINS = policiesWith({ configurationAdmins: [STORAGE_ADMIN] });

/** What somebody is told whom IAM lets do everything. */
async function answer(policies: typeof DEFAULT, principal: string, action: string, context: Record<string, string> = {}) {
  const isKey = action.startsWith('kms:');
  const { result, deniedBy } = await simulate({
    principal,
    action,
    resource: isKey ? KEY : BUCKET,
    account: ACCOUNT,
    context: {
      'aws:SecureTransport': 'true',
      ...(!isKey && { 's3:TlsVersion': '1.2' }),
      'aws:PrincipalArn': principal,
      'aws:PrincipalIsAWSService': 'false',
      ...context,
    },
    identityPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:*', 'kms:*'], Resource: '*' }] }],
    resourcePolicy: isKey ? policies.key : policies.bucket,
  });
  return deniedBy.length > 0 ? deniedBy.join(', ') : result;
}

const EMPTYING = [
  ...['s3:PutLifecycleConfiguration', 's3:PutReplicationConfiguration', 's3:PutEncryptionConfiguration'],
  ...['s3:PutBucketVersioning', 's3:PutBucketObjectLockConfiguration'],
];
const POLICY = ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'];

test.each(EMPTYING)('an administrator cannot get at the files by %s; the role that deploys can', async (action) => {
  expect(await answer(DEFAULT, ADMIN, action)).toBe('DenyFileSettingsByOthers');
  expect(await answer(DEFAULT, DEPLOYER, action)).toBe('Allowed');
});

test.each(POLICY)('%s is left to whoever IAM allows, as the documents say', async (action) => {
  expect(await answer(DEFAULT, ADMIN, action)).toBe('Allowed');
});

test.each([...EMPTYING, ...POLICY])('with configurationAdmins %s is left to them and to the role that deploys', async (action) => {
  expect(await answer(WITH_ADMINS, ADMIN, action)).toMatch(/DenyConfigurationByOthers|DenyFileSettingsByOthers/);
  expect(await answer(WITH_ADMINS, STORAGE_ADMIN, action)).toBe('Allowed');
  expect(await answer(WITH_ADMINS, DEPLOYER, action)).toBe('Allowed');
});

test.each(['kms:ScheduleKeyDeletion', 'kms:DisableKey'])(
  'nobody shreds files by %s while the key is in use, or files may be there',
  async (action) => {
    const unusedFor = (days: string) => ({ 'kms:TrailingDaysWithoutKeyUsage': days });
    for (const principal of [ADMIN, DEPLOYER]) {
      expect(await answer(DEFAULT, principal, action, unusedFor('364'))).toBe('DenyRemovalOfUsedKey');
      expect(await answer(DEFAULT, principal, action, unusedFor('365'))).toBe('Allowed');
    }
  },
);

test('a stack that takes its files along may take its key along', async () => {
  const policies = policiesWith({ removalPolicy: RemovalPolicy.DESTROY });
  expect(await answer(policies, DEPLOYER, 'kms:ScheduleKeyDeletion', { 'kms:TrailingDaysWithoutKeyUsage': '0' })).toBe('Allowed');
});
