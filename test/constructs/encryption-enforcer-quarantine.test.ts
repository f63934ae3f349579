import { runSimulation } from '@cloud-copilot/iam-simulate';
import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionEnforcer, type EncryptionEnforcerProps } from '../../lib';
import { lifecycleRulesIn } from '../support/lifecycle';
import { bucketResource, newStack, onlyResourceOf, policiesOf, resourceOf, sidsOf, statementsOf, textOf } from '../support/stacks';

const ADMIN = 'arn:aws:iam::111122223333:role/administrator';
const AUDITOR = 'arn:aws:iam::111122223333:role/auditor';
const AUDITING_USER = 'arn:aws:iam::111122223333:user/auditor';
const ENFORCER = 'arn:aws:iam::111122223333:role/enforcer';

function quarantineOf(stack: Stack, props?: EncryptionEnforcerProps) {
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer', props);
  return { enforcer, bucket: enforcer.quarantineBucket as s3.Bucket };
}

/** The bucket policy as S3 would see it, with the names that deployment gives. */
function deployedPolicy(stack: Stack, bucket: s3.Bucket): object {
  const roleId = onlyRoleOfFunction(stack);
  const known = { [`${roleId}.Arn`]: ENFORCER, [logicalArn(stack, bucket)]: 'arn:aws:s3:::quarantine' };
  const render = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(render);
    if (typeof value !== 'object' || value === null) return value;
    if ('Fn::Join' in value || 'Fn::GetAtt' in value || 'Ref' in value) return textOf(value, known);
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, render(part)]));
  };
  return { Version: '2012-10-17', Statement: render(statementsOf(stack, bucket)) };
}

const logicalArn = (stack: Stack, bucket: s3.Bucket): string => stack.resolve(bucket.bucketArn)['Fn::GetAtt'].join('.');

const onlyRoleOfFunction = (stack: Stack): string => onlyResourceOf(stack, 'AWS::Lambda::Function').Properties.Role['Fn::GetAtt'][0];

/** A request on a quarantined object, by a principal that may do everything: what stops it is the bucket policy. */
async function answerTo(resourcePolicy: object, principal: string, action: string): Promise<string> {
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
  const simulation = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource: 'arn:aws:s3:::quarantine/objects/records/letter.txt/1', accountId: '111122223333' },
        contextVariables: { 'aws:PrincipalArn': principal, 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.2' },
      },
      identityPolicies: [{ name: 'everything', policy: everything }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy,
    },
    {},
  );
  if (simulation.resultType !== 'single') throw new Error(`not simulated: ${JSON.stringify(simulation)}`);
  return simulation.result.analysis.result;
}

describe('the quarantine bucket', () => {
  test('has no lifecycle rule that CloudFormation refuses', () => {
    const stack = newStack();
    quarantineOf(stack);
    const { count, refused } = lifecycleRulesIn(Template.fromStack(stack).toJSON()['Resources']);
    expect(count).toBe(2);
    expect(refused).toEqual([]);
  });

  test('is versioned, closed to the public, without ACLs, under a rotating key of its own, and outlives the stack', () => {
    const stack = newStack();
    const { bucket } = quarantineOf(stack);
    const retained = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    const key = bucket.encryptionKey?.node.defaultChild as kms.CfnKey;
    expect(resourceOf(stack, key)).toMatchObject({ ...retained, Properties: { EnableKeyRotation: true } });
    expect(policiesOf(stack, bucket)).toMatchObject([retained]);
    expect(bucketResource(stack, bucket)).toMatchObject({
      ...retained,
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: stack.resolve(key.attrArn) },
              BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
            },
          ],
        },
      },
    });
  });

  test('goes with the stack where asked to', () => {
    const stack = newStack();
    const { bucket } = quarantineOf(stack, { removalPolicy: RemovalPolicy.DESTROY });
    for (const resource of [
      bucketResource(stack, bucket),
      ...policiesOf(stack, bucket),
      resourceOf(stack, bucket.encryptionKey?.node.defaultChild as kms.CfnKey),
    ]) {
      expect(resource.DeletionPolicy).toBe('Delete');
    }
  });

  test.each([
    [90, undefined],
    [30, Duration.days(30)],
  ])('keeps an object for %i days, and an earlier copy of it as long again', (days, quarantineRetention) => {
    const stack = newStack();
    const { bucket } = quarantineOf(stack, { quarantineRetention });
    expect(bucketResource(stack, bucket).Properties.LifecycleConfiguration.Rules).toEqual([
      expect.objectContaining({
        Status: 'Enabled',
        ExpirationInDays: days,
        NoncurrentVersionExpiration: { NoncurrentDays: days },
      }),
      expect.objectContaining({
        Status: 'Enabled',
        ExpiredObjectDeleteMarker: true,
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      }),
    ]);
  });

  test('has a policy that denies what a guarded bucket denies, and more', () => {
    const stack = newStack();
    const { bucket } = quarantineOf(stack);
    expect(sidsOf(statementsOf(stack, bucket))).toEqual(
      expect.arrayContaining([
        'DenyInsecureTransport',
        'DenyOldTlsVersions',
        'DenyCustomerProvidedKeys',
        'DenyWrongEncryption',
        'DenyWrongKey',
      ]),
    );
    expect(statementsOf(stack, bucket).map(({ Effect }) => Effect)).not.toContain('Allow');
  });
});

describe('who may touch quarantined objects', () => {
  const CHANGES = [
    's3:PutObject',
    's3:PutObjectTagging',
    's3:PutObjectAcl',
    's3:DeleteObject',
    's3:DeleteObjectVersion',
    's3:ReplicateObject',
  ];
  const READS = ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging'];

  test.each([...CHANGES, ...READS])('%s: the enforcer, and not an administrator', async (action) => {
    const stack = newStack();
    const { bucket } = quarantineOf(stack);
    const policy = deployedPolicy(stack, bucket);
    expect(await answerTo(policy, ADMIN, action)).toBe('ExplicitlyDenied');
    expect(await answerTo(policy, ENFORCER, action)).toBe('Allowed');
  });

  test.each<[string, string, (stack: Stack) => iam.IGrantable]>([
    ['a role', AUDITOR, (stack) => iam.Role.fromRoleArn(stack, 'Auditor', AUDITOR)],
    ['a user', AUDITING_USER, (stack) => iam.User.fromUserArn(stack, 'Auditor', AUDITING_USER)],
    ['an ARN', AUDITOR, () => new iam.ArnPrincipal(AUDITOR)],
  ])('%s that reading is granted to reads, and changes nothing', async (_, arn, readerIn) => {
    const stack = newStack();
    const { enforcer, bucket } = quarantineOf(stack);
    enforcer.grantQuarantineRead(readerIn(stack));
    const policy = deployedPolicy(stack, bucket);
    for (const action of READS) expect(await answerTo(policy, arn, action)).toBe('Allowed');
    for (const action of CHANGES) expect(await answerTo(policy, arn, action)).toBe('ExplicitlyDenied');
    for (const action of READS) expect(await answerTo(policy, ADMIN, action)).toBe('ExplicitlyDenied');
  });

  test('a function that reading is granted to may read the objects and decrypt them', () => {
    const stack = newStack();
    const { enforcer, bucket } = quarantineOf(stack);
    const role = new iam.Role(stack, 'AuditorRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const code = lambda.Code.fromInline('exports.handler = async () => {}');
    enforcer.grantQuarantineRead(
      new lambda.Function(stack, 'Auditor', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code, role }),
    );
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [stack.resolve(role.roleName)],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: Match.arrayWith(['s3:GetObject*']) }),
          Match.objectLike({ Action: Match.arrayWith(['kms:Decrypt']), Resource: stack.resolve(bucket.encryptionKey?.keyArn) }),
        ]),
      },
    });
    const readers = statementsOf(stack, bucket).find(({ Sid }) => Sid === 'DenyReadsByOthers')?.Condition?.['ArnNotEquals'];
    expect(readers?.['aws:PrincipalArn']).toContainEqual(stack.resolve(role.roleArn));
  });

  test.each<[string, (stack: Stack) => iam.IGrantable]>([
    ['a group, which no policy of a bucket can name', (stack) => new iam.Group(stack, 'Auditors')],
    ['a service', () => new iam.ServicePrincipal('macie.amazonaws.com')],
    ['everyone', () => new iam.AnyPrincipal()],
    ['everyone, by ARN', () => new iam.ArnPrincipal('*')],
    ['a whole account, which is no role or user', () => new iam.AccountPrincipal('111122223333')],
  ])('reading cannot be granted to %s', (_, readerOf) => {
    const stack = newStack();
    const { enforcer } = quarantineOf(stack);
    expect(() => enforcer.grantQuarantineRead(readerOf(stack))).toThrow(
      /^Data\/Enforcer\/Quarantine: only .* \(got .*\)\. Pass an iam\.Role/,
    );
  });
});
