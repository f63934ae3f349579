import { simulate } from '../../demo/policy/simulate';
import type { EncryptionFields } from '../../lib/domain/observation';
import {
  ALIAS_ARN,
  ALIAS_NAME,
  BARE_OTHER_ID,
  BARE_RIGHT_ID,
  FOREIGN_ACCOUNT,
  FOREIGN_ACCOUNT_KEY,
  OTHER_KEY,
  OWNER_ACCOUNT,
  RIGHT_KEY,
  SECOND_KEY,
} from '../domain/sample-keys';
import { literalKey, literalPattern } from '../support/agreement-literal-keys';
import type { EncryptionHeaders } from '../support/policy-requests';
import { conditionKeysOf, type ModelBucket, type ModelWrite, WHAT_S3_MAKES, write } from '../support/policy-s3-model';

const KEY_CONDITION = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const BUCKET: ModelBucket = {
  partition: 'aws',
  region: 'eu-west-1',
  defaultEncryption: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: SECOND_KEY },
  aliases: { [OWNER_ACCOUNT]: { [ALIAS_NAME]: BARE_RIGHT_ID }, [FOREIGN_ACCOUNT]: { [ALIAS_NAME]: BARE_RIGHT_ID } },
};

const kms = (keyArn: string, algorithm = 'aws:kms'): EncryptionFields => ({ ServerSideEncryption: algorithm, SSEKMSKeyId: keyArn });
const upload = (headers: EncryptionHeaders, account = OWNER_ACCOUNT): ModelWrite => ({ action: 's3:PutObject', headers, account });
const rekey = (key: string): ModelWrite => ({ ...upload({ algorithm: 'aws:kms', key }), action: 's3:UpdateObjectEncryption' });
const managed = 'arn:aws:kms:eu-west-1:111122223333:key/5e3a11ed-0000-4000-8000-a35000000053';

/** Request; what HeadObject says afterwards, by hand from the AWS documentation. Nothing, where S3 refuses. */
const TABLE: readonly [string, ModelWrite, EncryptionFields | undefined][] = [
  ['no header', upload({}), kms(SECOND_KEY)],
  ['AES256', upload({ algorithm: 'AES256' }), { ServerSideEncryption: 'AES256' }],
  ['a full ARN', upload({ algorithm: 'aws:kms', key: OTHER_KEY }), kms(OTHER_KEY)],
  ['a full ARN, DSSE-KMS', upload({ algorithm: 'aws:kms:dsse', key: OTHER_KEY }), kms(OTHER_KEY, 'aws:kms:dsse')],
  ['KMS without a key', upload({ algorithm: 'aws:kms' }), kms(managed)],
  ['an alias', upload({ algorithm: 'aws:kms', key: ALIAS_NAME }), kms(RIGHT_KEY)],
  ['an alias of a guest', upload({ algorithm: 'aws:kms', key: ALIAS_NAME }, FOREIGN_ACCOUNT), kms(FOREIGN_ACCOUNT_KEY)],
  ["the owner's alias, by a guest", upload({ algorithm: 'aws:kms', key: ALIAS_ARN }, FOREIGN_ACCOUNT), kms(RIGHT_KEY)],
  ['an alias that is none', upload({ algorithm: 'aws:kms', key: 'alias/none' }), undefined],
  ['a bare id', upload({ algorithm: 'aws:kms', key: BARE_OTHER_ID }), kms(OTHER_KEY)],
  ['a bare id of a guest', upload({ algorithm: 'aws:kms', key: BARE_RIGHT_ID }, FOREIGN_ACCOUNT), kms(FOREIGN_ACCOUNT_KEY)],
  ['SSE-C', upload({ customerAlgorithm: 'AES256' }), { SSECustomerAlgorithm: 'AES256' }],
  ['SSE-C besides AES256', upload({ customerAlgorithm: 'AES256', algorithm: 'AES256' }), undefined],
  ['a key alone', upload({ key: RIGHT_KEY }), undefined],
  ['a key besides AES256', upload({ key: RIGHT_KEY, algorithm: 'AES256' }), undefined],
  ['aws:fsx', upload({ algorithm: 'aws:fsx' }), undefined],
  ['a replica', { ...upload({ algorithm: 'AES256' }), action: 's3:ReplicateObject' }, { ServerSideEncryption: 'AES256' }],
  ['re-keying', rekey(OTHER_KEY), kms(OTHER_KEY)],
  ['re-keying by alias', rekey(ALIAS_ARN), undefined],
];

describe('the model of S3', () => {
  test.each(TABLE)('%s', (_, request, stored) => {
    expect(write(BUCKET, request)).toEqual(stored);
  });

  test('has no row that nothing here reaches', () => {
    const reached = TABLE.map(([, request]) => WHAT_S3_MAKES.find(({ when }) => when(request))?.request);
    expect(new Set(reached)).toEqual(new Set(WHAT_S3_MAKES.map(({ request }) => request)));
  });

  test.each<[string, EncryptionHeaders, string | undefined, string | undefined]>([
    ['no header', {}, undefined, SECOND_KEY],
    ['AES256', { algorithm: 'AES256' }, undefined, undefined],
    ['an alias', { algorithm: 'aws:kms', key: ALIAS_NAME }, ALIAS_NAME, RIGHT_KEY],
    ['KMS without a key', { algorithm: 'aws:kms' }, undefined, managed],
  ])('fills the condition key of the KMS key with the header, or with the key in use: %s', (_, headers, header, inUse) => {
    expect(conditionKeysOf(BUCKET, upload(headers), 'the header')[KEY_CONDITION]).toBe(header);
    expect(conditionKeysOf(BUCKET, upload(headers), 'the key in use')[KEY_CONDITION]).toBe(inUse);
  });
});

describe('the simulator, asked through stand-ins,', () => {
  async function isDenied(pattern: string, key: string): Promise<boolean> {
    const statement = { Sid: 'D', Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: [literalPattern(pattern)] };
    const { result } = await simulate({
      principal: `arn:aws:iam::${OWNER_ACCOUNT}:role/writer`,
      action: 's3:PutObject',
      resource: `arn:aws:s3:::b/${literalKey(key)}`,
      account: OWNER_ACCOUNT,
      context: {},
      identityPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }],
      resourcePolicy: { Version: '2012-10-17', Statement: [statement] },
    });
    return result === 'ExplicitlyDenied';
  }

  test.each([
    ['a literal star is one', `logs\${*}/*`, 'logs*/x', true],
    ['a literal star is nothing else', `logs\${*}/*`, 'logs-2026/x', false],
    ['a star is anything', 'logs*/*', 'logs-2026/x', true],
    ['a star is a star, too', 'logs*/*', 'logs*/x', true],
    ['a literal question mark is one', `l\${?}gs*`, 'l?gs', true],
    ['a literal question mark is nothing else', `l\${?}gs*`, 'logs', false],
    ['a question mark is anything', 'l?gs*', 'logs', true],
    ['a literal dollar is one', `\${$}{aws:username}*`, `\${aws:username}/x`, true],
    ['a variable is not its name', `\${aws:username}*`, `\${aws:username}/x`, false],
    ['a star goes past the end of a line', 'a*', 'a\nb', true],
    ['the end of a line is one', 'a\nb*', 'a\nbc', true],
  ])('knows that %s', async (_, pattern, key, denied) => {
    expect(await isDenied(`arn:aws:s3:::b/${pattern}`, key)).toBe(denied);
  });

  test('does not take a key that has a stand-in in it', () => {
    expect(() => literalKey('\ue000')).toThrow('stand-in');
  });
});
