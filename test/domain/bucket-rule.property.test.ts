import fc from 'fast-check';
import { type BucketRule, decodeRule, encodeRule } from '../../lib/domain/bucket-rule';
import { arnOf, keyParts, SEEDED } from './arbitraries';

const actions = fc.constantFrom('report' as const, 'tag' as const, 'quarantine' as const);
const keyArns = fc.uniqueArray(keyParts.map(arnOf), { minLength: 1, maxLength: 6 });

const kmsRules = fc.record({
  action: actions,
  requirement: fc.record({ scheme: fc.constantFrom('SSE-KMS' as const, 'DSSE-KMS' as const), keyArns }),
});
const keylessRules = fc.record({
  action: actions,
  requirement: fc.record({ scheme: fc.constantFrom('SSE-S3' as const, 'SSE-C' as const, 'client-side' as const) }),
});
const rules: fc.Arbitrary<BucketRule> = fc.oneof(kmsRules, keylessRules);

const textOf = (rule: BucketRule) => JSON.stringify(encodeRule(rule));

/** What each field may hold; every other JSON value must be refused. */
const VALID_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  version: [1],
  action: ['report', 'tag', 'quarantine'],
  require: [],
};

describe('for every rule', () => {
  test('what was encoded at synth is what the function reads', () => {
    fc.assert(
      fc.property(rules, (rule) => {
        expect(decodeRule(textOf(rule))).toEqual(rule);
      }),
      SEEDED,
    );
  });

  test('each key ARN stands in the parameter once', () => {
    fc.assert(
      fc.property(kmsRules, (rule) => {
        const text = textOf(rule);
        expect(rule.requirement.keyArns.map((arn) => text.split(`"${arn}"`).length - 1)).toEqual(rule.requirement.keyArns.map(() => 1));
      }),
      SEEDED,
    );
  });

  test('a text cut short is refused', () => {
    fc.assert(
      fc.property(rules, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (rule, share) => {
        const text = textOf(rule);
        expect(() => decodeRule(text.slice(0, Math.floor(text.length * share)))).toThrow('bucket rule: document is ');
      }),
      SEEDED,
    );
  });

  test.each(Object.keys(VALID_VALUES))('%s replaced by any other JSON value is refused by name', (field) => {
    const others = fc.jsonValue().filter((value) => !VALID_VALUES[field]?.includes(value));
    fc.assert(
      fc.property(kmsRules, others, (rule, value) => {
        const text = JSON.stringify({ ...encodeRule(rule), [field]: value });
        expect(() => decodeRule(text)).toThrow(new RegExp(`^bucket rule: ${field}(\\.scheme)? is `));
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
      fc.property(kmsRules, noArns, fc.nat(), (rule, value, pick) => {
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
