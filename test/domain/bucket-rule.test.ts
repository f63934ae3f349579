import { type BucketRule, decodeRule, encodeRule, MAX_RULE_BYTES } from '../../lib/domain/bucket-rule';
import { declare, ENVELOPE } from './sample-declarations';
import { OTHER_KEY, RIGHT_KEY, SECOND_KEY } from './sample-keys';

const SDK = 'AWS Encryption SDK';
const WRAPPING_KEY = 'arn:aws:kms:us-east-1:444455556666:key/99999999-8888-4777-a666-555555555555';
const sseKms = { scheme: 'SSE-KMS', keys: [0] };
const valid = { version: 2, action: 'tag', keys: [RIGHT_KEY], accept: [sseKms], headersRequired: false };
const underLogs = { prefix: 'logs/', accept: [{ scheme: 'SSE-S3' }] };
const import1 = { prefix: 'import/', until: '2027-03-31T00:00:00Z', reason: 'migration, TICKET-12' };

/** Everything that a rule can say; keys are shared between its parts. */
const FULL_RULE: BucketRule = {
  action: 'quarantine',
  declaration: {
    accepted: [
      { scheme: 'DSSE-KMS', keyArns: [SECOND_KEY, RIGHT_KEY] },
      {
        scheme: 'client-side',
        serverSide: { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] },
        envelope: {
          formats: ['Amazon S3 Encryption Client'],
          keyCommitment: false,
          wrappingKeyArns: [WRAPPING_KEY, RIGHT_KEY],
          instructionFileSuffix: '.instruction',
        },
      },
    ],
    headersRequired: true,
    prefixRules: [
      { prefix: 'logs/', accepted: [{ scheme: 'SSE-S3' }] },
      { prefix: 'raw/', accepted: [{ scheme: 'SSE-C' }, { scheme: 'SSE-KMS', keyArns: [OTHER_KEY] }] },
    ],
    exemptions: [{ ...import1, principalArns: [] }],
  },
};
const FULL_DOCUMENT = {
  version: 2,
  action: 'quarantine',
  keys: [SECOND_KEY, RIGHT_KEY, WRAPPING_KEY, OTHER_KEY],
  accept: [
    { scheme: 'DSSE-KMS', keys: [0, 1] },
    {
      scheme: 'client-side',
      serverSide: { scheme: 'SSE-KMS', keys: [1] },
      envelope: {
        formats: ['Amazon S3 Encryption Client'],
        keyCommitment: false,
        wrappingKeys: [2, 1],
        instructionFileSuffix: '.instruction',
      },
    },
  ],
  headersRequired: true,
  prefixes: [
    { prefix: 'logs/', accept: [{ scheme: 'SSE-S3' }] },
    { prefix: 'raw/', accept: [{ scheme: 'SSE-C' }, { scheme: 'SSE-KMS', keys: [3] }] },
  ],
  exemptions: [import1],
};

describe('the rule that travels in an SSM parameter', () => {
  test('has a documented shape: keys in a table, referred to by position', () => {
    expect(encodeRule(FULL_RULE)).toEqual(FULL_DOCUMENT);
    expect(decodeRule(JSON.stringify(FULL_DOCUMENT))).toEqual(FULL_RULE);
  });

  test('leaves out what is not said', () => {
    expect(encodeRule({ action: 'report', declaration: declare([{ scheme: 'SSE-C' }]) })).toEqual({
      version: 2,
      action: 'report',
      keys: [],
      accept: [{ scheme: 'SSE-C' }],
      headersRequired: false,
    });
  });

  test('does not say who is exempt, since S3 events do not say who wrote', () => {
    const exemption = { ...import1, principalArns: ['arn:aws:iam::111122223333:role/vendor-import'] };
    const text = JSON.stringify(encodeRule({ action: 'tag', declaration: declare([{ scheme: 'SSE-S3' }], { exemptions: [exemption] }) }));
    expect(text).not.toContain('vendor-import');
    expect(decodeRule(text).declaration.exemptions).toEqual([{ ...import1, principalArns: [] }]);
  });

  test.each<[string, object, BucketRule]>([
    ['one key', valid, { action: 'tag', declaration: declare([{ scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] }]) }],
    [
      'keys in another order than the table',
      { ...valid, keys: [RIGHT_KEY, SECOND_KEY], accept: [{ scheme: 'DSSE-KMS', keys: [1, 0] }] },
      { action: 'tag', declaration: declare([{ scheme: 'DSSE-KMS', keyArns: [SECOND_KEY, RIGHT_KEY] }]) },
    ],
    [
      'no keys',
      {
        ...valid,
        keys: [],
        accept: [{ scheme: 'client-side', serverSide: { scheme: 'SSE-S3' }, envelope: { formats: [SDK], keyCommitment: true } }],
      },
      {
        action: 'tag',
        declaration: declare([{ scheme: 'client-side', serverSide: { scheme: 'SSE-S3' }, envelope: { ...ENVELOPE, formats: [SDK] } }]),
      },
    ],
    [
      'an exemption for the whole bucket',
      { ...valid, keys: [], accept: [{ scheme: 'SSE-S3' }], exemptions: [{ ...import1, prefix: '' }] },
      { action: 'tag', declaration: declare([{ scheme: 'SSE-S3' }], { exemptions: [{ ...import1, prefix: '', principalArns: [] }] }) },
    ],
  ])('is read: %s', (_, document, rule) => {
    expect(decodeRule(JSON.stringify(document))).toEqual(rule);
  });

  test('is read with its prefixes in any order, and then sorted: looking one up relies on it', () => {
    const prefixes = ['b', 'a/', 'B', '\u{1F600}', '\uFFFD'].map((prefix) => ({ ...underLogs, prefix }));
    const { declaration } = decodeRule(JSON.stringify({ ...valid, prefixes }));
    // By UTF-16 code units: a surrogate pair sorts before U+FFFD.
    expect(declaration.prefixRules.map(({ prefix }) => prefix)).toEqual(['B', 'a/', 'b', '\u{1F600}', '\uFFFD']);
  });

  test('with 50 keys fits into the parameter', () => {
    const keyArns = Array.from({ length: 50 }, (_, n) => `${SECOND_KEY.slice(0, -2)}${n + 10}`);
    const declaration = declare([
      { scheme: 'SSE-KMS', keyArns },
      { scheme: 'DSSE-KMS', keyArns },
    ]);
    const text = JSON.stringify(encodeRule({ action: 'quarantine', declaration }));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_RULE_BYTES);
    // https://docs.aws.amazon.com/general/latest/gr/ssm.html: 8 KB for an advanced parameter.
    expect(MAX_RULE_BYTES).toBe(8192);
  });
});
