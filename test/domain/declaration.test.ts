import { acceptedAnywhere, acceptedAt, defaultIsAccepted, type Exemption, exemptionOf } from '../../lib/domain/declaration';
import type { AcceptedEncryption, EncryptionRequirement } from '../../lib/domain/requirement';
import { declare, ENVELOPE } from './sample-declarations';
import { FOREIGN_ACCOUNT_KEY, RIGHT_KEY, SECOND_KEY } from './sample-keys';

const S3: EncryptionRequirement = { scheme: 'SSE-S3' };
const C: EncryptionRequirement = { scheme: 'SSE-C' };
const kms = (...keyArns: string[]) => ({ scheme: 'SSE-KMS', keyArns }) as const;
const dsse = (...keyArns: string[]) => ({ scheme: 'DSSE-KMS', keyArns }) as const;
const over = (serverSide: ReturnType<typeof kms> | { readonly scheme: 'SSE-S3' }) =>
  ({ scheme: 'client-side', serverSide, envelope: ENVELOPE }) as const;

describe('what is accepted for a key', () => {
  const prefixRules = [
    { prefix: 'logs*/', accepted: [S3] as const },
    { prefix: 'raw/', accepted: [C] as const },
  ];
  const declaration = declare([kms(RIGHT_KEY)], { prefixRules });

  test.each([
    ['raw/object', C],
    ['raw/', C],
    ['raw', kms(RIGHT_KEY)],
    ['RAW/object', kms(RIGHT_KEY)],
    ['a/raw/object', kms(RIGHT_KEY)],
    ['raw0', kms(RIGHT_KEY)],
    ['logs*/x', S3],
    ['logs-2026/x', kms(RIGHT_KEY)],
    ['', kms(RIGHT_KEY)],
    ['zebra', kms(RIGHT_KEY)],
  ])('%j: by its literal prefix', (key, requirement) => {
    expect(acceptedAt(declaration, key)).toEqual([requirement]);
  });

  test('anywhere in the bucket, the required one comes first', () => {
    expect(acceptedAnywhere(declaration)).toEqual([kms(RIGHT_KEY), S3, C]);
  });
});

describe('the exemption of an object', () => {
  const until = '2027-03-31T00:00:00Z';
  const vendors: Exemption = { prefix: 'import/', principalArns: ['arn:aws:iam::111122223333:role/vendor'], until, reason: 'TICKET-12' };
  const whole: Exemption = { prefix: '', principalArns: [], until, reason: 'migration' };
  const at = (time: string) => new Date(time);
  const BEFORE = '2027-03-30T23:59:59.999Z';

  test.each<[string, Exemption, string, Date | undefined, boolean]>([
    ['created before it ends', vendors, 'import/x', at(BEFORE), true],
    ['created long before it was declared', vendors, 'import/x', at('2020-01-01T00:00:00Z'), true],
    ['created as it ends', vendors, 'import/x', at(until), false],
    ['created after', vendors, 'import/x', at('2027-04-01T00:00:00Z'), false],
    ['created nobody knows when', vendors, 'import/x', undefined, false],
    ['under another prefix', vendors, 'imports', at(BEFORE), false],
    ['in capitals', vendors, 'Import/x', at(BEFORE), false],
    ['anywhere, where the whole bucket is exempt', whole, 'x', at(BEFORE), true],
    ['anywhere, after the end', whole, 'x', at(until), false],
    ['anywhere, created nobody knows when', whole, 'x', undefined, false],
  ])('%s', (_, exemption, key, createdAt, isExempt) => {
    expect(exemptionOf(declare([S3], { exemptions: [exemption] }), key, createdAt)).toEqual(isExempt ? exemption : undefined);
  });

  test('of several is the one that has not ended', () => {
    const ended = { ...vendors, until: '2026-01-01T00:00:00Z' };
    const other = { ...vendors, prefix: 'other/' };
    expect(exemptionOf(declare([S3], { exemptions: [other, ended, vendors] }), 'import/x', at(BEFORE))).toBe(vendors);
  });

  test('is none, where there are none', () => {
    expect(exemptionOf(declare([S3]), 'import/x', at(BEFORE))).toBeUndefined();
  });
});

describe('uploads that say nothing get the default of the bucket, which under a rule', () => {
  /** What the bucket requires; what the rule accepts; whether the first, as the bucket's default, fits the second. By hand. */
  const TABLE: readonly [string, EncryptionRequirement, AcceptedEncryption, boolean][] = [
    ['SSE-S3 under SSE-S3', S3, [S3], true],
    ['SSE-S3 under SSE-KMS', S3, [kms(RIGHT_KEY)], false],
    ['SSE-S3 under SSE-C: customers keep their keys', S3, [C], false],
    ['SSE-S3 under several', S3, [C, kms(RIGHT_KEY), S3], true],
    ['SSE-KMS under its key', kms(RIGHT_KEY), [kms(RIGHT_KEY)], true],
    ['SSE-KMS under its key, among others', kms(RIGHT_KEY), [kms(SECOND_KEY, RIGHT_KEY)], true],
    ['SSE-KMS under its key, of another entry', kms(RIGHT_KEY), [kms(SECOND_KEY), kms(RIGHT_KEY)], true],
    ['SSE-KMS under another key', kms(RIGHT_KEY), [kms(SECOND_KEY)], false],
    ['SSE-KMS under the same id of another account', kms(RIGHT_KEY), [kms(FOREIGN_ACCOUNT_KEY)], false],
    ['SSE-KMS, of two keys the second: the default is the first', kms(RIGHT_KEY, SECOND_KEY), [kms(SECOND_KEY)], false],
    ['SSE-KMS under DSSE-KMS with its key', kms(RIGHT_KEY), [dsse(RIGHT_KEY)], false],
    ['SSE-KMS under DSSE-KMS with its key, SSE-KMS with another', kms(RIGHT_KEY), [dsse(RIGHT_KEY), kms(SECOND_KEY)], false],
    ['DSSE-KMS under its key', dsse(RIGHT_KEY), [dsse(RIGHT_KEY)], true],
    ['SSE-KMS under SSE-S3', kms(RIGHT_KEY), [S3], false],
    ['SSE-C, whose default is SSE-S3, under SSE-C', C, [C], false],
    ['SSE-C, whose default is SSE-S3, under SSE-S3', C, [C, S3], true],
    ['client-side over SSE-KMS under itself', over(kms(RIGHT_KEY)), [over(kms(RIGHT_KEY))], true],
    ['client-side over SSE-KMS under SSE-KMS', over(kms(RIGHT_KEY)), [kms(RIGHT_KEY)], true],
    ['client-side over SSE-S3 under client-side over SSE-KMS', over({ scheme: 'SSE-S3' }), [over(kms(RIGHT_KEY))], false],
  ];

  test.each(TABLE)('is accepted or not: %s', (_, required, accepted, isAccepted) => {
    expect(defaultIsAccepted(declare([required, kms(FOREIGN_ACCOUNT_KEY)]), accepted)).toBe(isAccepted);
  });
});
