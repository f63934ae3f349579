import type { Resource } from '../../demo/engine/deployed-stack';
import { askBucketPolicy } from '../../demo/policy/bucket-policy';
import { type EnforcerWorld, endingOnAws } from '../../demo/policy/enforcer-rights';
import { renderedRole, renderValue } from '../../demo/policy/rendered';
import { literal, simulate } from '../../demo/policy/simulate';
import { DEPLOYMENT, FOREIGN_KEY } from './samples';

const HOME = { account: '111111111111', region: 'eu-west-1' };

/** Default-friendly: only a header that is there and wrong is denied. */
const POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'DenyWrongEncryption',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:PutObject',
      Resource: 'arn:aws:s3:::kms-bucket/*',
      Condition: {
        StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
        Null: { 's3:x-amz-server-side-encryption': 'false' },
      },
    },
    {
      Sid: 'DenyPlainHttp',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
};

describe('the bucket policy', () => {
  const ask = (headers: object, key = 'a/key') => askBucketPolicy(POLICY, { bucket: 'kms-bucket', key, headers }, HOME.account);

  test.each([
    ['no header', {}, []],
    ['aws:kms', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: DEPLOYMENT.KmsBucketKey }, []],
    ['AES256', { ServerSideEncryption: 'AES256' }, ['DenyWrongEncryption']],
    ['SSE-C', { SSECustomerAlgorithm: 'AES256', SSECustomerKey: 'x' }, []],
  ])('answers %s', async (_, headers, deniedBy) => {
    expect(await ask(headers)).toEqual({ answer: deniedBy.length === 0 ? 'Allowed' : 'Denied', deniedBy });
  });

  test.each([
    'with  spaces',
    'a+b',
    'a%2Bb',
    'ünïcödé Ω 日本 🔑',
    'folder/',
    'k'.repeat(1024),
    'a\nb',
    'a\r\nb',
    'a\u2028b\u2029c',
    'a:b',
    '*',
    '?',
    ['', '{aws:username}'].join('$'),
  ])('answers for the key %s', async (key) => {
    expect(await ask({ ServerSideEncryption: 'AES256' }, key)).toEqual({ answer: 'Denied', deniedBy: ['DenyWrongEncryption'] });
    expect(await ask({}, key)).toEqual({ answer: 'Allowed', deniedBy: [] });
  });
});

test('an object is asked for under a name of harmless characters, a bucket and a key of KMS under their own', () => {
  expect(literal('arn:aws:s3:::b/objects/a\n*?:{}\u2028🔑/z')).toMatch(/^arn:aws:s3:::b\/objects\/a-+\/z$/);
  expect(literal('arn:aws:s3:::b')).toBe('arn:aws:s3:::b');
  expect(literal(FOREIGN_KEY)).toBe(FOREIGN_KEY);
});

test('nothing is left unevaluated without an error', async () => {
  const request = {
    principal: 'arn:aws:iam::111111111111:role/r',
    action: 's3:PutObject',
    resource: 'arn:aws:s3:::b/k',
    account: HOME.account,
  };
  await expect(simulate({ ...request, context: { 'kms:ViaService': 'x' }, identityPolicies: [] })).rejects.toThrow('has no condition keys');
});

const RESOURCES: readonly Resource[] = [
  { logicalId: 'Data', physicalId: 'kms-bucket', type: 'AWS::S3::Bucket', properties: {} },
  { logicalId: 'Role', physicalId: 'enforcer-role', type: 'AWS::IAM::Role', properties: {} },
  { logicalId: 'Queue', physicalId: 'http://127.0.0.1/111111111111/queue', type: 'AWS::SQS::Queue', properties: {} },
  { logicalId: 'Function', physicalId: 'f', type: 'AWS::Lambda::Function', properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
  {
    logicalId: 'Policy',
    physicalId: 'policy',
    type: 'AWS::IAM::Policy',
    properties: {
      Roles: [{ Ref: 'Role' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['s3:GetObjectVersion', 's3:PutObject', 's3:DeleteObjectVersion', 's3:PutObjectVersionTagging'],
            Resource: [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Data', 'Arn'] }, '/*']] }, 'arn:aws:s3:::quarantine-bucket/*'],
            Condition: { StringEquals: { 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } } },
          },
          {
            Effect: 'Allow',
            Action: 'kms:Decrypt',
            Resource: {
              'Fn::Join': [
                '',
                ['arn:', { Ref: 'AWS::Partition' }, ':kms:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':key/*'],
              ],
            },
            Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
          },
          { Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: DEPLOYMENT.QuarantineKey },
        ],
      },
    },
  },
];

describe('a template', () => {
  test('is read with the names that the deployment gave', () => {
    expect(renderedRole(RESOURCES, HOME)).toMatchObject({
      arn: 'arn:aws:iam::111111111111:role/enforcer-role',
      policies: [
        {
          Statement: [
            { Resource: ['arn:aws:s3:::kms-bucket/*', 'arn:aws:s3:::quarantine-bucket/*'] },
            { Resource: 'arn:aws:kms:eu-west-1:111111111111:key/*' },
            {},
          ],
        },
      ],
    });
    expect(renderValue({ 'Fn::GetAtt': ['Queue', 'Arn'] }, RESOURCES, HOME)).toBe('arn:aws:sqs:eu-west-1:111111111111:queue');
  });

  test.each([
    ['a function that the demo does not know', { 'Fn::ImportValue': 'x' }],
    ['an attribute that the demo does not know', { 'Fn::GetAtt': ['Data', 'DomainName'] }],
    ['a resource that was not deployed', { Ref: 'Nobody' }],
  ])('with %s is an error, never a guess', (_, value) => {
    expect(() => renderValue(value, RESOURCES, HOME)).toThrow();
  });
});

describe('the enforcer on AWS', () => {
  const { QuarantineBucket: quarantineBucket, QuarantineKey: quarantineKey } = DEPLOYMENT;
  const world: EnforcerWorld = { home: HOME, resources: RESOURCES, role: renderedRole(RESOURCES, HOME), quarantineBucket, quarantineKey };
  const moved = { outcome: 'quarantined', reason: 'wrong-key', location: 'quarantine' } as const;
  const upload = (headers: object) => ({ bucket: 'kms-bucket', key: 'a key', headers });

  test('moves what it may copy', async () => {
    expect(await endingOnAws(moved, upload({ ServerSideEncryption: 'AES256' }), world)).toEqual({ ending: moved });
  });

  test('only tags what lies under a key of another account', async () => {
    const { ending, because } = await endingOnAws(moved, upload({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: FOREIGN_KEY }), world);
    expect(ending).toEqual({ outcome: 'tagged', reason: 'wrong-key', location: 'its bucket, tagged' });
    expect(because).toBe(`the enforcer's role may not kms:Decrypt on ${FOREIGN_KEY}`);
  });

  test('names the statement that stops it', async () => {
    const deny = { Sid: 'KeepOut', Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::quarantine-bucket/*' };
    const PolicyDocument = { Version: '2012-10-17', Statement: [deny] };
    const closed = {
      logicalId: 'P',
      physicalId: 'p',
      type: 'AWS::S3::BucketPolicy',
      properties: { Bucket: 'quarantine-bucket', PolicyDocument },
    };
    const { because } = await endingOnAws(moved, upload({}), { ...world, resources: [...RESOURCES, closed] });
    expect(because).toMatch(/s3:PutObject on .*\(KeepOut\)$/);
  });

  test('only reports what it may not even tag', async () => {
    const role = { ...world.role, policies: [] };
    expect((await endingOnAws(moved, upload({}), { ...world, role })).ending).toMatchObject({
      outcome: 'reported',
      location: 'its bucket',
    });
  });

  test('leaves alone what it left alone here', async () => {
    const stays = { outcome: 'compliant', location: 'its bucket' } as const;
    expect(await endingOnAws(stays, upload({}), { ...world, role: { ...world.role, policies: [] } })).toEqual({ ending: stays });
  });
});
