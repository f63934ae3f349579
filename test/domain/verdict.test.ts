import type { ObservedEncryption } from '../../lib/domain/observation';
import type { AcceptedEncryption, EncryptionRequirement } from '../../lib/domain/requirement';
import { evaluate } from '../../lib/domain/verdict';
import { ENVELOPE } from './sample-declarations';
import {
  ALIAS_ARN,
  BARE_OTHER_ID,
  BARE_RIGHT_ID,
  FOREIGN_ACCOUNT_KEY,
  OTHER_KEY,
  OTHER_REGION_KEY,
  RIGHT_KEY,
  SECOND_KEY,
} from './sample-keys';

/** How what `clientSide()` requires by itself reads. */
const EITHER = 'Amazon S3 Encryption Client or AWS Encryption SDK, with key commitment';

const REQUIREMENTS: readonly (readonly [string, EncryptionRequirement])[] = [
  ['SSE-S3', { scheme: 'SSE-S3' }],
  ['SSE-KMS under one key', { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] }],
  ['SSE-KMS under either of two keys', { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY, SECOND_KEY] }],
  ['DSSE-KMS under one key', { scheme: 'DSSE-KMS', keyArns: [RIGHT_KEY] }],
  ['SSE-C', { scheme: 'SSE-C' }],
  ['client-side over SSE-S3', { scheme: 'client-side', serverSide: { scheme: 'SSE-S3' }, envelope: ENVELOPE }],
  ['client-side over SSE-KMS', { scheme: 'client-side', serverSide: { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] }, envelope: ENVELOPE }],
];

const sse = (kind: 'SSE-KMS' | 'DSSE-KMS', keyId?: string): ObservedEncryption => ({ kind, keyId });

const S3 = { scheme: 'SSE-S3' } as const;
const C = { scheme: 'SSE-C' } as const;
const kms = (...keyArns: string[]) => ({ scheme: 'SSE-KMS', keyArns }) as const;
const dsse = (...keyArns: string[]) => ({ scheme: 'DSSE-KMS', keyArns }) as const;
const overKms = { scheme: 'client-side', serverSide: kms(RIGHT_KEY), envelope: ENVELOPE } as const;

const yes = 'compliant';
const scheme = 'wrong-scheme';
const key = 'wrong-key';
const doubt = 'key-unidentified';
const cse = 'client-side-unverifiable';
const none = 'not-encrypted';
const unknown = 'unknown-encryption';
const unread = 'unreadable';

/** One row per observation; the answers stand in the order of REQUIREMENTS. Written from the meaning, by hand. */
const TABLE: readonly (readonly [string, ObservedEncryption, readonly string[]])[] = [
  // observed                                                                       S3      KMS 1   KMS 2   DSSE    SSE-C   CSE/S3  CSE/KMS
  ['SSE-S3', { kind: 'SSE-S3' }, [yes, scheme, scheme, scheme, scheme, cse, scheme]],
  ['SSE-KMS, required key', sse('SSE-KMS', RIGHT_KEY), [scheme, yes, yes, scheme, scheme, scheme, cse]],
  ['SSE-KMS, second key', sse('SSE-KMS', SECOND_KEY), [scheme, key, yes, scheme, scheme, scheme, key]],
  ['SSE-KMS, other key', sse('SSE-KMS', OTHER_KEY), [scheme, key, key, scheme, scheme, scheme, key]],
  ['SSE-KMS, same id in a foreign account', sse('SSE-KMS', FOREIGN_ACCOUNT_KEY), [scheme, key, key, scheme, scheme, scheme, key]],
  ['SSE-KMS, same mrk- id in another Region', sse('SSE-KMS', OTHER_REGION_KEY), [scheme, key, key, scheme, scheme, scheme, key]],
  ['SSE-KMS, alias ARN', sse('SSE-KMS', ALIAS_ARN), [scheme, doubt, doubt, scheme, scheme, scheme, doubt]],
  ['SSE-KMS, bare id of the required key', sse('SSE-KMS', BARE_RIGHT_ID), [scheme, doubt, doubt, scheme, scheme, scheme, doubt]],
  ['SSE-KMS, bare id of another key', sse('SSE-KMS', BARE_OTHER_ID), [scheme, key, key, scheme, scheme, scheme, key]],
  ['SSE-KMS, no key reported', sse('SSE-KMS'), [scheme, doubt, doubt, scheme, scheme, scheme, doubt]],
  ['SSE-KMS, empty key', sse('SSE-KMS', ''), [scheme, doubt, doubt, scheme, scheme, scheme, doubt]],
  ['DSSE-KMS, required key', sse('DSSE-KMS', RIGHT_KEY), [scheme, scheme, scheme, yes, scheme, scheme, scheme]],
  ['DSSE-KMS, other key', sse('DSSE-KMS', OTHER_KEY), [scheme, scheme, scheme, key, scheme, scheme, scheme]],
  ['DSSE-KMS, same id in a foreign account', sse('DSSE-KMS', FOREIGN_ACCOUNT_KEY), [scheme, scheme, scheme, key, scheme, scheme, scheme]],
  ['DSSE-KMS, same mrk- id in another Region', sse('DSSE-KMS', OTHER_REGION_KEY), [scheme, scheme, scheme, key, scheme, scheme, scheme]],
  ['DSSE-KMS, alias ARN', sse('DSSE-KMS', ALIAS_ARN), [scheme, scheme, scheme, doubt, scheme, scheme, scheme]],
  ['DSSE-KMS, bare id of the required key', sse('DSSE-KMS', BARE_RIGHT_ID), [scheme, scheme, scheme, doubt, scheme, scheme, scheme]],
  ['DSSE-KMS, no key reported', sse('DSSE-KMS'), [scheme, scheme, scheme, doubt, scheme, scheme, scheme]],
  ['SSE-C', { kind: 'SSE-C' }, [scheme, scheme, scheme, scheme, yes, scheme, scheme]],
  ['nothing', { kind: 'none' }, [none, none, none, none, none, none, none]],
  ['aws:fsx', { kind: 'unknown', value: 'aws:fsx' }, [unknown, unknown, unknown, unknown, unknown, unknown, unknown]],
  ['aws:backup', { kind: 'unknown', value: 'aws:backup' }, [unknown, unknown, unknown, unknown, unknown, unknown, unknown]],
  ['an unreadable object', { kind: 'unreadable', why: 'HTTP 400' }, [unread, unread, unread, unread, unread, unread, unread]],
];

const CASES = TABLE.flatMap(([observation, observed, answers]) =>
  REQUIREMENTS.map(([required, requirement], column) => ({ required, requirement, observation, observed, expected: answers[column] })),
);

describe('the verdict on one object version', () => {
  test('every row of the table answers for every requirement', () => {
    expect(TABLE.map(([, , answers]) => answers.length)).toEqual(TABLE.map(() => REQUIREMENTS.length));
  });

  test.each(CASES)('required $required, observed $observation: $expected', ({ requirement, observed, expected }) => {
    const verdict = evaluate([requirement], observed);
    expect(verdict.compliant ? 'compliant' : verdict.reason).toBe(expected);
  });

  test('a violation tells people what was expected and what was found', () => {
    expect(evaluate([{ scheme: 'SSE-KMS', keyArns: [RIGHT_KEY, SECOND_KEY] }], { kind: 'SSE-KMS', keyId: OTHER_KEY })).toEqual({
      compliant: false,
      reason: 'wrong-key',
      expected: `SSE-KMS under one of ${RIGHT_KEY}, ${SECOND_KEY}`,
      observed: `SSE-KMS under ${OTHER_KEY}`,
    });
  });

  test('a compliant verdict carries no reason', () => {
    expect(evaluate([{ scheme: 'SSE-C' }], { kind: 'SSE-C' })).toEqual({ compliant: true });
  });
});

/** What is accepted side by side, what is observed, the verdict. One way that fits is enough; else the most telling reason is said. */
const SEVERAL: readonly (readonly [string, AcceptedEncryption, ObservedEncryption, string])[] = [
  ['the first of two fits', [kms(RIGHT_KEY), S3], sse('SSE-KMS', RIGHT_KEY), yes],
  ['the second of two fits', [kms(RIGHT_KEY), S3], { kind: 'SSE-S3' }, yes],
  ['the third of three fits', [S3, kms(RIGHT_KEY), C], { kind: 'SSE-C' }, yes],
  ['the second of one scheme fits', [kms(RIGHT_KEY), kms(SECOND_KEY)], sse('SSE-KMS', SECOND_KEY), yes],
  ['what fits beats a doubt', [overKms, kms(RIGHT_KEY)], sse('SSE-KMS', RIGHT_KEY), yes],
  [
    'what fits beats a doubt, the other way round',
    [S3, { scheme: 'client-side', serverSide: S3, envelope: ENVELOPE }],
    { kind: 'SSE-S3' },
    yes,
  ],
  ['none fits', [kms(RIGHT_KEY), S3], { kind: 'SSE-C' }, scheme],
  ['the key of the other scheme', [kms(RIGHT_KEY), dsse(SECOND_KEY)], sse('SSE-KMS', SECOND_KEY), key],
  ['a wrong key says more than a wrong scheme', [S3, kms(RIGHT_KEY)], sse('SSE-KMS', OTHER_KEY), key],
  ['in any order', [kms(RIGHT_KEY), S3], sse('SSE-KMS', OTHER_KEY), key],
  ['doubt beats proof', [S3, kms(RIGHT_KEY)], sse('SSE-KMS', ALIAS_ARN), doubt],
  ['in any order', [kms(RIGHT_KEY), dsse(RIGHT_KEY)], sse('SSE-KMS', BARE_RIGHT_ID), doubt],
  [
    'perhaps client-side, else wrong',
    [kms(RIGHT_KEY), { scheme: 'client-side', serverSide: S3, envelope: ENVELOPE }],
    { kind: 'SSE-S3' },
    cse,
  ],
  ['perhaps client-side, else under a wrong key', [kms(SECOND_KEY), overKms], sse('SSE-KMS', RIGHT_KEY), cse],
  ['wrong also beneath client-side', [S3, overKms], sse('SSE-KMS', OTHER_KEY), key],
  ['not encrypted at all', [S3, overKms, C], { kind: 'none' }, none],
  ['an unknown encryption', [S3, overKms, C], { kind: 'unknown', value: 'aws:fsx' }, unknown],
];

describe('the verdict where several encryptions are accepted', () => {
  test.each(SEVERAL)('%s', (_, accepted, observed, expected) => {
    const verdict = evaluate(accepted, observed);
    expect(verdict.compliant ? 'compliant' : verdict.reason).toBe(expected);
  });

  test('tells people of all that would have been right', () => {
    expect(evaluate([kms(RIGHT_KEY), S3, overKms], { kind: 'SSE-C' })).toMatchObject({
      expected: `SSE-KMS under ${RIGHT_KEY}, or SSE-S3, or client-side encryption (${EITHER}), stored with SSE-KMS under ${RIGHT_KEY}`,
      observed: 'SSE-C',
    });
  });
});
