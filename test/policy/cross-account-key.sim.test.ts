import { ENCRYPTION_CONTEXT, matchesContext } from '../../demo/policy/encryption-context';
import { simulate } from '../../demo/policy/simulate';
import { CrossAccountKey } from '../../lib';
import {
  type Asker,
  DATA_ACCOUNT,
  dataAccount,
  EVERYTHING,
  KEY_ACCOUNT,
  type KeyRequest,
  keyAccountAsConsumer,
  keyPolicyOf,
  mayUse,
  ONLY_S3,
  REGION,
  stackIn,
} from '../support/key-world';
import { newApp } from '../support/stacks';
import cases from './key-cases.json';

/** Each request to KMS, put to the rendered policies of who asks and of the key, by an evaluator that others wrote. */
const ORGANIZATION = 'o-a1b2c3d4e5';
const THIRD_ACCOUNT = '333333333333';
const GUARD = { trailingDaysWithoutKeyUsage: 90 };

const WORLDS: Readonly<Record<string, () => { readonly policy: object; readonly askers: Readonly<Record<string, Asker>> }>> = {
  'a key for another account': () => {
    const app = newApp();
    const stack = stackIn(app, 'Keys', KEY_ACCOUNT);
    const owner = new CrossAccountKey(stack, 'Key', { bucketArns: ['arn:aws:s3:::records'], consumerAccounts: [DATA_ACCOUNT], ...GUARD });
    const roles = Object.entries(dataAccount(app, owner));
    const askers = {
      ...Object.fromEntries(roles.map(([name, policies]) => [name, { account: DATA_ACCOUNT, policies }])),
      stranger: { account: DATA_ACCOUNT, policies: ONLY_S3 },
      'administrator of the data account': { account: DATA_ACCOUNT, policies: EVERYTHING },
      'administrator of a third account': { account: THIRD_ACCOUNT, policies: EVERYTHING },
      'administrator of the key': { account: KEY_ACCOUNT, policies: EVERYTHING },
    };
    return { policy: keyPolicyOf(stack), askers };
  },
  'a key for its own account': () => {
    const { stack, roles } = keyAccountAsConsumer(newApp(), { consumerAccounts: [KEY_ACCOUNT], ...GUARD });
    const askers = {
      ...Object.fromEntries(Object.entries(roles).map(([name, policies]) => [name, { account: KEY_ACCOUNT, policies }])),
      stranger: { account: KEY_ACCOUNT, policies: ONLY_S3 },
      'administrator of the key': { account: KEY_ACCOUNT, policies: EVERYTHING },
      'administrator of the data account': { account: DATA_ACCOUNT, policies: EVERYTHING },
    };
    return { policy: keyPolicyOf(stack), askers };
  },
  'a key for an organization': () => {
    const stack = stackIn(newApp(), 'Keys', KEY_ACCOUNT);
    new CrossAccountKey(stack, 'Key', { bucketArns: ['arn:aws:s3:::records'], organizationId: ORGANIZATION, ...GUARD });
    const askers = {
      member: { account: DATA_ACCOUNT, policies: EVERYTHING, organization: ORGANIZATION },
      stranger: { account: DATA_ACCOUNT, policies: ONLY_S3, organization: ORGANIZATION },
      'administrator of another organization': { account: THIRD_ACCOUNT, policies: EVERYTHING, organization: 'o-zzzzzzzzzz' },
      // Members as well, and named by `*`: were they not left out, no IAM policy would have to let them.
      'stranger of the account of the key': { account: KEY_ACCOUNT, policies: ONLY_S3, organization: ORGANIZATION },
      'administrator of the key': { account: KEY_ACCOUNT, policies: EVERYTHING, organization: ORGANIZATION },
    };
    return { policy: keyPolicyOf(stack), askers };
  },
};

const THROUGH: Readonly<Record<string, string>> = {
  s3: `s3.${REGION}.amazonaws.com`,
  's3 of another Region': 's3.us-east-1.amazonaws.com',
  sqs: `sqs.${REGION}.amazonaws.com`,
};

function requestOf({ action, through = '', context = {}, object }: Operation): KeyRequest {
  const service = THROUGH[through];
  // By hand, one may state whatever context one likes.
  const encryptionContext = through === '' ? undefined : (object ?? 'arn:aws:s3:::records/2026/a key');
  return { action, context: { ...(service && { 'kms:ViaService': service }), ...context }, encryptionContext };
}

/**
 * S3 appends `aws:s3:arn` to the encryption context only where the client has not given one, as AWS has it:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
 */
function statedByS3(object: string, givenByClient?: string): string {
  return givenByClient ?? `arn:aws:s3:::${object}`;
}

interface Operation {
  readonly action: string;
  readonly through?: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly object?: string;
}

const { operations, ...tables } = cases;
const OPERATIONS = Object.entries<Operation>(operations as unknown as Record<string, Operation>);

describe.each(Object.entries(tables))('%s', (name, { askers: names, may }) => {
  const { policy, askers } = (WORLDS[name] as (typeof WORLDS)[string])();

  test('is asked by each who stands in the table', () => {
    expect(Object.keys(askers).sort()).toEqual([...names].sort());
    expect(Object.keys(may).filter((operation) => !(operation in operations))).toEqual([]);
  });

  test.each(OPERATIONS)('%s: those of the table may, and nobody else', async (operation, details) => {
    const answers = await Promise.all(
      names.map(async (asker) => ({ asker, allowed: await mayUse({ ...policy }, askers[asker] as Asker, requestOf(details)) })),
    );
    const allowed = answers.filter((answer) => answer.allowed).map(({ asker }) => asker);
    expect(allowed).toEqual((may as Readonly<Record<string, string[]>>)[operation] ?? []);
  });
});

test('the tables have 450 cells', () => {
  const cells = Object.values(tables).map(({ askers }) => askers.length * OPERATIONS.length);
  expect(cells.reduce((sum, count) => sum + count, 0)).toBe(450);
});

describe('the encryption context', () => {
  test('is the one condition key that the simulator leaves out, which is why it is compared here', async () => {
    const request = {
      principal: `arn:aws:iam::${KEY_ACCOUNT}:role/asker`,
      action: 'kms:Decrypt',
      resource: 'arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      account: KEY_ACCOUNT,
      context: {
        [ENCRYPTION_CONTEXT]: 'arn:aws:s3:::records/key',
        'kms:ViaService': `s3.${REGION}.amazonaws.com`,
        'kms:CallerAccount': KEY_ACCOUNT,
      },
      identityPolicies: EVERYTHING,
    };
    await expect(simulate(request)).rejects.toThrow(/^kms:Decrypt has no condition keys kms:EncryptionContext:aws:s3:arn$/);
  });

  const RECORDS = ['arn:aws:s3:::records'];
  const TEAM = ['arn:aws:s3:::team-*'];
  test.each([
    ['the bucket, as with an S3 Bucket Key', RECORDS, 'arn:aws:s3:::records', true],
    ['an object, as without one', RECORDS, 'arn:aws:s3:::records/a/b c', true],
    ['an object whose key is odd', RECORDS, 'arn:aws:s3:::records/*?[$\n', true],
    ['another bucket', RECORDS, 'arn:aws:s3:::elsewhere', false],
    ['an object of another bucket', RECORDS, 'arn:aws:s3:::elsewhere/arn:aws:s3:::records/key', false],
    ['a bucket whose name begins with this one', RECORDS, 'arn:aws:s3:::records-copy', false],
    ['an object of such a bucket', RECORDS, 'arn:aws:s3:::records-copy/key', false],
    ['the beginning of the name', RECORDS, 'arn:aws:s3:::record', false],
    ['another spelling', RECORDS, 'arn:aws:s3:::Records/key', false],
    ['none', RECORDS, undefined, false],
    ['one of several buckets', ['arn:aws:s3:::letters', ...RECORDS], 'arn:aws:s3:::records/key', true],
    ['a bucket whose name begins as was said', TEAM, 'arn:aws:s3:::team-a', true],
    ['an object of it', TEAM, 'arn:aws:s3:::team-a/key', true],
    ['a bucket whose name begins otherwise', TEAM, 'arn:aws:s3:::teams', false],
    // The limit of the binding: S3 states what the client says instead of the bucket that the object goes to, and nobody sees the difference.
    ["the client's own word for another bucket than the one that is written to", RECORDS, statedByS3('elsewhere/key', RECORDS[0]), true],
    ['the same request, where the client says nothing', RECORDS, statedByS3('elsewhere/key'), false],
  ])('%s', (_, bucketArns, context, allowed) => {
    const stack = stackIn(newApp(), 'Keys', KEY_ACCOUNT);
    new CrossAccountKey(stack, 'Key', { bucketArns, consumerAccounts: [KEY_ACCOUNT, DATA_ACCOUNT], organizationId: ORGANIZATION });
    const { Statement } = keyPolicyOf(stack) as { Statement: { Sid: string; Condition: Record<string, Record<string, unknown>> }[] };
    const uses = Statement.filter(({ Sid }) => Sid.startsWith('AllowUse'));
    expect(uses).toHaveLength(3);
    for (const { Condition } of uses) expect(matchesContext(Condition, context)).toBe(allowed);
  });
});
