import type { ClientSideEvidence, Envelope } from '../../../lib/domain/client-side/evidence';
import { type EnvelopeRequirement, mayNeedReading, placesOf } from '../../../lib/domain/client-side/requirement';
import type { ObservedEncryption } from '../../../lib/domain/observation';
import { envelopesThatMatter, evaluate, VIOLATION_REASONS } from '../../../lib/domain/verdict';
import { ENVELOPE } from '../sample-declarations';
import { ALIAS_ARN, OTHER_KEY, OTHER_REGION_KEY, RIGHT_KEY, SECOND_KEY } from '../sample-keys';

const S3: ObservedEncryption = { kind: 'SSE-S3' };
const SDK = 'AWS Encryption SDK';
const S3EC = 'Amazon S3 Encryption Client';

const MESSAGE: Envelope = {
  format: SDK,
  version: '2',
  algorithm: '05 78',
  keyCommitment: true,
  wrappingKeyArns: [RIGHT_KEY],
  unnamedWrappingKeys: 0,
};
const V2: Envelope = {
  format: S3EC,
  version: 'V2',
  algorithm: 'AES/GCM/NoPadding',
  keyCommitment: false,
  wrappingKeyArns: [],
  unnamedWrappingKeys: 1,
};

const sealed = (envelope: Envelope): ClientSideEvidence => ({ kind: 'envelope', envelope });
const wrappedBy = (...wrappingKeyArns: string[]) => sealed({ ...MESSAGE, wrappingKeyArns });
const requiring = (envelope: Partial<EnvelopeRequirement>) => ({ ...ENVELOPE, ...envelope });

/** What is required of envelopes, what is found, the verdict, and whether it is proven. Written from the meaning, by hand. */
const TABLE: readonly (readonly [string, EnvelopeRequirement, ClientSideEvidence, string, boolean])[] = [
  ['a message', ENVELOPE, sealed(MESSAGE), 'compliant', true],
  ['nothing', ENVELOPE, { kind: 'none' }, 'not-client-side-encrypted', true],
  ['a forged one', ENVELOPE, { kind: 'malformed', why: 'V3 without x-amz-d' }, 'malformed-envelope', true],
  ['none in its place', ENVELOPE, { kind: 'instruction-file-missing', key: 'a.instruction' }, 'instruction-file-missing', true],
  ['a lone instruction file', ENVELOPE, { kind: 'instruction-file', of: 'a' }, 'instruction-file-without-object', false],
  ['one that S3 keeps closed', ENVELOPE, { kind: 'unreadable', why: 'AccessDenied' }, 'client-side-unverifiable', false],
  ['a message, where the other format is required', requiring({ formats: [S3EC] }), sealed(MESSAGE), 'wrong-envelope-format', true],
  ['the other format, where a message is required', requiring({ formats: [SDK] }), sealed(V2), 'wrong-envelope-format', true],
  ['no key commitment', ENVELOPE, sealed(V2), 'no-key-commitment', true],
  ['no key commitment, and none required', requiring({ keyCommitment: false }), sealed(V2), 'compliant', true],
  ['the wrapping key', requiring({ wrappingKeyArns: [RIGHT_KEY] }), wrappedBy(RIGHT_KEY), 'compliant', true],
  ['one of the wrapping keys', requiring({ wrappingKeyArns: [SECOND_KEY, RIGHT_KEY] }), wrappedBy(RIGHT_KEY), 'compliant', true],
  ['several accepted ones', requiring({ wrappingKeyArns: [SECOND_KEY, RIGHT_KEY] }), wrappedBy(RIGHT_KEY, SECOND_KEY), 'compliant', true],
  ['another wrapping key', requiring({ wrappingKeyArns: [RIGHT_KEY] }), wrappedBy(OTHER_KEY), 'wrong-wrapping-key', true],
  [
    'another beside the right one',
    requiring({ wrappingKeyArns: [RIGHT_KEY] }),
    wrappedBy(RIGHT_KEY, OTHER_KEY),
    'wrong-wrapping-key',
    true,
  ],
  ['its replica in another Region', requiring({ wrappingKeyArns: [RIGHT_KEY] }), wrappedBy(OTHER_REGION_KEY), 'wrong-wrapping-key', true],
  ['an alias', requiring({ wrappingKeyArns: [RIGHT_KEY] }), wrappedBy(ALIAS_ARN), 'wrapping-key-unidentified', false],
  ['no stated key', requiring({ wrappingKeyArns: [RIGHT_KEY] }), wrappedBy(), 'wrapping-key-unidentified', false],
  [
    'one more key that is not named',
    requiring({ wrappingKeyArns: [RIGHT_KEY] }),
    sealed({ ...MESSAGE, unnamedWrappingKeys: 1 }),
    'wrapping-key-unidentified',
    false,
  ],
  [
    'another key, and one that is not named',
    requiring({ wrappingKeyArns: [RIGHT_KEY] }),
    sealed({ ...MESSAGE, wrappingKeyArns: [OTHER_KEY], unnamedWrappingKeys: 1 }),
    'wrong-wrapping-key',
    true,
  ],
];

describe('the verdict on an object that was to be encrypted before it was sent', () => {
  test.each(TABLE)('%s', (_, envelope, evidence, expected, proven) => {
    const verdict = evaluate([{ scheme: 'client-side', serverSide: { scheme: 'SSE-S3' }, envelope }], S3, evidence);
    expect(verdict.compliant ? 'compliant' : verdict.reason).toBe(expected);
    expect(verdict.compliant || VIOLATION_REASONS[verdict.reason].proven).toBe(proven);
  });

  test('tells people what was found', () => {
    const requirement = { scheme: 'client-side', serverSide: { scheme: 'SSE-S3' }, envelope: ENVELOPE } as const;
    expect(evaluate([requirement], S3, sealed(V2))).toMatchObject({
      observed: 'SSE-S3; Amazon S3 Encryption Client V2, AES/GCM/NoPadding, without key commitment, wrapping keys: 1 not named',
    });
    expect(evaluate([requirement], S3, { kind: 'malformed', why: 'V3 without x-amz-d' })).toMatchObject({
      observed: 'SSE-S3; malformed envelope: V3 without x-amz-d',
    });
  });

  test('is compliant by a plain way beside it, whatever the envelope', () => {
    const either = [{ scheme: 'client-side', serverSide: { scheme: 'SSE-S3' }, envelope: ENVELOPE }, { scheme: 'SSE-S3' }] as const;
    expect(evaluate(either, S3, { kind: 'malformed', why: 'x' })).toEqual({ compliant: true });
  });
});

describe('an envelope is looked for', () => {
  const over = (scheme: 'SSE-S3' | 'SSE-C', formats = ENVELOPE.formats) =>
    ({ scheme: 'client-side', serverSide: { scheme }, envelope: { ...ENVELOPE, formats } }) as const;

  test('where what lies beneath is right, and not where it is wrong', () => {
    expect(envelopesThatMatter([over('SSE-S3')], S3)).toEqual([ENVELOPE]);
    expect(envelopesThatMatter([over('SSE-S3')], { kind: 'SSE-KMS', keyId: RIGHT_KEY })).toEqual([]);
    expect(envelopesThatMatter([{ scheme: 'SSE-S3' }], S3)).toEqual([]);
  });

  test.each([
    [[requiring({})], { metadata: true, message: true }],
    [[requiring({ formats: [S3EC] })], { metadata: true, message: false }],
    [[requiring({ formats: [SDK] })], { metadata: false, message: true }],
    [[requiring({ formats: [S3EC] }), requiring({ formats: [SDK] })], { metadata: true, message: true }],
    [[requiring({ formats: [S3EC], instructionFileSuffix: '.i' })], { metadata: true, instructionFileSuffix: '.i', message: false }],
  ])('in %j: %j', (required, places) => {
    expect(placesOf(required)).toEqual(places);
  });

  test('at the price of a request where neither metadata nor HEAD can tell', () => {
    const costs = [requiring({}), requiring({ formats: [SDK] }), requiring({ formats: [S3EC], instructionFileSuffix: '.i' })];
    expect(costs.map((each) => mayNeedReading(placesOf([each])))).toEqual([true, true, true]);
    expect(mayNeedReading(placesOf([requiring({ formats: [S3EC] })]))).toBe(false);
  });
});
