import fc from 'fast-check';
import { findNested, objectsUnder } from '../../lib/domain/prefix';
import { anyKeys, disjointKeys, SEEDED } from './arbitraries';

const BUCKET = 'arn:aws:s3:::data';

describe('the objects of a prefix, as a resource of a policy:', () => {
  test.each([
    ['logs/', `${BUCKET}/logs/*`],
    ['a', `${BUCKET}/a*`],
    ['', `${BUCKET}/*`],
    ['logs*/', `${BUCKET}/logs\${*}/*`],
    ['*', `${BUCKET}/\${*}*`],
    ['l?gs/', `${BUCKET}/l\${?}gs/*`],
    ['us$/', `${BUCKET}/us\${$}/*`],
    // Else a policy variable, which anybody could be named after.
    [`\${aws:username}/`, `${BUCKET}/\${$}{aws:username}/*`],
    [`\${*}`, `${BUCKET}/\${$}{\${*}}*`],
    ['**', `${BUCKET}/\${*}\${*}*`],
    ['x.(y|z)[q]^\\+ %2F', `${BUCKET}/x.(y|z)[q]^\\+ %2F*`],
    ['日本/\u{1F600}', `${BUCKET}/日本/\u{1F600}*`],
  ])('%j is %s', (prefix, resource) => {
    expect(objectsUnder(BUCKET, prefix)).toBe(resource);
  });

  test('from which the prefix can be read again, whatever it holds', () => {
    const literal = (pattern: string) => pattern.replace(/\$\{([*?$])\}/g, '$1');
    const prefixes = fc.string({ unit: fc.constantFrom('*', '?', '$', '{', '}', 'a', '\u{1F600}'), maxLength: 8 });
    fc.assert(
      fc.property(prefixes, (prefix) => {
        const resource = objectsUnder(BUCKET, prefix);
        expect(literal(resource.slice(`${BUCKET}/`.length, -1))).toBe(prefix);
        expect(resource.replace(/\$\{[*?$]\}/g, '').match(/[*?$]/g)).toEqual(['*']);
      }),
      SEEDED,
    );
  });
});

describe('prefixes of which one is the beginning of another', () => {
  test.each<[string, readonly string[], readonly [string, string] | undefined]>([
    ['none', [], undefined],
    ['one', ['a'], undefined],
    ['neighbours', ['a/', 'b/', 'ab'], undefined],
    ['the same twice', ['b', 'a', 'b'], ['b', 'b']],
    ['inner before outer', ['logs/2026/', 'logs/'], ['logs/', 'logs/2026/']],
    ['the empty one', ['a', ''], ['', 'a']],
    ['with others sorting between', ['a', 'a!', 'b', 'a/b'], ['a', 'a!']],
    ['of half a character', ['\u{1F600}/', '\ud83d'], ['\ud83d', '\u{1F600}/']],
    ['in capitals', ['Logs/', 'logs/a'], undefined],
  ])('are found: %s', (_, prefixes, nested) => {
    expect(findNested(prefixes)).toEqual(nested);
  });

  test('are found exactly where comparing each with each finds some', () => {
    const several = fc.oneof(fc.array(anyKeys, { maxLength: 12 }), disjointKeys(12));
    const seen = { nested: 0, disjoint: 0 };
    fc.assert(
      fc.property(several, (prefixes) => {
        const pairs = prefixes.flatMap((a, i) => prefixes.filter((b, j) => i !== j && b.startsWith(a)).map((b) => `${a} ${b}`));
        const found = findNested(prefixes);
        expect(found !== undefined).toBe(pairs.length > 0);
        if (found !== undefined) expect(pairs).toContain(found.join(' '));
        seen[found === undefined ? 'disjoint' : 'nested'] += 1;
      }),
      SEEDED,
    );
    expect(Math.min(seen.nested, seen.disjoint)).toBeGreaterThan(50);
  });
});
