import fc from 'fast-check';
import { compareKeys, keyIdentity } from '../../lib/domain/key-identity';
import { aliasArns, aliasNames, arnOf, keyIds, keyParts, SEEDED, sameKey } from './arbitraries';

const aliases = fc.oneof(aliasArns, aliasNames);
const spellings = fc.oneof(keyParts.map(arnOf), keyIds, aliases, fc.string());

describe('for all spellings of KMS keys', () => {
  test('the comparison is symmetric', () => {
    fc.assert(
      fc.property(spellings, spellings, (a, b) => {
        expect(compareKeys(a, b)).toBe(compareKeys(b, a));
      }),
      SEEDED,
    );
  });

  test('a full ARN names the same key as itself', () => {
    fc.assert(
      fc.property(keyParts.map(arnOf), (arn) => {
        expect(compareKeys(arn, arn)).toBe('same');
      }),
      SEEDED,
    );
  });

  test('two full ARNs are the same key exactly where partition, Region, account and id agree', () => {
    fc.assert(
      fc.property(keyParts, keyParts, (a, b) => {
        expect(compareKeys(arnOf(a), arnOf(b))).toBe(sameKey(a, b) ? 'same' : 'different');
      }),
      SEEDED,
    );
  });

  test('an alias is never the same as anything, not even as itself', () => {
    fc.assert(
      fc.property(aliases, spellings, (alias, spelling) => {
        expect([compareKeys(alias, spelling), compareKeys(alias, alias)]).toEqual(['undecidable', 'undecidable']);
      }),
      SEEDED,
    );
  });

  test('without two full ARNs nothing is the same', () => {
    const notArns = spellings.filter((spelling) => !/:key\//.test(spelling));
    fc.assert(
      fc.property(notArns, spellings, (a, b) => {
        expect(compareKeys(a, b)).not.toBe('same');
      }),
      SEEDED,
    );
  });

  test('a spelling with anything around it is no key ARN', () => {
    fc.assert(
      fc.property(keyParts.map(arnOf), fc.constantFrom(' ', '\n', '"', '*', 'x', '/'), (arn, extra) => {
        expect([keyIdentity(extra + arn).kind, keyIdentity(arn + extra).kind]).toEqual(['unrecognised', 'unrecognised']);
      }),
      SEEDED,
    );
  });
});
