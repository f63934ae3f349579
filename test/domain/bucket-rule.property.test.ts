import fc from 'fast-check';
import { decodeRule, encodeRule } from '../../lib/domain/bucket-rule';
import { requiredKeyArns } from '../../lib/domain/requirement';
import { arnOf, bucketRules, keyParts, SEEDED } from './arbitraries';

const textOf = (rule: Parameters<typeof encodeRule>[0]) => JSON.stringify(encodeRule(rule));
const keyArnsIn = ({ accepted, prefixRules }: Parameters<typeof encodeRule>[0]['declaration']) =>
  [accepted, ...prefixRules.map((rule) => rule.accepted)].flat().flatMap(requiredKeyArns);
const withKeys = bucketRules.filter(({ declaration }) => keyArnsIn(declaration).length > 0);

/** What each field may hold; every other JSON value must be refused. Lists are looked into by the table of faults. */
const VALID_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  version: [2],
  action: ['report', 'tag', 'quarantine'],
  headersRequired: [true, false],
  accept: [],
};

describe('for every rule', () => {
  test('what was encoded at synth is what the function reads', () => {
    fc.assert(
      fc.property(bucketRules, ({ action, declaration }) => {
        // All but who is exempt, which the function does not need to know.
        const exemptions = declaration.exemptions.map((exemption) => ({ ...exemption, principalArns: [] }));
        expect(decodeRule(textOf({ action, declaration }))).toEqual({ action, declaration: { ...declaration, exemptions } });
      }),
      SEEDED,
    );
  });

  test('each key ARN stands in the parameter once', () => {
    fc.assert(
      fc.property(withKeys, (rule) => {
        const text = textOf(rule);
        expect(keyArnsIn(rule.declaration).map((arn) => text.split(`"${arn}"`).length - 1)).toEqual(
          keyArnsIn(rule.declaration).map(() => 1),
        );
      }),
      SEEDED,
    );
  });

  test('a text cut short is refused', () => {
    fc.assert(
      fc.property(bucketRules, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (rule, share) => {
        const text = textOf(rule);
        expect(() => decodeRule(text.slice(0, Math.floor(text.length * share)))).toThrow('bucket rule: document is ');
      }),
      SEEDED,
    );
  });

  test.each(Object.keys(VALID_VALUES))('%s replaced by any other JSON value is refused by name', (field) => {
    const others = fc.jsonValue().filter((value) => !VALID_VALUES[field]?.includes(value));
    fc.assert(
      fc.property(bucketRules, others, (rule, value) => {
        const text = JSON.stringify({ ...encodeRule(rule), [field]: value });
        expect(() => decodeRule(text)).toThrow(new RegExp(`^bucket rule: ${field}(\\[0\\](\\.scheme)?)? is `));
      }),
      SEEDED,
    );
  });

  test('any JSON value but a full key ARN in the key table is refused by its position', () => {
    const noArns = fc.oneof(
      fc.jsonValue(),
      keyParts.map(({ id }) => id),
      keyParts.map((key) => arnOf(key).replace(':key/', ':alias/')),
    );
    fc.assert(
      fc.property(withKeys, noArns, fc.nat(), (rule, value, pick) => {
        const document = encodeRule(rule);
        const position = pick % document.keys.length;
        const keys = document.keys.map((arn, index): unknown => (index === position ? value : arn));
        expect(() => decodeRule(JSON.stringify({ ...document, keys }))).toThrow(`bucket rule: keys[${position}] is `);
      }),
      SEEDED,
    );
  });

  test('a text at random is refused by name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => decodeRule(text)).toThrow('bucket rule: ');
      }),
      SEEDED,
    );
  });
});
