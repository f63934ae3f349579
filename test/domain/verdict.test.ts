import type { ObservedEncryption } from '../../lib/domain/observation';
import type { EncryptionRequirement } from '../../lib/domain/requirement';
import { evaluate } from '../../lib/domain/verdict';
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

const REQUIREMENTS: readonly (readonly [string, EncryptionRequirement])[] = [
  ['SSE-S3', { scheme: 'SSE-S3' }],
  ['SSE-KMS under one key', { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] }],
  ['SSE-KMS under either of two keys', { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY, SECOND_KEY] }],
  ['DSSE-KMS under one key', { scheme: 'DSSE-KMS', keyArns: [RIGHT_KEY] }],
  ['SSE-C', { scheme: 'SSE-C' }],
  ['client-side', { scheme: 'client-side' }],
];

const sse = (kind: 'SSE-KMS' | 'DSSE-KMS', keyId?: string): ObservedEncryption => ({ kind, keyId });

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
  // observed                                                                       S3      KMS 1   KMS 2   DSSE    SSE-C   client-side
  ['SSE-S3', { kind: 'SSE-S3' }, [yes, scheme, scheme, scheme, scheme, cse]],
  ['SSE-KMS, required key', sse('SSE-KMS', RIGHT_KEY), [scheme, yes, yes, scheme, scheme, cse]],
  ['SSE-KMS, second key', sse('SSE-KMS', SECOND_KEY), [scheme, key, yes, scheme, scheme, cse]],
  ['SSE-KMS, other key', sse('SSE-KMS', OTHER_KEY), [scheme, key, key, scheme, scheme, cse]],
  ['SSE-KMS, same id in a foreign account', sse('SSE-KMS', FOREIGN_ACCOUNT_KEY), [scheme, key, key, scheme, scheme, cse]],
  ['SSE-KMS, same mrk- id in another Region', sse('SSE-KMS', OTHER_REGION_KEY), [scheme, key, key, scheme, scheme, cse]],
  ['SSE-KMS, alias ARN', sse('SSE-KMS', ALIAS_ARN), [scheme, doubt, doubt, scheme, scheme, cse]],
  ['SSE-KMS, bare id of the required key', sse('SSE-KMS', BARE_RIGHT_ID), [scheme, doubt, doubt, scheme, scheme, cse]],
  ['SSE-KMS, bare id of another key', sse('SSE-KMS', BARE_OTHER_ID), [scheme, key, key, scheme, scheme, cse]],
  ['SSE-KMS, no key reported', sse('SSE-KMS'), [scheme, doubt, doubt, scheme, scheme, cse]],
  ['SSE-KMS, empty key', sse('SSE-KMS', ''), [scheme, doubt, doubt, scheme, scheme, cse]],
  ['DSSE-KMS, required key', sse('DSSE-KMS', RIGHT_KEY), [scheme, scheme, scheme, yes, scheme, cse]],
  ['DSSE-KMS, other key', sse('DSSE-KMS', OTHER_KEY), [scheme, scheme, scheme, key, scheme, cse]],
  ['DSSE-KMS, same id in a foreign account', sse('DSSE-KMS', FOREIGN_ACCOUNT_KEY), [scheme, scheme, scheme, key, scheme, cse]],
  ['DSSE-KMS, same mrk- id in another Region', sse('DSSE-KMS', OTHER_REGION_KEY), [scheme, scheme, scheme, key, scheme, cse]],
  ['DSSE-KMS, alias ARN', sse('DSSE-KMS', ALIAS_ARN), [scheme, scheme, scheme, doubt, scheme, cse]],
  ['DSSE-KMS, bare id of the required key', sse('DSSE-KMS', BARE_RIGHT_ID), [scheme, scheme, scheme, doubt, scheme, cse]],
  ['DSSE-KMS, no key reported', sse('DSSE-KMS'), [scheme, scheme, scheme, doubt, scheme, cse]],
  ['SSE-C', { kind: 'SSE-C' }, [scheme, scheme, scheme, scheme, yes, cse]],
  ['nothing', { kind: 'none' }, [none, none, none, none, none, cse]],
  ['aws:fsx', { kind: 'unknown', value: 'aws:fsx' }, [unknown, unknown, unknown, unknown, unknown, cse]],
  ['aws:backup', { kind: 'unknown', value: 'aws:backup' }, [unknown, unknown, unknown, unknown, unknown, cse]],
  ['an unreadable object', { kind: 'unreadable', why: 'HTTP 400' }, [unread, unread, unread, unread, unread, unread]],
];

const CASES = TABLE.flatMap(([observation, observed, answers]) =>
  REQUIREMENTS.map(([required, requirement], column) => ({ required, requirement, observation, observed, expected: answers[column] })),
);

describe('the verdict on one object version', () => {
  test('every row of the table answers for every requirement', () => {
    expect(TABLE.map(([, , answers]) => answers.length)).toEqual(TABLE.map(() => REQUIREMENTS.length));
  });

  test.each(CASES)('required $required, observed $observation: $expected', ({ requirement, observed, expected }) => {
    const verdict = evaluate(requirement, observed);
    expect(verdict.compliant ? 'compliant' : verdict.reason).toBe(expected);
  });

  test('a violation tells people what was expected and what was found', () => {
    expect(evaluate({ scheme: 'SSE-KMS', keyArns: [RIGHT_KEY, SECOND_KEY] }, { kind: 'SSE-KMS', keyId: OTHER_KEY })).toEqual({
      compliant: false,
      reason: 'wrong-key',
      expected: `SSE-KMS under one of ${RIGHT_KEY}, ${SECOND_KEY}`,
      observed: `SSE-KMS under ${OTHER_KEY}`,
    });
  });

  test('a compliant verdict carries no reason', () => {
    expect(evaluate({ scheme: 'SSE-C' }, { kind: 'SSE-C' })).toEqual({ compliant: true });
  });
});
