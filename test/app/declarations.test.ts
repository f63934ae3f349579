import { Template } from 'aws-cdk-lib/assertions';
import { newDataStack } from '../support/guard-app';
import { complaintsOf, type Resource, type Statement, textOf } from '../support/stacks';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const FOREIGN_KEY = 'arn:aws:kms:eu-west-1:999999999999:key/66666666-7777-8888-9999-000000000000';
const ADMIN = 'arn:aws:iam::111122223333:role/StorageAdmin';
const REPLICATION = 'arn:aws:iam::999999999999:role/Replication';
/** As the CDK makes it of `Buckets/Data/Key`, where an EncryptedBucket makes its key. */
const OWN_KEY = 'BucketsDataKeyB74BBA54';

/** The stack of one bucket with these fields. */
function stackWith(fields: object) {
  const { stack } = newDataStack({ buckets: [{ id: 'Data', ...fields }] });
  const resources = Template.fromStack(stack).toJSON()['Resources'] as Record<string, Resource>;
  const [bucket = ''] = Object.keys(resources).filter((id) => /^BucketsDataBucket[0-9A-F]{8}$/.test(id));
  return { stack, resources, bucket };
}

/** The rule that its enforcer reads. Keys stand in it once, and are referred to by their positions. */
function ruleWith(fields: object) {
  const parameters = Object.values(stackWith(fields).resources).filter(({ Type }) => Type === 'AWS::SSM::Parameter');
  return JSON.parse(textOf(parameters[0]?.Properties.Value));
}

function statementsWith(fields: object): Statement[] {
  const { resources, bucket } = stackWith(fields);
  const policies = Object.values(resources).filter(
    ({ Type, Properties }) => Type.endsWith('BucketPolicy') && Properties.Bucket.Ref === bucket,
  );
  return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

function statementWith(fields: object, sid: string): Statement | undefined {
  return statementsWith(fields).find(({ Sid }) => Sid === sid);
}

const EXEMPTION = { until: '2099-12-31', reason: 'The import moves next year.' };
const exemptRule = (prefix: string) => ({ prefix, until: '2099-12-31T00:00:00Z', reason: EXEMPTION.reason });
const OWN = `\${${OWN_KEY}.Arn}`;

/** What client-side encryption requires of envelopes by itself. */
const EITHER = { formats: ['Amazon S3 Encryption Client', 'AWS Encryption SDK'], keyCommitment: true };

describe('what a configuration says of a bucket is what its enforcer reads', () => {
  test.each<[string, object, object]>([
    ['nothing', {}, { keys: [OWN], accept: [{ scheme: 'SSE-KMS', keys: [0] }], headersRequired: false }],
    ['strict', { strict: true }, { headersRequired: true }],
    ['SSE-C', { scheme: 'SSE-C' }, { keys: [], accept: [{ scheme: 'SSE-C' }] }],
    [
      'client-side over the default',
      { scheme: 'client-side' },
      { keys: [], accept: [{ scheme: 'client-side', serverSide: { scheme: 'SSE-S3' }, envelope: EITHER }] },
    ],
    [
      'client-side over a new key',
      { scheme: 'client-side', serverSide: { scheme: 'SSE-KMS' } },
      { keys: [OWN], accept: [{ scheme: 'client-side', serverSide: { scheme: 'SSE-KMS', keys: [0] }, envelope: EITHER }] },
    ],
    [
      'client-side over keys that exist',
      { scheme: 'client-side', serverSide: { scheme: 'DSSE-KMS', keys: [KEY, FOREIGN_KEY] } },
      { keys: [KEY, FOREIGN_KEY], accept: [{ scheme: 'client-side', serverSide: { scheme: 'DSSE-KMS', keys: [0, 1] }, envelope: EITHER }] },
    ],
    [
      'client-side, with all that can be said of its envelope',
      {
        scheme: 'client-side',
        envelope: { format: 'Amazon S3 Encryption Client', requireKeyCommitment: false, wrappingKeys: [KEY], instructionFileSuffix: '.i' },
      },
      {
        keys: [KEY],
        accept: [
          {
            scheme: 'client-side',
            serverSide: { scheme: 'SSE-S3' },
            envelope: {
              formats: ['Amazon S3 Encryption Client'],
              keyCommitment: false,
              wrappingKeys: [0],
              instructionFileSuffix: '.i',
            },
          },
        ],
      },
    ],
    [
      'another key, and the own one in two layers, beside the new one',
      { alsoAccept: [{ scheme: 'SSE-KMS', keys: [KEY] }, { scheme: 'DSSE-KMS' }] },
      {
        keys: [OWN, KEY],
        accept: [
          { scheme: 'SSE-KMS', keys: [0] },
          { scheme: 'SSE-KMS', keys: [1] },
          { scheme: 'DSSE-KMS', keys: [0] },
        ],
      },
    ],
    [
      'prefixes, one with the keys of the bucket, one with its own',
      {
        keys: [KEY, FOREIGN_KEY],
        prefixes: [
          { prefix: 'public/', scheme: 'SSE-S3', alsoAccept: [{ scheme: 'SSE-C' }] },
          { prefix: 'finance/', scheme: 'DSSE-KMS' },
          { prefix: 'partner/', scheme: 'SSE-KMS', keys: [FOREIGN_KEY] },
        ],
      },
      {
        keys: [KEY, FOREIGN_KEY],
        prefixes: [
          { prefix: 'finance/', accept: [{ scheme: 'DSSE-KMS', keys: [0, 1] }] },
          { prefix: 'partner/', accept: [{ scheme: 'SSE-KMS', keys: [1] }] },
          { prefix: 'public/', accept: [{ scheme: 'SSE-S3' }, { scheme: 'SSE-C' }] },
        ],
      },
    ],
    ['an exemption of the bucket', { exemptions: [EXEMPTION] }, { exemptions: [exemptRule('')] }],
    ['an exemption of a prefix', { exemptions: [{ ...EXEMPTION, prefix: 'old/' }] }, { exemptions: [exemptRule('old/')] }],
  ])('%s', (_, fields, rule) => {
    expect(ruleWith(fields)).toMatchObject(rule);
  });
});

describe('the key of a bucket', () => {
  test.each([
    ['strict', { strict: true }],
    ['what is accepted beside', { alsoAccept: [{ scheme: 'SSE-S3' }] }],
    ['prefixes', { prefixes: [{ prefix: 'a/', scheme: 'DSSE-KMS' }] }],
    ['an exemption', { exemptions: [EXEMPTION] }],
    ['encryption before it is sent', { scheme: 'client-side', serverSide: { scheme: 'SSE-KMS' } }],
  ])('stays the same, and the only one, when its configuration gets %s', (_, fields) => {
    const { resources, bucket } = stackWith(fields);
    const keys = Object.keys(resources).filter((id) => resources[id]?.Type === 'AWS::KMS::Key');
    expect(keys.filter((id) => !/^(OperationsKey|EnforcerQuarantineKey)/.test(id))).toEqual([OWN_KEY]);
    const [rule] = resources[bucket]?.Properties.BucketEncryption.ServerSideEncryptionConfiguration ?? [];
    expect(rule.ServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: 'aws:kms',
      KMSMasterKeyID: { 'Fn::GetAtt': [OWN_KEY, 'Arn'] },
    });
  });

  test.each<[string, object]>([
    ['is required', { keys: [FOREIGN_KEY] }],
    ['is accepted beside another', { alsoAccept: [{ scheme: 'SSE-KMS', keys: [FOREIGN_KEY] }] }],
    ['is beneath client-side encryption', { scheme: 'client-side', serverSide: { scheme: 'SSE-KMS', keys: [FOREIGN_KEY] } }],
    ['holds under a prefix', { prefixes: [{ prefix: 'a/', scheme: 'SSE-KMS', keys: [FOREIGN_KEY] }] }],
  ])('of another account that %s is one that the enforcer may decrypt with', (_, fields) => {
    const statements = Object.values(stackWith(fields).resources)
      .filter(({ Type }) => Type === 'AWS::IAM::Policy')
      .flatMap(({ Properties }): Statement[] => Properties.PolicyDocument.Statement);
    expect(statements.find(({ Sid }) => Sid === 'DecryptUnderCrossAccountKeys')?.Resource).toBe(FOREIGN_KEY);
  });
});

describe('the policy of a bucket', () => {
  test('lets the named admins and the role that deploys change its configuration, and nobody else', () => {
    const { Condition } = statementWith({ configurationAdmins: [ADMIN] }, 'DenyConfigurationByOthers') ?? {};
    const arns = [Condition?.['ArnNotEquals']?.['aws:PrincipalArn']].flat().map((arn) => textOf(arn));
    expect(arns).toEqual([ADMIN, 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1']);
    expect(statementWith({}, 'DenyConfigurationByOthers')).toBeUndefined();
  });

  test('lets the named roles replicate tags, and nobody else', () => {
    const condition = { ArnNotEquals: { 'aws:PrincipalArn': [REPLICATION] } };
    expect(statementWith({ replicationRoles: [REPLICATION] }, 'DenyReplicatedTagsByOthers')?.Condition).toEqual(condition);
    expect(statementWith({}, 'DenyReplicatedTagsByOthers')?.Condition).toBeUndefined();
  });

  test('names those who are exempt, and when it ends', () => {
    const statements = statementsWith({ exemptions: [{ ...EXEMPTION, principalArns: [ADMIN] }] });
    const text = JSON.stringify(statements);
    expect(text).toContain(`{"aws:PrincipalArn":["${ADMIN}"]}`);
    expect(text).toContain('{"aws:CurrentTime":"2099-12-31T00:00:00Z"}');
  });

  test.each([
    [undefined, 1.2],
    ['1.2', 1.2],
    ['1.3', 1.3],
  ])('with minimumTlsVersion %p denies TLS before %d', (minimumTlsVersion, oldest) => {
    const condition = { NumericLessThan: { 's3:TlsVersion': oldest } };
    expect(statementWith({ minimumTlsVersion }, 'DenyOldTlsVersions')?.Condition).toEqual(condition);
  });
});

test('TLS 1.3, which the configuration says, is no surprise to warn of; an exemption that has ended is', () => {
  const ended = { until: '2020-01-01', reason: 'The import moved long ago.' };
  const printed = jest.spyOn(console, 'error').mockImplementation();
  const complaints = complaintsOf(stackWith({ minimumTlsVersion: '1.3', exemptions: [ended] }).stack);
  printed.mockRestore();
  // Once as an annotation, and once in the validation report.
  const said = expect.stringMatching(/: an exemption ended at 2020-01-01T00:00:00Z/);
  expect(complaints).toEqual([said, said]);
});
