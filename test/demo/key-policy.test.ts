import type { Resource } from '../../demo/engine/deployed-stack';
import { type EnforcerWorld, endingOnAws } from '../../demo/policy/enforcer-rights';
import { askKey, halvesOf, type KeyRequest, type KeyWorld, keyText } from '../../demo/policy/key-policy';
import { renderedRoleNamed } from '../../demo/policy/rendered';
import { askAboutKey, KEY_QUESTIONS } from '../../demo/two-accounts/key-questions';

const REGION = 'eu-west-1';
const KEY = `arn:aws:kms:${REGION}:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const OWN_KEY = `arn:aws:kms:${REGION}:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const HOME = { account: '222222222222', region: REGION };

const policyOf = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
const throughS3 = (...contexts: string[]) => ({
  StringEquals: { 'kms:ViaService': `s3.${REGION}.amazonaws.com` },
  StringLike: { 'kms:EncryptionContext:aws:s3:arn': contexts },
});
const BUCKET_AND_OBJECTS = ['arn:aws:s3:::records', 'arn:aws:s3:::records/*'];

function keyPolicy(...contexts: string[]) {
  const Condition = throughS3(...contexts);
  return policyOf({
    Sid: 'AllowUse',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::222222222222:root' },
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
    Condition: { ...Condition, StringEquals: { ...Condition.StringEquals, 'kms:CallerAccount': '222222222222' } },
  });
}

const world: KeyWorld = { home: HOME, resources: [], keyPolicies: { [KEY]: keyPolicy(...BUCKET_AND_OBJECTS) } };
const LETS = policyOf({ Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: KEY, Condition: throughS3(...BUCKET_AND_OBJECTS) });

const request: KeyRequest = {
  principal: 'arn:aws:iam::222222222222:role/application',
  identityPolicies: [LETS],
  action: 'kms:GenerateDataKey',
  keyArn: KEY,
  object: 'arn:aws:s3:::records/some/object',
};

describe('KMS', () => {
  test.each<[string, Partial<KeyRequest>, string, string | null, string | null]>([
    ['lets who has both halves', {}, 'Allowed', 'AllowUse', 'statement 1'],
    ['does not let who has no IAM policy', { identityPolicies: [] }, 'Denied', 'AllowUse', null],
    ['asks for each action', { action: 'kms:Decrypt' }, 'Denied', 'AllowUse', null],
    ['does not let a third account', { principal: 'arn:aws:iam::333333333333:role/x' }, 'Denied', null, 'statement 1'],
    ['does not let objects of another bucket', { object: 'arn:aws:s3:::elsewhere/key' }, 'Denied', null, null],
    ['does not let a bucket of similar name', { object: 'arn:aws:s3:::records-copy/key' }, 'Denied', null, null],
    ['does not let anybody by hand', { object: undefined }, 'Denied', null, null],
    ['leaves a key without policy to the IAM of its account', { keyArn: OWN_KEY }, 'Denied', 'Owner', null],
  ])('%s', async (_, difference, answer, keyStatement, iamStatement) => {
    expect(await askKey({ ...request, ...difference }, world)).toEqual({ answer, keyStatement, iamStatement });
  });

  test.each([
    [HOME.account, 'Allowed'],
    ['333333333333', 'Denied'],
  ])('is told the account of who asks, %s, by which alone a policy for everybody may tell them apart', async (account, answer) => {
    const Condition = { StringEquals: { 'kms:CallerAccount': HOME.account } };
    const everybody = policyOf({ Sid: 'All', Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*', Condition });
    const principal = `arn:aws:iam::${account}:role/x`;
    expect(await askKey({ ...request, principal }, { ...world, keyPolicies: { [KEY]: everybody } })).toMatchObject({ answer });
  });

  test.each([
    ['bucket', ['arn:aws:s3:::records']],
    ['object', ['arn:aws:s3:::records/*']],
  ])('does not let use of a key whose policy knows only the form of the %s', async (_, contexts) => {
    const answer = await askKey(request, { ...world, keyPolicies: { [KEY]: keyPolicy(...contexts) } });
    expect(answer).toEqual({ answer: 'Denied', keyStatement: null, iamStatement: 'statement 1' });
  });
});

test('an answer is told by its halves', async () => {
  const halves = halvesOf(await askKey(request, world));
  expect([halves, ['IAM policy' as const], []].map((each) => keyText(each))).toEqual([
    'Allowed, by both halves',
    'Denied, by the IAM policy only',
    'Denied, by neither half',
  ]);
});

describe('the questions about the key', () => {
  const ask = (keyStatements: object, roles: { application?: object; enforcer?: object } = {}) => {
    const role = (name: string, policy: object) => ({ arn: `arn:aws:iam::222222222222:role/${name}`, policies: [{ ...policy }] });
    const uses = (...Action: string[]) => policyOf({ Effect: 'Allow', Action, Resource: KEY, Condition: throughS3(...BUCKET_AND_OBJECTS) });
    const application = role('application', roles.application ?? uses('kms:GenerateDataKey', 'kms:Decrypt'));
    const enforcer = role('enforcer', roles.enforcer ?? uses('kms:Decrypt'));
    return askAboutKey(KEY, 'records', { application, enforcer }, { ...world, keyPolicies: { [KEY]: { ...keyStatements } } });
  };
  const faults = async (answers: ReturnType<typeof ask>) =>
    (await answers).filter(({ ok }) => !ok).map(({ who, account }) => `${who} of ${account}`);

  test('are answered as expected by a key for the one bucket and the one account', async () => {
    expect(await faults(ask(keyPolicy(...BUCKET_AND_OBJECTS)))).toEqual([]);
    expect(KEY_QUESTIONS.map(({ expected }) => expected.length).filter((count) => count === 2)).toHaveLength(3);
  });

  test('find a key that trusts everybody', async () => {
    const everybody = policyOf({ Sid: 'All', Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' });
    expect(await faults(ask(everybody))).toEqual(
      expect.arrayContaining(['administrator of 111111111111', 'administrator of 333333333333']),
    );
  });

  test('find an enforcer that was not told of the key, or may do too much', async () => {
    expect(await faults(ask(keyPolicy(...BUCKET_AND_OBJECTS), { enforcer: policyOf() }))).toEqual(['enforcer of 222222222222']);
    const everything = policyOf({ Effect: 'Allow', Action: 'kms:*', Resource: '*' });
    expect(await faults(ask(keyPolicy(...BUCKET_AND_OBJECTS), { enforcer: everything }))).toEqual(['enforcer of 222222222222']);
  });
});

describe('the enforcer of the data account, on AWS', () => {
  const Statement = (Resource: string) => [
    { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    { Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: OWN_KEY },
    { Effect: 'Allow', Action: 'kms:Decrypt', Resource, Condition: throughS3('*') },
  ];
  const resources: readonly Resource[] = [
    { logicalId: 'Role123', physicalId: 'enforcer', type: 'AWS::IAM::Role', properties: {} },
    {
      logicalId: 'Policy',
      physicalId: 'policy',
      type: 'AWS::IAM::Policy',
      properties: { Roles: [{ Ref: 'Role123' }], PolicyDocument: policyOf(...Statement(KEY)) },
    },
  ];
  const enforcerWorld: EnforcerWorld = {
    ...world,
    resources,
    role: renderedRoleNamed('Role', resources, HOME),
    quarantineBucket: 'quarantine',
    quarantineKey: OWN_KEY,
  };
  const moved = { outcome: 'quarantined', reason: 'wrong-scheme', location: 'quarantine' } as const;
  const under = (bucket: string) => ({ bucket, key: 'a', headers: { ServerSideEncryption: 'aws:kms:dsse' as const, SSEKMSKeyId: KEY } });

  test('moves what is wrong under the key that is shared with it, and only tags what the key is not for', async () => {
    expect(await endingOnAws(moved, under('records'), enforcerWorld)).toEqual({ ending: moved });
    expect((await endingOnAws(moved, under('elsewhere'), enforcerWorld)).because).toBe(`the enforcer's role may not kms:Decrypt on ${KEY}`);
  });

  test('is found by the id of its role, and by no guess', () => {
    expect(() => renderedRoleNamed('Nobody', resources, HOME)).toThrow('expects one role Nobody');
  });
});
