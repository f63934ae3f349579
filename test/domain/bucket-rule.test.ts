import { type BucketRule, decodeRule, encodeRule, MAX_RULE_BYTES } from '../../lib/domain/bucket-rule';
import { ALIAS_ARN, BARE_RIGHT_ID, RIGHT_KEY, SECOND_KEY } from './sample-keys';

const valid = { version: 1, action: 'tag', keys: [RIGHT_KEY], require: { scheme: 'SSE-KMS', keys: [0] } };

describe('the rule that travels in an SSM parameter', () => {
  test('has a documented shape: keys in a table, referred to by position', () => {
    expect(encodeRule({ action: 'quarantine', requirement: { scheme: 'DSSE-KMS', keyArns: [RIGHT_KEY, SECOND_KEY] } })).toEqual({
      version: 1,
      action: 'quarantine',
      keys: [RIGHT_KEY, SECOND_KEY],
      require: { scheme: 'DSSE-KMS', keys: [0, 1] },
    });
  });

  test('names no key where the scheme has none', () => {
    expect(encodeRule({ action: 'report', requirement: { scheme: 'SSE-C' } })).toEqual({
      version: 1,
      action: 'report',
      keys: [],
      require: { scheme: 'SSE-C' },
    });
  });

  test.each<[string, object, BucketRule]>([
    ['one key', valid, { action: 'tag', requirement: { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] } }],
    [
      'keys in another order than the table',
      { ...valid, keys: [RIGHT_KEY, SECOND_KEY], require: { scheme: 'DSSE-KMS', keys: [1, 0] } },
      { action: 'tag', requirement: { scheme: 'DSSE-KMS', keyArns: [SECOND_KEY, RIGHT_KEY] } },
    ],
    [
      'no keys',
      { version: 1, action: 'report', keys: [], require: { scheme: 'client-side' } },
      { action: 'report', requirement: { scheme: 'client-side' } },
    ],
  ])('is read: %s', (_, document, rule) => {
    expect(decodeRule(JSON.stringify(document))).toEqual(rule);
  });

  test('with 50 keys fits into the parameter', () => {
    const keyArns = Array.from({ length: 50 }, (_, n) => `${SECOND_KEY.slice(0, -2)}${n + 10}`);
    const text = JSON.stringify(encodeRule({ action: 'quarantine', requirement: { scheme: 'SSE-KMS', keyArns } }));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_RULE_BYTES);
    // https://docs.aws.amazon.com/general/latest/gr/ssm.html: 8 KB for an advanced parameter.
    expect(MAX_RULE_BYTES).toBe(8192);
  });
});

/** Fault, document, the field that the error must name. */
const MALFORMED: readonly (readonly [string, unknown, string])[] = [
  ['a list', [valid], 'document'],
  ['null', null, 'document'],
  ['a string', 'SSE-S3', 'document'],
  ['a version to come', { ...valid, version: 2 }, 'version'],
  ['a version in quotes', { ...valid, version: '1' }, 'version'],
  ['no version', { ...valid, version: undefined }, 'version'],
  ['an unknown action', { ...valid, action: 'delete' }, 'action'],
  ['an action in capitals', { ...valid, action: 'TAG' }, 'action'],
  ['no action', { ...valid, action: undefined }, 'action'],
  ['no requirement', { ...valid, require: undefined }, 'require'],
  ['a requirement by name only', { ...valid, require: 'SSE-KMS' }, 'require'],
  ['a list of requirements', { ...valid, require: [valid.require] }, 'require'],
  ['an unknown scheme', { ...valid, require: { scheme: 'SSE-FSX', keys: [0] } }, 'require.scheme'],
  ['a scheme that is a property of every object', { ...valid, require: { scheme: 'constructor', keys: [0] } }, 'require.scheme'],
  ['no scheme', { ...valid, require: { keys: [0] } }, 'require.scheme'],
  ['SSE-KMS without keys', { ...valid, require: { scheme: 'SSE-KMS' } }, 'require.keys'],
  ['SSE-KMS with an empty list of keys', { ...valid, require: { scheme: 'SSE-KMS', keys: [] } }, 'require.keys'],
  ['DSSE-KMS with a key that is no list', { ...valid, require: { scheme: 'DSSE-KMS', keys: 0 } }, 'require.keys'],
  ['SSE-S3 with keys', { ...valid, require: { scheme: 'SSE-S3', keys: [0] } }, 'require.keys'],
  ['SSE-C with an empty list of keys', { ...valid, require: { scheme: 'SSE-C', keys: [] } }, 'require.keys'],
  ['no key table', { ...valid, keys: undefined }, 'keys'],
  ['a key table that is an object', { ...valid, keys: { 0: RIGHT_KEY } }, 'keys'],
  ['a position beyond the table', { ...valid, require: { scheme: 'SSE-KMS', keys: [0, 1] } }, 'keys[1]'],
  ['a negative position', { ...valid, require: { scheme: 'SSE-KMS', keys: [-1] } }, 'keys[-1]'],
  ['half a position', { ...valid, require: { scheme: 'SSE-KMS', keys: [0.5] } }, 'keys[0.5]'],
  ['a position in quotes', { ...valid, require: { scheme: 'SSE-KMS', keys: ['0'] } }, 'keys["0"]'],
  ['a key ARN instead of a position', { ...valid, require: { scheme: 'SSE-KMS', keys: [RIGHT_KEY] } }, `keys["${RIGHT_KEY}"]`],
  ['a field of a later version', { ...valid, prefix: 'logs/' }, 'document'],
  ['a field of a later version inside', { ...valid, require: { scheme: 'SSE-KMS', keys: [0], alsoAccept: [] } }, 'require'],
  ['an alias ARN for a key', { ...valid, keys: [ALIAS_ARN] }, 'keys[0]'],
  ['a bare key id', { ...valid, keys: [BARE_RIGHT_ID] }, 'keys[0]'],
  ['an unresolved token for a key', { ...valid, keys: ['<Token[TOKEN.12]>'] }, 'keys[0]'],
  ['a number for a key', { ...valid, keys: [12] }, 'keys[0]'],
];

describe('a rule that is not understood stops the verifier', () => {
  test.each(MALFORMED.map(([fault, document, field]) => ({ fault, document, field })))(
    '$fault: refused, and the error names $field',
    ({ document, field }) => {
      expect(() => decodeRule(JSON.stringify(document))).toThrow(`bucket rule: ${field} is `);
    },
  );

  test.each([[{}], [null], [[0]], [{ toString: 0, valueOf: 0 }]])(
    '%j instead of a position: refused, and the error names the key table',
    (position) => {
      const text = JSON.stringify({ ...valid, require: { scheme: 'SSE-KMS', keys: [position] } });
      expect(() => decodeRule(text)).toThrow('bucket rule: keys[');
    },
  );

  test.each(['', '{', 'undefined', "{'version': 1}", `${JSON.stringify(valid)},`])('text %p is not JSON', (text) => {
    expect(() => decodeRule(text)).toThrow('bucket rule: document is ');
  });

  test('the error shows the value and what would be right', () => {
    expect(() => decodeRule(JSON.stringify({ ...valid, action: 'delete' }))).toThrow(/"delete".*report, tag, quarantine/);
  });
});
