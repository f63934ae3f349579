import fc from 'fast-check';
import { classifyInstructionFile, classifySidecar } from '../../../lib/domain/client-side/instruction-file';
import { classifyMetadata, type ObjectFacts } from '../../../lib/domain/client-side/metadata';
import { SEEDED } from '../arbitraries';
import { CORRUPTIONS } from './corruptions';
import { WRITTEN_OBJECTS } from './generated-envelopes';

const SUFFIX = '.instruction';
const WITH_OBJECT = ['x-amz-c', 'x-amz-d', 'x-amz-i', 'author', 'x-amz-unencrypted-content-length'];

/** The same envelope as a client writes it with instruction files on. */
function apart({ key, size, metadata }: ObjectFacts): { object: ObjectFacts; sidecar: ObjectFacts; body: string } {
  const stays = (name: string) => WITH_OBJECT.includes(name.toLowerCase());
  const part = (of: boolean) => Object.fromEntries(Object.entries(metadata).filter(([name]) => stays(name) === of));
  const { 'x-amz-crypto-instr-file': _, ...inFile } = part(false);
  const body = JSON.stringify(inFile);
  const sidecar = { key: `${key}${SUFFIX}`, size: Buffer.byteLength(body), metadata: { 'x-amz-crypto-instr-file': '' } };
  return { object: { key, size, metadata: part(true) }, sidecar, body };
}

describe.each(Object.entries(WRITTEN_OBJECTS))('envelopes of %s in instruction files', (version, objects) => {
  test('are those of the objects, and the files are sidecars of them', () => {
    fc.assert(
      fc.property(objects, (written) => {
        const { object, sidecar, body } = apart(written.object);
        expect(classifyInstructionFile(body, object)).toEqual({ kind: 'envelope', envelope: written.envelope });
        expect(classifySidecar(sidecar, body, SUFFIX)).toEqual({ kind: 'instruction-file', of: object.key });
        const hasLength = 'x-amz-unencrypted-content-length' in object.metadata;
        const expected = version === 'V3' ? 'rest' : hasLength ? 'all' : undefined;
        expect(classifyMetadata(object)).toEqual(expected ? { kind: 'needs-instruction-file', part: expected } : { kind: 'none' });
      }),
      SEEDED,
    );
  });

  test('are none with a single field made wrong, and neither is the sidecar where the field is in it', () => {
    let judged = 0;
    fc.assert(
      fc.property(objects, (written) => {
        const whole = apart(written.object);
        for (const { name, of, unobservable } of CORRUPTIONS) {
          const corrupted = name === 'marked as an instruction file' ? undefined : of(written.object);
          if (corrupted === undefined) continue;
          judged += 1;
          const { object, sidecar, body } = apart(corrupted);
          const reason = unobservable?.(written.object);
          expect([name, classifyInstructionFile(body, object).kind]).toEqual([name, reason ? 'envelope' : 'malformed']);
          const inFile = body !== whole.body && !reason;
          expect([name, classifySidecar(sidecar, body, SUFFIX).kind]).toEqual([name, inFile ? 'malformed' : 'instruction-file']);
        }
      }),
      { ...SEEDED, numRuns: 100 },
    );
    expect(judged).toBeGreaterThan(2_000);
  });

  test('are none if any character of the file is another, or the file is cut off, unless the result is another envelope', () => {
    fc.assert(
      fc.property(objects, fc.nat(), fc.constantFrom('"', '{', '}', ',', '\\', '\n', 'é', ''), ({ object: whole }, position, character) => {
        const { object, sidecar, body } = apart(whole);
        const at = position % body.length;
        const cut = body.slice(0, at);
        expect([classifyInstructionFile(cut, object).kind, classifySidecar(sidecar, cut, SUFFIX).kind]).toEqual(['malformed', 'malformed']);
        const other = `${cut}${character}${body.slice(at + 1)}`;
        const kinds = [
          classifyInstructionFile(other, object).kind,
          classifySidecar({ ...sidecar, size: Buffer.byteLength(other) }, other, SUFFIX).kind,
        ];
        const isStillJson = isObjectOfStrings(other);
        expect(
          [
            [['malformed', 'malformed']],
            [
              ['malformed', 'malformed'],
              ['envelope', 'instruction-file'],
            ],
          ][isStillJson ? 1 : 0],
        ).toContainEqual(kinds);
      }),
      SEEDED,
    );
  });
});

function isObjectOfStrings(text: string): boolean {
  try {
    return Object.values(JSON.parse(text)).every((value) => typeof value === 'string');
  } catch {
    return false;
  }
}
