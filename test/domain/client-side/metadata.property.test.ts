import fc from 'fast-check';
import { classifyMetadata, type ObjectFacts } from '../../../lib/domain/client-side/metadata';
import { SEEDED } from '../arbitraries';
import { CORRUPTIONS } from './corruptions';
import { WRITTEN_OBJECTS } from './generated-envelopes';

const GENERATED = { ...SEEDED, numRuns: 300 };
const VERSIONS = Object.entries(WRITTEN_OBJECTS);

describe.each(VERSIONS)('envelopes of %s, as clients write them', (_version, objects) => {
  test('are envelopes, with the algorithm, the commitment and the keys that were written', () => {
    fc.assert(
      fc.property(objects, ({ object, envelope }) => {
        expect(classifyMetadata(object)).toEqual({ kind: 'envelope', envelope });
      }),
      SEEDED,
    );
  });

  test('are read in any case of their names', () => {
    fc.assert(
      fc.property(objects, fc.boolean(), ({ object, envelope }, isUpper) => {
        const named = (name: string) => (isUpper ? name.toUpperCase() : name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()));
        const metadata = Object.fromEntries(Object.entries(object.metadata).map(([name, value]) => [named(name), value]));
        expect(classifyMetadata({ ...object, metadata })).toEqual({ kind: 'envelope', envelope });
      }),
      GENERATED,
    );
  });
});

/** What became of a thing that is no envelope any more. */
const verdictOn = (object: ObjectFacts) => {
  const found = classifyMetadata(object);
  return found.kind === 'malformed' && found.why === '' ? 'malformed without a reason' : found.kind;
};

test('no envelope is left of one with a single field made wrong; where nobody could tell, the table says why', () => {
  let judged = 0;
  const applied = new Set<string>();
  const unseen = new Set<string>();
  fc.assert(
    fc.property(fc.oneof(...VERSIONS.map(([, objects]) => objects)), ({ object }) => {
      for (const { name, of, unobservable } of CORRUPTIONS) {
        const corrupted = of(object);
        if (corrupted === undefined) continue;
        judged += 1;
        const reason = unobservable?.(object);
        const expected = reason === undefined ? 'malformed' : 'envelope';
        if (reason === undefined) applied.add(name);
        else unseen.add(reason);
        expect([name, verdictOn(corrupted)]).toEqual([name, expected]);
      }
    }),
    GENERATED,
  );
  expect(judged).toBeGreaterThan(5_000);
  expect(CORRUPTIONS.map(({ name }) => name).filter((name) => !applied.has(name))).toEqual(['x-amz-m removed']);
  expect([...unseen].sort()).toEqual([
    'GCM makes ciphertexts of any length',
    'KMS does not say how long its ciphertexts are',
    'both RSA paddings make a modulus long',
    'its default is an empty description',
  ]);
});

test('whatever metadata an object has, it is judged, and is an envelope only with a wrapped data key', () => {
  const names = fc.constantFrom(
    'x-amz-key',
    'x-amz-key-v2',
    'x-amz-3',
    'x-amz-iv',
    'x-amz-c',
    'x-amz-d',
    'x-amz-i',
    'x-amz-w',
    'x-amz-matdesc',
    'note',
  );
  const values = fc.oneof(fc.string(), fc.constantFrom('115', '12', '{}', '__proto__'), fc.base64String());
  fc.assert(
    fc.property(fc.dictionary(fc.oneof(names, fc.string()), values), fc.nat(), (metadata, size) => {
      const kinds = ['none', 'malformed', 'needs-instruction-file', 'claims-instruction-file'];
      expect(kinds).toContain(classifyMetadata({ key: 'k', size, metadata }).kind);
    }),
    SEEDED,
  );
});
