import type { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { CrossAccountKey, EncryptedBucket, ObjectEncryption, SharedKey } from '../../lib';
import { FOREIGN_ACCOUNT, FOREIGN_ACCOUNT_KEY, OTHER_KEY, OWNER_ACCOUNT, RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';
import { roleIn, stackIn } from '../support/key-world';
import { complaintsOf, newApp, newStack, resourcesOf, type Statement, statementsOf, textOf } from '../support/stacks';
import { expectRefusal } from './mistake';

/** Statements as text, with the names that a deployment would give. */
function shown({ Effect, Action, Resource, Condition = {}, Principal }: Statement) {
  const known = { 'AWS::Partition': 'aws', 'Records.Arn': 'arn:aws:s3:::records' };
  const text = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(text);
    if (typeof value !== 'object' || value === null) return value;
    const [[name] = ['']] = Object.entries(value);
    const isIntrinsic = name === 'Ref' || name.startsWith('Fn::');
    if (!isIntrinsic) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, text(inner)]));
    return textOf(value, known)
      .replace(/\$\{RecordsBucket\w+\.Arn\}/, 'arn:aws:s3:::records')
      .replace(/\$\{(\w+?)[0-9A-F]{8}\.Arn\}/, '<$1>');
  };
  const common = { Action: [Action].flat(), Resource: [text(Resource)].flat() };
  return {
    ...(Effect === 'Deny' && { Effect }),
    ...common,
    ...(Principal !== undefined && { Principal: text(Principal) }),
    ...(Object.keys(Condition).length > 0 && { Condition: text(Condition) }),
  };
}

/** All that a role may do. */
function rightsIn(stack: Stack, id = 'Reader'): object[] {
  const policies = resourcesOf(stack, 'AWS::IAM::Policy').filter(({ Properties }) => Properties.PolicyName.startsWith(id));
  return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement.map(shown));
}

/** What the policies of the bucket's keys say besides administration and grants. */
function keyStatementsIn(stack: Stack): object[] {
  const keys = resourcesOf(stack, 'AWS::KMS::Key').filter(
    ({ Properties }) => Properties.Description !== 'Objects that failed encryption verification',
  );
  const statements: Statement[] = keys.flatMap(({ Properties }) => Properties.KeyPolicy.Statement);
  return statements.filter(({ Condition = {} }) => JSON.stringify(Condition).includes('kms:ViaService')).map(shown);
}

const THROUGH_S3 = {
  StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
  StringLike: { 'kms:EncryptionContext:aws:s3:arn': ['arn:aws:s3:::records', 'arn:aws:s3:::records/*'] },
};
const READ = [
  { Action: ['s3:GetObject', 's3:GetObjectVersion'], Resource: ['arn:aws:s3:::records/*'] },
  { Action: ['s3:ListBucket', 's3:ListBucketVersions'], Resource: ['arn:aws:s3:::records'] },
];
const WRITE = [
  { Action: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], Resource: ['arn:aws:s3:::records/*'] },
  { Action: ['s3:ListBucketMultipartUploads'], Resource: ['arn:aws:s3:::records'] },
];
const decrypt = (...Resource: string[]) => ({ Action: ['kms:Decrypt'], Resource, Condition: THROUGH_S3 });
const encrypt = (...Resource: string[]) => ({ Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource, Condition: THROUGH_S3 });

const keyIn = (stack: Stack, arn: string) => kms.Key.fromKeyArn(stack, arn, arn);
const bucketIn = (stack: Stack, encryption?: ObjectEncryption) =>
  new EncryptedBucket(stack, 'Records', { encryption, bucketName: 'records' });

type Make = (stack: Stack) => ObjectEncryption | undefined;
const sse = (stack: Stack, ...arns: string[]) => ObjectEncryption.sseKms(...arns.map((arn) => keyIn(stack, arn)));
const SCHEMES: readonly (readonly [string, Make, readonly string[]])[] = [
  ['SSE-S3', () => ObjectEncryption.sseS3(), []],
  ['SSE-C', () => ObjectEncryption.sseC(), []],
  ['client-side encryption', () => ObjectEncryption.clientSide(), []],
  ['SSE-KMS under a key of its own', () => undefined, ['<RecordsKey>']],
  ['SSE-KMS under several keys', (stack) => sse(stack, RIGHT_KEY, SECOND_KEY), [RIGHT_KEY, SECOND_KEY]],
  ['DSSE-KMS', (stack) => ObjectEncryption.dsseKms(keyIn(stack, RIGHT_KEY)), [RIGHT_KEY]],
  ['client-side encryption over SSE-KMS', (stack) => ObjectEncryption.clientSide({ serverSide: sse(stack, RIGHT_KEY) }), [RIGHT_KEY]],
  ['SSE-S3 beside SSE-KMS', (stack) => ObjectEncryption.sseS3().alsoAccept(sse(stack, RIGHT_KEY)), [RIGHT_KEY]],
  [
    'prefixes with keys of their own',
    (stack) =>
      sse(stack, RIGHT_KEY).underPrefix('a/', sse(stack, SECOND_KEY).alsoAccept(ObjectEncryption.dsseKms(keyIn(stack, OTHER_KEY)))),
    [RIGHT_KEY, SECOND_KEY, OTHER_KEY],
  ],
];

describe.each(SCHEMES)('of a bucket with %s', (_, make, keys) => {
  const stackWith = (grant: (bucket: EncryptedBucket, role: iam.Role) => void) => {
    const stack = newStack();
    grant(bucketIn(stack, make(stack)), roleIn(stack, 'Reader'));
    return stack;
  };

  test('a reader gets what reading takes, under every key that is accepted, and no more', () => {
    const stack = stackWith((bucket, role) => bucket.grantRead(role));
    expect(rightsIn(stack)).toEqual([...READ, ...(keys.length > 0 ? [decrypt(...keys)] : [])]);
    expect(keyStatementsIn(stack)).toEqual([]);
  });

  test('a writer gets what writing takes, also in parts, and no more', () => {
    const stack = stackWith((bucket, role) => bucket.grantWrite(role));
    expect(rightsIn(stack)).toEqual([...WRITE, ...(keys.length > 0 ? [encrypt(...keys)] : [])]);
    expect(keyStatementsIn(stack)).toEqual([]);
  });
});

test('a key whose policy the CDK cannot vouch for lets the account read through S3, and IAM says who', () => {
  const stack = newStack();
  const administration = { Effect: 'Allow', Action: 'kms:Put*', Resource: '*', Principal: { AWS: OWNER_ACCOUNT } };
  const key = new kms.CfnKey(stack, 'Key', { keyPolicy: { Version: '2012-10-17', Statement: [administration] } });
  grantedTo(stack, roleIn(stack, 'Reader'), ObjectEncryption.sseKms(kms.Key.fromCfnKey(key)));
  const Principal = { AWS: `arn:aws:iam::${OWNER_ACCOUNT}:root` };
  expect(keyStatementsIn(stack)).toEqual([{ ...decrypt('*'), Principal }]);
});

test('a principal without IAM policies of this app is named by the policies of bucket and key', () => {
  const stack = newStack();
  const arn = `arn:aws:iam::${OWNER_ACCOUNT}:role/made-by-hand`;
  const { bucket } = grantedTo(stack, new iam.ArnPrincipal(arn));
  expect(keyStatementsIn(stack)).toEqual([{ ...decrypt('*'), Principal: { AWS: arn } }]);
  expect(allowedBy(stack, bucket)).toEqual(READ.map((statement) => ({ ...statement, Principal: { AWS: arn } })));
});

function grantedTo(stack: Stack, grantee: iam.IGrantable, encryption?: ObjectEncryption): EncryptedBucket {
  const bucket = bucketIn(stack, encryption);
  bucket.grantRead(grantee);
  return bucket;
}

const allowedBy = (stack: Stack, bucket: EncryptedBucket['bucket']) =>
  statementsOf(stack, bucket)
    .filter(({ Effect }) => Effect === 'Allow')
    .map(shown);

describe('a role of another account', () => {
  const ARN = `arn:aws:iam::${FOREIGN_ACCOUNT}:role/reader`;

  test('of the same app: all policies name it, and its own names keys of that account only, never all resources', () => {
    const app = newApp();
    const [data, theirs] = [stackIn(app, 'Data', OWNER_ACCOUNT), stackIn(app, 'Theirs', FOREIGN_ACCOUNT)];
    const role = new iam.Role(theirs, 'Reader', { roleName: 'reader', assumedBy: new iam.AccountRootPrincipal() });
    const { bucket } = grantedTo(data, role);
    expect(rightsIn(theirs)).toEqual([...READ, decrypt(`arn:aws:kms:eu-west-1:${OWNER_ACCOUNT}:key/*`)]);
    expect(keyStatementsIn(data)).toEqual([{ ...decrypt('*'), Principal: { AWS: ARN } }]);
    expect(allowedBy(data, bucket)).toEqual(READ.map((statement) => ({ ...statement, Principal: { AWS: ARN } })));
    expect(complaintsOf(data)).toEqual([]);
  });

  test.each<[string, (stack: Stack) => iam.IGrantable, string]>([
    ['imported', (stack) => iam.Role.fromRoleArn(stack, 'Reader', ARN), ARN],
    ['named by its ARN', () => new iam.ArnPrincipal(ARN), ARN],
    ['among all of that account', () => new iam.AccountPrincipal(FOREIGN_ACCOUNT), `arn:aws:iam::${FOREIGN_ACCOUNT}:root`],
  ])('%s: is let in here, and synthesis says what its own account has to add', (__, grantee, principal) => {
    const stack = newStack();
    const { bucket } = grantedTo(stack, grantee(stack));
    expect(keyStatementsIn(stack)).toEqual([{ ...decrypt('*'), Principal: { AWS: principal } }]);
    expect(allowedBy(stack, bucket)).toHaveLength(2);
    const [complaint, ...others] = complaintsOf(stack).filter((each) => each.includes('grantee'));
    expect(others).toEqual([]);
    for (const action of ['s3:GetObject', 's3:ListBucket', 'kms:Decrypt']) expect(complaint).toContain(`"${action}"`);
  });
});

describe('a key of another account', () => {
  const consent = {
    Sid: 'AllowUseThroughS3ByAccounts',
    Effect: 'Allow',
    Principal: { AWS: [`arn:aws:iam::${OWNER_ACCOUNT}:root`] },
    Resource: ['*'],
    Action: ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:Encrypt'],
    Condition: { StringEquals: { 'kms:CallerAccount': [OWNER_ACCOUNT], 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
  };

  test('made elsewhere: the grantee may use it, and synthesis says what its owner has to add', () => {
    const stack = newStack();
    const shared = SharedKey.fromKeyArn(stack, 'Shared', FOREIGN_ACCOUNT_KEY);
    grantedTo(stack, roleIn(stack, 'Reader'), ObjectEncryption.sseKms(shared.key));
    expect(rightsIn(stack)).toEqual([...READ, decrypt(FOREIGN_ACCOUNT_KEY)]);
    const [complaint = '', ...others] = complaintsOf(stack);
    expect(others).toEqual([]);
    const [stated] = JSON.parse(/add to its policy (\[.*\]) \(got/.exec(complaint)?.[1] ?? '');
    const { Condition, ...rest } = consent;
    expect(stated).toMatchObject({ ...rest, Condition: { StringEquals: { ...Condition.StringEquals } } });
  });

  test('made by this app is not asked for what it says already', () => {
    const { stack, shared } = twoAccounts();
    grantedTo(stack, roleIn(stack, 'Reader'), ObjectEncryption.sseKms(shared.key));
    expect(rightsIn(stack)).toEqual([...READ, decrypt(FOREIGN_ACCOUNT_KEY)]);
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('made by this app refuses a grantee of an account that it does not let', () => {
    expectRefusal({
      mistake: 'a grantee of a third account',
      make: () => {
        const { stack, shared } = twoAccounts();
        grantedTo(stack, new iam.AccountPrincipal('777788889999'), ObjectEncryption.sseKms(shared.key));
      },
      path: 'Data/Records/Bucket',
      what: /the key of Keys\/Key does not let this account use it/,
      value: '"777788889999"',
      remedy: 'Add it to the consumerAccounts of that key.',
    });
  });

  function twoAccounts() {
    const stack = newStack();
    const keys = stackIn(stack.node.root as App, 'Keys', FOREIGN_ACCOUNT);
    const owner = new CrossAccountKey(keys, 'Key', { bucketArns: ['arn:aws:s3:::records'], consumerAccounts: [OWNER_ACCOUNT] });
    return { stack, shared: SharedKey.fromKeyArn(stack, 'Shared', FOREIGN_ACCOUNT_KEY, { owner }) };
  }
});

test.each([
  ['a service', new iam.ServicePrincipal('cloudfront.amazonaws.com'), '["cloudfront.amazonaws.com"]'],
  ['everybody', new iam.StarPrincipal(), '["*"]'],
  ['anybody', new iam.AnyPrincipal(), '["*"]'],
])('%s is granted nothing', (_, principal, value) => {
  expectRefusal({
    mistake: 'a grantee that is no account, role, user or group',
    make: (stack) => grantedTo(stack, principal),
    path: 'Data/Records/Bucket',
    what: /granted to roles, users, groups and accounts/,
    value,
    remedy: 'Give a service a role; or write its statements, with aws:SourceArn, into the policies of bucket and key.',
  });
});
