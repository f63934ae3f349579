import { simulate } from '../../demo/policy/simulate';
import { CrossAccountKey } from '../../lib';
import { DATA_ACCOUNT, EVERYTHING, KEY_ACCOUNT, keyPolicyOf, REGION, stackIn } from '../support/key-world';
import { newApp } from '../support/stacks';

/** Who makes replicas of a key with administrators of its own: each request put to the rendered policy, by an evaluator that others wrote. */
const KEY_ARN = `arn:aws:kms:${REGION}:${KEY_ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab`;
const roleArn = (name: string) => `arn:aws:iam::${KEY_ACCOUNT}:role/${name}`;
// As `cdk bootstrap` names them.
const deployerIn = (region: string) => roleArn(`cdk-hnb659fds-cfn-exec-role-${KEY_ACCOUNT}-${region}`);

/** IAM lets each of them everything. */
const ASKERS: Readonly<Record<string, string>> = {
  administrator: roleArn('key-admin'),
  deployer: deployerIn(REGION),
  'deployer of a replica in us-east-1': deployerIn('us-east-1'),
  'deployer of a replica in ap-southeast-2': deployerIn('ap-southeast-2'),
  'deployer of another Region': deployerIn('eu-central-1'),
  'KMS itself': roleArn('aws-service-role/mrk.kms.amazonaws.com/AWSServiceRoleForKeyManagementServiceMultiRegionKeys'),
  'administrator of IAM': roleArn('admin'),
};
const ADMINISTRATORS = ['administrator', 'deployer'];
const REPLICATORS = ['deployer of a replica in us-east-1', 'deployer of a replica in ap-southeast-2'];

const to = (region: string) => ({ action: 'kms:ReplicateKey', context: { 'kms:ReplicaRegion': region } });
const REQUESTS: readonly (readonly [string, { readonly action: string; readonly context?: Record<string, string> }, readonly string[]])[] =
  [
    ['ReplicateKey to us-east-1', to('us-east-1'), [...ADMINISTRATORS, 'deployer of a replica in us-east-1']],
    ['ReplicateKey to ap-southeast-2', to('ap-southeast-2'), [...ADMINISTRATORS, 'deployer of a replica in ap-southeast-2']],
    ['ReplicateKey to a Region that is not named', to('eu-central-1'), ADMINISTRATORS],
    ['DescribeKey', { action: 'kms:DescribeKey' }, [...ADMINISTRATORS, ...REPLICATORS]],
    ['PutKeyPolicy', { action: 'kms:PutKeyPolicy' }, ADMINISTRATORS],
    ['UpdatePrimaryRegion', { action: 'kms:UpdatePrimaryRegion' }, ADMINISTRATORS],
    ['ScheduleKeyDeletion', { action: 'kms:ScheduleKeyDeletion' }, ADMINISTRATORS],
    ['SynchronizeMultiRegionKey', { action: 'kms:SynchronizeMultiRegionKey' }, ['KMS itself']],
    ['Decrypt', { action: 'kms:Decrypt' }, []],
  ];

const stack = stackIn(newApp(), 'Keys', KEY_ACCOUNT);
new CrossAccountKey(stack, 'Key', {
  bucketArns: ['arn:aws:s3:::records'],
  consumerAccounts: [DATA_ACCOUNT],
  keyAdministrators: [roleArn('key-admin')],
  multiRegion: true,
  replicaRegions: ['us-east-1', 'ap-southeast-2'],
});
const resourcePolicy = keyPolicyOf(stack);

test.each(REQUESTS)('%s: those of the table may, and nobody else', async (_, { action, context = {} }, may) => {
  const asked = Object.entries(ASKERS).map(async ([asker, principal]) => {
    const request = { principal, action, resource: KEY_ARN, account: KEY_ACCOUNT, identityPolicies: EVERYTHING, resourcePolicy };
    const { allowed } = await simulate({ ...request, context: { 'aws:PrincipalArn': principal, ...context } });
    return { asker, allowed };
  });
  const answers = await Promise.all(asked);
  expect(answers.filter(({ allowed }) => allowed).map(({ asker }) => asker)).toEqual(may);
});
