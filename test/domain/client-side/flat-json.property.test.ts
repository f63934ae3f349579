import fc from 'fast-check';
import { flatJson } from '../../../lib/domain/client-side/flat-json';
import { SEEDED } from '../arbitraries';

/** What `JSON.parse` makes of a text, where that is an object of strings. */
function parsed(text: string): [string, string][] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.values(value).every((each) => typeof each === 'string') ? Object.entries(value) : undefined;
  } catch {
    return undefined;
  }
}

const sorted = (entries: Iterable<[string, string]>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
const objects = fc.dictionary(
  fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'x-amz-c')),
  fc.string({ unit: 'binary' }),
);
const texts = fc.oneof(
  fc.tuple(objects, fc.constantFrom(undefined, 2, '\t')).map(([object, space]) => JSON.stringify(object, undefined, space)),
  fc.json(),
  fc.string({ unit: fc.constantFrom(...'{}":,\\ abu0\n1[]') }),
);

test('an object of strings is read as JSON.parse reads it, and any other text is refused', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const expected = parsed(text);
      const read = flatJson(text);
      expect(read && sorted(read)).toEqual(expected && sorted(expected));
    }),
    { ...SEEDED, numRuns: 5_000 },
  );
});

test.each([
  ['the same name twice', '{"a":"1","a":"2"}'],
  ['the same name in two spellings', '{"a":"1","\\u0061":"2"}'],
  ['two objects', '{"a":"1"}{"b":"2"}'],
  ['a byte order mark', '\uFEFF{"a":"1"}'],
  ['a comma at the end', '{"a":"1",}'],
  ['a line break within quotes', '{"a":"\n"}'],
  ['an object within', '{"a":{}}'],
])('%s is refused', (_what, text) => {
  expect(flatJson(text)).toBeUndefined();
});
