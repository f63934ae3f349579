import {
  BootstraplessSynthesizer,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  LegacyStackSynthesizer,
  NestedStack,
  Stack,
} from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3n from 'aws-cdk-lib/aws-s3-notifications';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { EncryptedBucket, MinimumTlsVersion, mixins, ObjectEncryption } from '../../lib';
import { complaintsOf, ENV, newApp, newStack, statementsOf, textOf } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const { RequireEncryption } = mixins;
const ADMIN = 'arn:aws:iam::111122223333:role/storage-admin';
const GUARDED = new RequireEncryption(ObjectEncryption.sseS3(), { configurationAdmins: [ADMIN] });

const stackOf = (synthesizer?: IStackSynthesizer, env?: typeof ENV) => new Stack(newApp(), 'Data', { synthesizer, env });

/** What the guard says of a bucket of the stack, as CloudFormation will. */
function guardOf(stack: Stack) {
  const bucket = new s3.Bucket(stack, 'Records');
  bucket.with(GUARDED);
  const statement = statementsOf(stack, bucket).find(({ Sid }) => Sid === 'DenyConfigurationByOthers');
  const known = { 'AWS::Partition': 'aws', 'AWS::AccountId': '<account>', 'AWS::Region': '<region>' };
  const spared = [statement?.Condition?.['ArnNotEquals']?.['aws:PrincipalArn']].flat();
  return { stack, bucket, statement, spared: spared.map((arn) => textOf(arn, known)) };
}

describe('configurationAdmins', () => {
  test('are the only ones who may change what protects the bucket, besides who deploys it', () => {
    const { stack, bucket, statement } = guardOf(newStack());
    expect(statement?.Resource).toEqual(stack.resolve(bucket.bucketArn));
    expect(statement).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' } });
    expect(statement?.Action).toEqual([
      's3:PutEncryptionConfiguration',
      's3:PutBucketPolicy',
      's3:DeleteBucketPolicy',
      's3:PutBucketVersioning',
      's3:PutBucketNotification',
      's3:PutBucketPublicAccessBlock',
      's3:PutBucketOwnershipControls',
      's3:PutLifecycleConfiguration',
      's3:PutReplicationConfiguration',
      's3:DeleteBucket',
    ]);
  });

  test('bind nobody where they are left out', () => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records');
    expect(statementsOf(stack, bucket).map(({ Sid }) => Sid)).not.toContain('DenyConfigurationByOthers');
  });

  test('reach the bucket of an EncryptedBucket', () => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records', { configurationAdmins: [ADMIN, ADMIN] });
    const guard = statementsOf(stack, bucket).find(({ Sid }) => Sid === 'DenyConfigurationByOthers');
    expect(guard?.Condition?.['ArnNotEquals']?.['aws:PrincipalArn']).toEqual([ADMIN, expect.anything()]);
    expect(complaintsOf(stack)).toEqual([]);
  });
});

describe('the role that CloudFormation deploys with', () => {
  const bootstrapped = (account: string, region: string, qualifier = 'hnb659fds') =>
    `arn:aws:iam::${account}:role/cdk-${qualifier}-cfn-exec-role-${account}-${region}`;
  const own = 'arn:aws:iam::111122223333:role/deployer';

  test.each<[string, () => Stack, string]>([
    ['of an environment', () => stackOf(undefined, ENV), bootstrapped('111122223333', 'eu-west-1')],
    ['of whatever environment', () => stackOf(), bootstrapped('<account>', '<region>')],
    [
      'of a qualifier',
      () => stackOf(new DefaultStackSynthesizer({ qualifier: 'team' }), ENV),
      bootstrapped('111122223333', 'eu-west-1', 'team'),
    ],
    [
      'that the synthesizer is given, with placeholders',
      () =>
        stackOf(
          new DefaultStackSynthesizer({
            // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation
            cloudFormationExecutionRole: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/deployer-${AWS::Region}',
          }),
        ),
      'arn:aws:iam::<account>:role/deployer-<region>',
    ],
    [
      'that a synthesizer without bootstrap is given',
      () => stackOf(new BootstraplessSynthesizer({ cloudFormationExecutionRoleArn: own })),
      own,
    ],
    [
      'of the stack that a nested one is part of',
      () => new NestedStack(stackOf(undefined, ENV), 'Nested'),
      bootstrapped('111122223333', 'eu-west-1'),
    ],
  ])('is spared: %s', (_, make, expected) => {
    const stack = make();
    const bucket = new s3.Bucket(stack, 'Records');
    bucket.with(GUARDED);
    const [guard] = stack.resolve(bucket.policy?.document).Statement.slice(-1);
    const known = { 'AWS::Partition': 'aws', 'AWS::AccountId': '<account>', 'AWS::Region': '<region>' };
    const spared = guard.Condition.ArnNotEquals['aws:PrincipalArn'].map((arn: unknown) => textOf(arn, known));
    expect(spared).toEqual([ADMIN, expected]);
  });

  test('stands in the template without placeholders that CloudFormation leaves as they are', () => {
    for (const { spared } of [guardOf(stackOf()), guardOf(stackOf(undefined, ENV))]) expect(spared.join()).not.toContain('$');
  });

  test.each<[string, () => IStackSynthesizer]>([
    ['LegacyStackSynthesizer', () => new LegacyStackSynthesizer()],
    ['CliCredentialsStackSynthesizer', () => new CliCredentialsStackSynthesizer()],
  ])('is demanded: %s tells none, so the next deployment would be locked out', (name, synthesizer) => {
    expect(() => new s3.Bucket(stackOf(synthesizer()), 'Records').with(GUARDED)).toThrow(
      `Data/Records/Resource: configurationAdmins must include the role that deploys the stack, and its synthesizer does not tell which that is (got "${name}"). Use the DefaultStackSynthesizer, or give its cloudFormationExecutionRole.`,
    );
  });
});

const admins = (mistake: string, configurationAdmins: string[], fault: Pick<Mistake, 'what' | 'value' | 'remedy'>): Mistake => ({
  mistake,
  make: (stack) => new s3.Bucket(stack, 'Records').with(new RequireEncryption(ObjectEncryption.sseS3(), { configurationAdmins })),
  path: 'Data/Records/Resource',
  ...fault,
});

const MISTAKES: readonly Mistake[] = [
  admins('nobody', [], {
    what: /^configurationAdmins is no list of at least one ARN/,
    value: '[]',
    remedy: 'Name at least one role, or leave it out.',
  }),
  ...[
    'arn:aws:iam::111122223333:role/*',
    'arn:aws:iam::111122223333:root',
    'arn:aws:iam::111122223333:group/admins',
    'arn:aws:sts::111122223333:assumed-role/storage-admin/alice',
    's3.amazonaws.com',
    '*',
  ].map((arn) =>
    admins(arn, [ADMIN, arn], {
      what: /^configurationAdmins are roles and users, each by its ARN without wildcards$/,
      value: JSON.stringify(arn),
      remedy: 'Pass for example arn:aws:iam::111122223333:role/storage-admin, not the ARN of a session, an account or a service.',
    }),
  ),
];

describe('configurationAdmins that no policy could mean are refused, with path, value and remedy', () => {
  test.each(MISTAKES)('$mistake', (mistake) => expectRefusal(mistake));
});

describe('RequireEncryption on a bucket that has it', () => {
  const bucketWith = (first: mixins.RequireEncryptionOptions) => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Records');
    bucket.with(new RequireEncryption(ObjectEncryption.sseS3(), first));
    return { stack, bucket };
  };

  test('does not drop configurationAdmins that come second', () => {
    expectRefusal({
      mistake: 'configurationAdmins come second',
      make: (stack) => new s3.Bucket(stack, 'Records').with(new RequireEncryption(ObjectEncryption.sseS3()), GUARDED),
      path: 'Data/Records/Resource',
      what: /^RequireEncryption was applied to the bucket before, with another configurationAdmins \(none\)$/,
      value: JSON.stringify([ADMIN]),
      remedy: 'Say configurationAdmins where it is applied first; an EncryptedBucket takes it as a property.',
    });
  });

  test('does not lower the minimum TLS version', () => {
    const { bucket } = bucketWith({ minimumTlsVersion: MinimumTlsVersion.TLS_1_3 });
    const second = new RequireEncryption(ObjectEncryption.sseS3(), { minimumTlsVersion: MinimumTlsVersion.TLS_1_2 });
    expect(() => bucket.with(second)).toThrow('with another minimumTlsVersion ("1.3") (got "1.2")');
  });

  test('changes nothing where it asks for nothing more', () => {
    const { stack, bucket } = bucketWith({ configurationAdmins: [ADMIN] });
    const before = statementsOf(stack, bucket);
    bucket.with(new RequireEncryption(ObjectEncryption.sseS3()), GUARDED);
    expect(statementsOf(stack, bucket)).toEqual(before);
  });
});

test.each<[string, (bucket: s3.Bucket) => void]>([
  ['addEventNotification()', (bucket) => bucket.addObjectCreatedNotification(new s3n.SqsDestination(new sqs.Queue(bucket, 'Queue')))],
  ['enableEventBridgeNotification()', (bucket) => bucket.enableEventBridgeNotification()],
])('configurationAdmins and %s are an error: the role of its custom resource would be refused, and the deployment fail', (_, notify) => {
  const stack = newStack();
  const bucket = new s3.Bucket(stack, 'Records');
  bucket.with(GUARDED);
  notify(bucket);
  expect(() => complaintsOf(stack)).toThrow(
    'configurationAdmins would refuse the custom resource with which the bucket puts its notifications',
  );
});
