import { type App, DefaultStackSynthesizer, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CrossAccountKey, type CrossAccountKeyProps, KeyUse, KmsQuotaMonitor } from '../../lib';
import { DATA_ACCOUNT, KEY_ACCOUNT, stackIn } from '../support/key-world';
import { complaintsOf, newApp, onlyResourceOf, resourcesOf, type Statement, textOf } from '../support/stacks';

const PRIMARY = `arn:aws:kms:us-east-1:${KEY_ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab`;
const PROPS: CrossAccountKeyProps = { bucketArns: ['arn:aws:s3:::records'], consumerAccounts: [DATA_ACCOUNT] };

function made(props: Partial<CrossAccountKeyProps> = {}, stack: Stack = stackIn(newApp(), 'Keys', KEY_ACCOUNT)) {
  return { stack, key: new CrossAccountKey(stack, 'Key', { ...PROPS, ...props }) };
}

const statementsIn = (stack: Stack, type = 'AWS::KMS::Key'): Statement[] => onlyResourceOf(stack, type).Properties.KeyPolicy.Statement;
const sidsIn = (stack: Stack, type?: string) => statementsIn(stack, type).map(({ Sid }) => Sid);
const statementIn = (stack: Stack, sid: string) => statementsIn(stack).find(({ Sid }) => Sid === sid);

describe('a CrossAccountKey', () => {
  test('rotates, outlives its stack, and waits thirty days before it is deleted', () => {
    const { stack } = made();
    const key = onlyResourceOf(stack, 'AWS::KMS::Key');
    expect(key).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(key.Properties).toMatchObject({ EnableKeyRotation: true, PendingWindowInDays: 30, Description: 'Keys/Key' });
    expect(key.Properties.MultiRegion).toBeUndefined();
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('takes what is said of it', () => {
    const { stack } = made({ rotationPeriod: Duration.days(90), multiRegion: true, alias: 'shared/records', description: 'Records' });
    const { Properties } = onlyResourceOf(stack, 'AWS::KMS::Key');
    expect(Properties).toMatchObject({ RotationPeriodInDays: 90, MultiRegion: true, Description: 'Records' });
    expect(onlyResourceOf(stack, 'AWS::KMS::Alias').Properties.AliasName).toBe('alias/shared/records');
    expect(statementIn(stack, 'DelegateAdministration')?.Action).toContain('kms:ReplicateKey');
  });

  test('has four statements: administration, use, a look at it, and no grants', () => {
    const { stack } = made();
    expect(sidsIn(stack)).toEqual([
      'DelegateAdministration',
      'AllowUseThroughS3ByAccounts',
      'AllowDescribeKeyByAccounts',
      'DenyGrantsNotForAwsServices',
    ]);
  });

  test('says of each use for whom, through what and for what it is, and of who looks at it for whom', () => {
    const { stack } = made();
    expect(statementIn(stack, 'AllowUseThroughS3ByAccounts')).toMatchObject({
      Principal: { AWS: `arn:aws:iam::${DATA_ACCOUNT}:root` },
      Action: ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:Encrypt'],
      Condition: {
        StringEquals: { 'kms:CallerAccount': [DATA_ACCOUNT], 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': ['arn:aws:s3:::records', 'arn:aws:s3:::records/*'] },
      },
    });
    expect(statementIn(stack, 'AllowDescribeKeyByAccounts')?.Condition).toEqual({ StringEquals: { 'kms:CallerAccount': [DATA_ACCOUNT] } });
  });

  test('leaves nothing of its policy to the feature flags of an app', () => {
    const { stack } = made();
    for (const { Action, Effect } of statementsIn(stack))
      expect([Effect, JSON.stringify(Action)]).not.toEqual(['Allow', expect.stringContaining('*')]);
  });

  test('denies grants in the very form of CT.KMS.PR.3', () => {
    expect(statementIn(made().stack, 'DenyGrantsNotForAwsServices')).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 'kms:CreateGrant',
      Condition: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
    });
  });

  test('can be made where account and Region are not known yet', () => {
    const { stack } = made({}, new Stack(newApp(), 'Keys'));
    const use = statementIn(stack, 'AllowUseThroughS3ByAccounts');
    const known = { 'AWS::Region': 'eu-west-1' };
    expect(textOf(use?.Condition?.['StringEquals']?.['kms:ViaService'], known)).toBe('s3.eu-west-1.amazonaws.com');
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('hands consumers the statement that they need, with its own ARN', () => {
    const { stack, key } = made();
    const json = textOf(stack.resolve(key.usePolicyJson(KeyUse.READ)), {
      [`${stack.resolve(key.keyArn)['Fn::GetAtt'].join('.')}`]: PRIMARY,
    });
    expect(JSON.parse(json)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          Resource: PRIMARY,
          Condition: {
            StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
            StringLike: { 'kms:EncryptionContext:aws:s3:arn': ['arn:aws:s3:::records', 'arn:aws:s3:::records/*'] },
          },
        },
      ],
    });
  });

  test('is not widened by grants of the CDK', () => {
    const { stack, key } = made();
    key.key.grantDecrypt(new iam.ArnPrincipal(`arn:aws:iam::${DATA_ACCOUNT}:role/reader`));
    expect(sidsIn(stack)).toHaveLength(4);
  });
});

describe('keyAdministrators', () => {
  const ADMIN = `arn:aws:iam::${KEY_ACCOUNT}:role/key-admin`;

  test('are the only ones, besides the root user and the role that deploys', () => {
    const spared = statementIn(made({ keyAdministrators: [ADMIN] }).stack, 'DelegateAdministration')?.Condition?.['ArnEquals']?.[
      'aws:PrincipalArn'
    ];
    const [admin, deployer, root, ...others] = [spared].flat().map((arn) => textOf(arn, { 'AWS::Partition': 'aws' }));
    expect([admin, root, others]).toEqual([ADMIN, `arn:aws:iam::${KEY_ACCOUNT}:root`, []]);
    expect(deployer).toMatch(/:role\/cdk-\w+-cfn-exec-role-111111111111-eu-west-1$/);
  });

  test('are whoever IAM lets, where none are named', () => {
    expect(statementIn(made().stack, 'DelegateAdministration')?.Condition).toBeUndefined();
  });
});

test('is known to lie in its own Region: a monitor of the quota of another one refuses it', () => {
  const { stack, key } = made();
  const elsewhere = stackIn(stack.node.root as App, 'Elsewhere', KEY_ACCOUNT, 'us-east-1');
  expect(() => new KmsQuotaMonitor(elsewhere, 'Monitor', { keys: [key.key] })).toThrow(/lies in another Region than its monitor/);
  expect(() => new KmsQuotaMonitor(stack, 'Monitor', { keys: [key.key] })).not.toThrow();
});

describe('replicaRegions', () => {
  const ADMIN = `arn:aws:iam::${KEY_ACCOUNT}:role/key-admin`;
  const inAws = (arn: unknown) => textOf(arn, { 'AWS::Partition': 'aws' });
  const replicatorIn = (stack: Stack) =>
    inAws(statementIn(stack, 'AllowReplicationToUsEast1')?.Condition?.['ArnEquals']?.['aws:PrincipalArn']);

  test.each<[string, StackProps]>([
    ['the default bootstrap', {}],
    ['a bootstrap with a qualifier', { synthesizer: new DefaultStackSynthesizer({ qualifier: 'team' }) }],
    ['one role for all Regions', { synthesizer: new DefaultStackSynthesizer({ cloudFormationExecutionRole: ADMIN }) }],
  ])('with %s, the role that may replicate the key is the one that deploys the replica', (_, props) => {
    const app = newApp();
    const stackAt = (region: string) => new Stack(app, region, { ...props, env: { account: KEY_ACCOUNT, region } });
    const [primary, replica] = [stackAt('eu-west-1'), stackAt('us-east-1')];
    made({ multiRegion: true, keyAdministrators: [ADMIN], replicaRegions: ['us-east-1'] }, primary);
    made({ primaryKeyArn: PRIMARY.replace('us-east-1', 'eu-west-1'), keyAdministrators: [ADMIN] }, replica);
    const [administration] = statementsIn(replica, 'AWS::KMS::ReplicaKey');
    const spared = [administration?.Condition?.['ArnEquals']?.['aws:PrincipalArn']].flat().map(inAws);
    expect(spared).toContain(replicatorIn(primary));
  });

  test('can be named where the account is not known yet', () => {
    const { stack } = made({ multiRegion: true, replicaRegions: ['us-east-1', 'us-east-1'] }, new Stack(newApp(), 'Keys'));
    expect(replicatorIn(stack)).toMatch(/:role\/cdk-hnb659fds-cfn-exec-role-\$\{AWS::AccountId\}-us-east-1$/);
    expect(sidsIn(stack).filter((sid) => sid?.startsWith('AllowReplication'))).toHaveLength(1);
    expect(complaintsOf(stack)).toEqual([]);
  });
});

describe('a replica', () => {
  test('has a policy of its own Region, and what else KMS takes of a replica', () => {
    const { stack } = made({ primaryKeyArn: PRIMARY });
    const replica = onlyResourceOf(stack, 'AWS::KMS::ReplicaKey');
    expect(replica.DeletionPolicy).toBe('Retain');
    expect(Object.keys(replica.Properties).sort()).toEqual(['Description', 'KeyPolicy', 'PendingWindowInDays', 'PrimaryKeyArn']);
    expect(sidsIn(stack, 'AWS::KMS::ReplicaKey')).toContain('AllowUseThroughS3ByAccounts');
    expect(resourcesOf(stack, 'AWS::KMS::Key')).toEqual([]);
    expect(complaintsOf(stack)).toEqual([]);
  });
});
