import { decodeRule } from '../../lib/domain/bucket-rule';
import { ALIAS_ARN, BARE_RIGHT_ID, RIGHT_KEY } from './sample-keys';

const sseKms = { scheme: 'SSE-KMS', keys: [0] };
const valid = { version: 2, action: 'tag', keys: [RIGHT_KEY], accept: [sseKms], headersRequired: false };
const underLogs = { prefix: 'logs/', accept: [{ scheme: 'SSE-S3' }] };
const exemption = { prefix: 'import/', until: '2027-03-31T00:00:00Z', reason: 'migration' };

const accepting = (requirement: unknown) => ({ ...valid, accept: [requirement] });
const anyEnvelope = { formats: ['AWS Encryption SDK'], keyCommitment: true };
const sealed = (envelope: unknown) => accepting({ scheme: 'client-side', serverSide: sseKms, envelope });
const under = (...prefixes: unknown[]) => ({ ...valid, prefixes });
const exempting = (...exemptions: unknown[]) => ({ ...valid, exemptions });

type Fault = readonly [fault: string, document: unknown, field: string];

const OF_THE_WHOLE: readonly Fault[] = [
  ['a list', [valid], 'document'],
  ['null', null, 'document'],
  ['a string', 'SSE-S3', 'document'],
  ['the version before', { version: 1, action: 'tag', keys: [RIGHT_KEY], accept: [sseKms], headersRequired: false }, 'version'],
  ['a version to come', { ...valid, version: 3 }, 'version'],
  ['a version in quotes', { ...valid, version: '2' }, 'version'],
  ['no version', { ...valid, version: undefined }, 'version'],
  ['an unknown action', { ...valid, action: 'delete' }, 'action'],
  ['an action in capitals', { ...valid, action: 'TAG' }, 'action'],
  ['no action', { ...valid, action: undefined }, 'action'],
  ['no word on headers', { ...valid, headersRequired: undefined }, 'headersRequired'],
  ['a word on headers in quotes', { ...valid, headersRequired: 'false' }, 'headersRequired'],
  ['a number for a word on headers', { ...valid, headersRequired: 0 }, 'headersRequired'],
  ['a field of the version before', { ...valid, require: sseKms }, 'document'],
  ['a field of a later version', { ...valid, suffixes: [] }, 'document'],
];

const OF_WHAT_IS_ACCEPTED: readonly Fault[] = [
  ['nothing accepted', { ...valid, accept: undefined }, 'accept'],
  ['an empty list accepted', { ...valid, accept: [] }, 'accept'],
  ['one requirement, not in a list', { ...valid, accept: sseKms }, 'accept'],
  ['a requirement by name only', accepting('SSE-KMS'), 'accept[0]'],
  ['a fault in the second requirement', { ...valid, accept: [sseKms, 'SSE-S3'] }, 'accept[1]'],
  ['an unknown scheme', accepting({ scheme: 'SSE-FSX', keys: [0] }), 'accept[0].scheme'],
  ['a scheme that is a property of every object', accepting({ scheme: 'constructor', keys: [0] }), 'accept[0].scheme'],
  ['no scheme', accepting({ keys: [0] }), 'accept[0].scheme'],
  ['SSE-KMS without keys', accepting({ scheme: 'SSE-KMS' }), 'accept[0].keys'],
  ['SSE-KMS with an empty list of keys', accepting({ scheme: 'SSE-KMS', keys: [] }), 'accept[0].keys'],
  ['DSSE-KMS with a key that is no list', accepting({ scheme: 'DSSE-KMS', keys: 0 }), 'accept[0].keys'],
  ['SSE-S3 with keys', accepting({ scheme: 'SSE-S3', keys: [0] }), 'accept[0].keys'],
  ['SSE-C with an empty list of keys', accepting({ scheme: 'SSE-C', keys: [] }), 'accept[0].keys'],
  ['a field of a later version inside', accepting({ ...sseKms, bucketKey: true }), 'accept[0]'],
  ['SSE-KMS with something beneath', accepting({ ...sseKms, serverSide: { scheme: 'SSE-S3' } }), 'accept[0]'],
  ['client-side encryption with nothing beneath', accepting({ scheme: 'client-side' }), 'accept[0].serverSide'],
  ['client-side encryption of a version before envelopes', accepting({ scheme: 'client-side', serverSide: sseKms }), 'accept[0].envelope'],
  ['an envelope of a later version', sealed({ ...anyEnvelope, padding: true }), 'accept[0].envelope'],
  ['an envelope of no format', sealed({ ...anyEnvelope, formats: [] }), 'accept[0].envelope.formats'],
  ['an envelope of an unknown format', sealed({ ...anyEnvelope, formats: ['PGP'] }), 'accept[0].envelope.formats'],
  ['formats that are no list', sealed({ ...anyEnvelope, formats: 'AWS Encryption SDK' }), 'accept[0].envelope.formats'],
  ['no word on key commitment', sealed({ formats: ['AWS Encryption SDK'] }), 'accept[0].envelope.keyCommitment'],
  ['key commitment in quotes', sealed({ ...anyEnvelope, keyCommitment: 'false' }), 'accept[0].envelope.keyCommitment'],
  ['no wrapping key among none', sealed({ ...anyEnvelope, wrappingKeys: [] }), 'accept[0].envelope.wrappingKeys'],
  ['a wrapping key by its ARN', sealed({ ...anyEnvelope, wrappingKeys: [RIGHT_KEY] }), 'accept[0].envelope.wrappingKeys'],
  ['an empty suffix', sealed({ ...anyEnvelope, instructionFileSuffix: '' }), 'accept[0].envelope.instructionFileSuffix'],
  ['SSE-KMS with an envelope', accepting({ ...sseKms, envelope: anyEnvelope }), 'accept[0]'],
  ['client-side encryption with keys of its own', accepting({ ...sseKms, scheme: 'client-side' }), 'accept[0].keys'],
  [
    'client-side encryption beneath itself',
    accepting({ scheme: 'client-side', serverSide: { scheme: 'client-side', serverSide: sseKms }, envelope: anyEnvelope }),
    'accept[0].serverSide',
  ],
  [
    'a fault beneath client-side encryption',
    accepting({ scheme: 'client-side', serverSide: { scheme: 'SSE-KMS' } }),
    'accept[0].serverSide.keys',
  ],
];

const OF_KEYS: readonly Fault[] = [
  ['no key table', { ...valid, keys: undefined }, 'keys'],
  ['a key table that is an object', { ...valid, keys: { 0: RIGHT_KEY } }, 'keys'],
  ['an alias ARN for a key', { ...valid, keys: [ALIAS_ARN] }, 'keys[0]'],
  ['a bare key id', { ...valid, keys: [RIGHT_KEY, BARE_RIGHT_ID] }, 'keys[1]'],
  ['an unresolved token for a key', { ...valid, keys: ['<Token[TOKEN.12]>'] }, 'keys[0]'],
  ['a number for a key', { ...valid, keys: [12] }, 'keys[0]'],
];

/** Value that stands for a position in the table of one key. */
const POSITIONS: readonly unknown[] = [1, -1, 0.5, '0', 'length', RIGHT_KEY, null, {}, [0], { toString: 0, valueOf: 0 }];

const OF_PREFIXES: readonly Fault[] = [
  ['prefixes that are no list', { ...valid, prefixes: { 'logs/': [sseKms] } }, 'prefixes'],
  ['a prefix that is only its name', under('logs/'), 'prefixes[0]'],
  ['a prefix of a later version', under({ ...underLogs, headersRequired: true }), 'prefixes[0]'],
  ['an empty prefix', under({ ...underLogs, prefix: '' }), 'prefixes[0].prefix'],
  ['no prefix', under({ accept: underLogs.accept }), 'prefixes[0].prefix'],
  ['a number for a prefix', under({ ...underLogs, prefix: 1 }), 'prefixes[0].prefix'],
  ['nothing accepted under a prefix', under(underLogs, { prefix: 'a/', accept: [] }), 'prefixes[1].accept'],
  ['a fault under a prefix', under({ prefix: 'a/', accept: [{ scheme: 'SSE-KMS', keys: [7] }] }), 'prefixes[0].accept[0].keys'],
  ['a prefix twice', under(underLogs, underLogs), 'prefixes'],
  ['a prefix inside another', under({ ...underLogs, prefix: 'logs/2026/' }, underLogs), 'prefixes'],
];

const OF_EXEMPTIONS: readonly Fault[] = [
  ['exemptions that are no list', { ...valid, exemptions: exemption }, 'exemptions'],
  ['an exemption by its reason only', exempting('migration'), 'exemptions[0]'],
  ['an exemption for some', exempting({ ...exemption, principalArns: ['arn:aws:iam::111122223333:role/r'] }), 'exemptions[0]'],
  ['an exemption without a prefix', exempting({ ...exemption, prefix: undefined }), 'exemptions[0].prefix'],
  ['an exemption of null', exempting({ ...exemption, prefix: null }), 'exemptions[0].prefix'],
  ['an exemption for ever', exempting({ ...exemption, until: undefined }), 'exemptions[0].until'],
  ['an exemption until a number', exempting({ ...exemption, until: 1806451200000 }), 'exemptions[0].until'],
  ['an exemption until no date', exempting(exemption, { ...exemption, until: 'soon' }), 'exemptions[1].until'],
  ['an exemption without a reason', exempting({ ...exemption, reason: '' }), 'exemptions[0].reason'],
];

describe('a rule that is not understood stops the verifier', () => {
  test.each([...OF_THE_WHOLE, ...OF_WHAT_IS_ACCEPTED, ...OF_KEYS, ...OF_PREFIXES, ...OF_EXEMPTIONS])(
    '%s: refused, and the error names the fault',
    (_, document, field) => {
      expect(() => decodeRule(JSON.stringify(document))).toThrow(`bucket rule: ${field} is `);
    },
  );

  test.each(POSITIONS.map((position) => [position]))('%j instead of a position in the key table: refused', (position) => {
    expect(() => decodeRule(JSON.stringify(accepting({ scheme: 'SSE-KMS', keys: [0, position] })))).toThrow(
      'bucket rule: accept[0].keys is ',
    );
  });

  test('what the faults differ from is understood', () => {
    const { accept } = sealed({ ...anyEnvelope, wrappingKeys: [0], instructionFileSuffix: '.i' });
    const all = { ...valid, prefixes: [underLogs], exemptions: [exemption], accept };
    expect(() => decodeRule(JSON.stringify(all))).not.toThrow();
  });

  test.each(['', '{', 'undefined', "{'version': 2}", `${JSON.stringify(valid)},`])('text %p is not JSON', (text) => {
    expect(() => decodeRule(text)).toThrow('bucket rule: document is ');
  });

  test('the error shows the value and what would be right', () => {
    expect(() => decodeRule(JSON.stringify({ ...valid, action: 'delete' }))).toThrow(/"delete".*report, tag, quarantine/);
  });
});
