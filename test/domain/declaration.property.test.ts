import fc from 'fast-check';
import { acceptedAt, type PrefixRule } from '../../lib/domain/declaration';
import { anyKeys, disjointKeys, SEEDED } from './arbitraries';
import { declare } from './sample-declarations';

/** Each rule accepts something of its own, so that it shows which was found. */
const ruleFor = (prefix: string): PrefixRule => ({ prefix, accepted: [{ scheme: 'SSE-KMS', keyArns: [`key of ${prefix}`] }] });
const bySortOrder = (a: PrefixRule, b: PrefixRule) => (a.prefix < b.prefix ? -1 : 1);

const ELSEWHERE = [{ scheme: 'SSE-S3' }] as const;

function naively(rules: readonly PrefixRule[], key: string) {
  const fitting = rules.filter(({ prefix }) => key.startsWith(prefix));
  expect(fitting.length).toBeLessThan(2);
  return fitting[0]?.accepted ?? ELSEWHERE;
}

const situations = fc.oneof(disjointKeys(12), disjointKeys(60)).chain((prefixes) => {
  const rules = prefixes.map(ruleFor).sort(bySortOrder);
  const under =
    prefixes.length > 0 ? fc.tuple(fc.constantFrom(...prefixes), fc.oneof(fc.constant(''), anyKeys)) : fc.tuple(anyKeys, anyKeys);
  return fc.record({
    rules: fc.constant(rules),
    key: fc.oneof(
      anyKeys,
      under.map(([prefix, rest]) => prefix + rest),
    ),
  });
});

describe('the rule for a key is the one that looking at each rule would find', () => {
  test('whatever the prefixes, also of half characters', () => {
    const seen = { found: 0, elsewhere: 0 };
    fc.assert(
      fc.property(situations, ({ rules, key }) => {
        const expected = naively(rules, key);
        expect(acceptedAt(declare(ELSEWHERE, { prefixRules: rules }), key)).toEqual(expected);
        seen[expected === ELSEWHERE ? 'elsewhere' : 'found'] += 1;
      }),
      SEEDED,
    );
    expect(Math.min(seen.found, seen.elsewhere)).toBeGreaterThan(100);
  });

  test('among 1,000 prefixes, for keys under each and beside each', () => {
    const prefixes = Array.from({ length: 1000 }, (_, n) => `${String.fromCodePoint(0x1f600 + (n % 7))}${n.toString().padStart(4, '0')}/`);
    const rules = prefixes.map(ruleFor).sort(bySortOrder);
    const declaration = declare(ELSEWHERE, { prefixRules: rules });
    for (const prefix of prefixes) {
      for (const key of [prefix, `${prefix}x`, prefix.slice(0, -1), `${prefix.slice(0, -1)}0`, `x${prefix}`]) {
        const expected = rules.find((rule) => key.startsWith(rule.prefix))?.accepted ?? ELSEWHERE;
        expect(acceptedAt(declaration, key)).toBe(expected);
      }
    }
  });
});
