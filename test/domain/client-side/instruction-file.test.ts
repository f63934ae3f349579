import {
  classifyInstructionFile,
  classifySidecar,
  DEFAULT_INSTRUCTION_FILE_SUFFIX,
  instructionFileKey,
  MAX_INSTRUCTION_FILE_BYTES,
} from '../../../lib/domain/client-side/instruction-file';
import type { ObjectFacts } from '../../../lib/domain/client-side/metadata';
import { RIGHT_KEY } from '../sample-keys';
import { CONTENT_OF_V3, having, V1, V2, V2_OF_KMS, V3, WRAPPED_KEY_OF_V3 } from './sample-objects';

/**
 * Each sentence with a MUST on instruction files:
 * https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/s3-encryption/data-format/metadata-strategy.md
 */
const bare: ObjectFacts = { key: 'report.csv', size: 48, metadata: {} };
const contentOfV3: ObjectFacts = { ...bare, metadata: CONTENT_OF_V3 };
const SUFFIX = '.instruction';

const kindOf = (body: string, object = bare) => classifyInstructionFile(body, object).kind;
const sidecar = (body: string, of: Partial<ObjectFacts> = {}): ObjectFacts => ({
  key: 'report.csv.instruction',
  size: Buffer.byteLength(body),
  metadata: { 'x-amz-crypto-instr-file': '' },
  ...of,
});
const judged = (body: string, of: Partial<ObjectFacts> = {}, suffix = SUFFIX) => classifySidecar(sidecar(body, of), body, suffix);

const fileOf = (object: ObjectFacts, changes: Readonly<Record<string, string | undefined>> = {}) =>
  JSON.stringify(having(object, changes).metadata);
const FILE_OF_V3 = JSON.stringify(WRAPPED_KEY_OF_V3);

test('The default Instruction File behavior uses the same S3 object key as its associated object suffixed with ".instruction".', () => {
  expect(instructionFileKey('a/b.csv', DEFAULT_INSTRUCTION_FILE_SUFFIX)).toBe('a/b.csv.instruction');
  expect(instructionFileKey('a/b.csv', '.other-team')).toBe('a/b.csv.other-team');
});

describe('metadata-strategy.md, "Instruction File"', () => {
  test('The content metadata MUST be serialized to a JSON string.', () => {
    const bodies = ['', 'x', '[]', '"{}"', 'null', '{"x-amz-key":1}', fileOf(V2).replace('{', '{"x-amz-iv":"AAAA",')];
    for (const body of bodies) expect([body, kindOf(body), judged(body).kind]).toEqual([body, 'malformed', 'malformed']);
  });

  test('The serialized JSON string MUST be the only contents of the Instruction File.', () => {
    for (const body of [
      `${fileOf(V2)}x`,
      `x${fileOf(V2)}`,
      `${fileOf(V2)}${fileOf(V2)}`,
      `\uFEFF${fileOf(V2)}`,
      fileOf(V2, { note: 'mine' }),
    ]) {
      expect([body, kindOf(body), judged(body).kind]).toEqual([body, 'malformed', 'malformed']);
    }
    expect([kindOf(` ${fileOf(V2)}\n`), judged(` ${fileOf(V2)}\n`).kind]).toEqual(['envelope', 'instruction-file']);
  });
});

describe('metadata-strategy.md, "V1/V2 Instruction Files"', () => {
  const each = [
    ['V1', V1],
    ['V2', V2],
    ['V2', V2_OF_KMS],
  ] as const;
  test.each(each)(
    '%s: In the V1/V2 message format, all of the content metadata MUST be stored in the Instruction File.',
    (version, written) => {
      expect(classifyInstructionFile(fileOf(written), bare)).toMatchObject({
        kind: 'envelope',
        envelope: { version, keyCommitment: false },
      });
      const names = Object.keys(written.metadata);
      for (const name of names) {
        expect([name, kindOf(fileOf(written, { [name]: undefined })), judged(fileOf(written, { [name]: undefined })).kind]).toEqual([
          name,
          'malformed',
          'malformed',
        ]);
        const split = having(bare, { [name]: written.metadata[name] });
        expect([name, kindOf(fileOf(written, { [name]: undefined }), split)]).toEqual([name, 'malformed']);
      }
    },
  );
});

describe('metadata-strategy.md, "V3 Instruction Files"', () => {
  test.each(Object.keys(CONTENT_OF_V3))(
    'The V3 message format MUST store the mapkey "%s" and its value in the Object Metadata.',
    (name) => {
      expect([kindOf(FILE_OF_V3, contentOfV3), kindOf(FILE_OF_V3, having(contentOfV3, { [name]: undefined }))]).toEqual([
        'envelope',
        'malformed',
      ]);
    },
  );

  test.each(Object.entries(CONTENT_OF_V3))(
    'The V3 message format MUST NOT store the mapkey "%s" and its value in the Instruction File.',
    (name, value) => {
      const body = JSON.stringify({ ...WRAPPED_KEY_OF_V3, [name]: value });
      expect([kindOf(body, contentOfV3), kindOf(body, having(contentOfV3, { [name]: undefined })), judged(body).kind]).toEqual([
        'malformed',
        'malformed',
        'malformed',
      ]);
    },
  );

  // "x-amz-m" and "x-amz-t" with the addition "(when present in the content metadata)".
  test.each(Object.entries(WRAPPED_KEY_OF_V3))(
    'The V3 message format MUST store the mapkey "%s" and its value in the Instruction File.',
    (name, value) => {
      const { [name as keyof typeof WRAPPED_KEY_OF_V3]: _, ...rest } = WRAPPED_KEY_OF_V3;
      const body = JSON.stringify(rest);
      expect([kindOf(body, contentOfV3), kindOf(body, having(contentOfV3, { [name]: value })), judged(body).kind]).toEqual([
        'malformed',
        'malformed',
        'malformed',
      ]);
    },
  );

  test('is put together from the object and the file, and has key commitment', () => {
    expect(classifyInstructionFile(FILE_OF_V3, contentOfV3)).toEqual({
      kind: 'envelope',
      envelope: {
        format: 'Amazon S3 Encryption Client',
        version: 'V3',
        algorithm: '115',
        keyCommitment: true,
        wrappingKeyArns: [],
        unnamedWrappingKeys: 1,
      },
    });
  });

  test('a whole V3 in the file is none, and neither is a file of V2 beside an object of V3', () => {
    expect([kindOf(fileOf(V3)), judged(fileOf(V3)).kind, kindOf(fileOf(V2), contentOfV3)]).toEqual(['malformed', 'malformed', 'malformed']);
  });
});

describe('an instruction file and the object that it belongs to', () => {
  test('agree on the size', () => {
    expect([kindOf(fileOf(V1), { ...bare, size: 49 }), kindOf(fileOf(V2), { ...bare, size: 15 })]).toEqual(['malformed', 'malformed']);
    const stated = { ...bare, metadata: { 'x-amz-unencrypted-content-length': '32' } };
    expect([kindOf(fileOf(V2), stated), kindOf(fileOf(V2), { ...stated, size: 49 })]).toEqual(['envelope', 'malformed']);
    const within = fileOf(V2, { 'x-amz-unencrypted-content-length': '32' });
    expect([kindOf(within), kindOf(within, { ...bare, size: 49 }), kindOf(within, stated)]).toEqual(['envelope', 'malformed', 'malformed']);
  });

  test('have no envelope each: what the object has of its own would be read first', () => {
    expect(kindOf(fileOf(V2), V2)).toBe('malformed');
    expect(kindOf(fileOf(V2), having(bare, { 'X-Amz-Iv': 'a', 'x-amz-iv': 'b' }))).toBe('malformed');
  });

  test('name the key where the file does', () => {
    expect(classifyInstructionFile(fileOf(V2_OF_KMS), bare)).toMatchObject({
      envelope: { wrappingKeyArns: [RIGHT_KEY], unnamedWrappingKeys: 0 },
    });
  });
});

describe('a sidecar, judged by itself', () => {
  test('belongs to the object whose key it has, but for the suffix', () => {
    expect([judged(fileOf(V2)), judged(FILE_OF_V3)]).toEqual([
      { kind: 'instruction-file', of: 'report.csv' },
      { kind: 'instruction-file', of: 'report.csv' },
    ]);
    expect(judged(fileOf(V1), { key: 'a.instruction.instruction' })).toEqual({ kind: 'instruction-file', of: 'a.instruction' });
    expect(judged(fileOf(V1), { key: 'report.csv.team-b' }, '.team-b')).toEqual({ kind: 'instruction-file', of: 'report.csv' });
  });

  test.each([
    ['report.csv', SUFFIX],
    ['.instruction', SUFFIX],
    ['report.csv.INSTRUCTION', SUFFIX],
    ['report.csv.instruction', '.team-b'],
    ['report.csv.instruction', ''],
  ])('with the key %j and the suffix %j is of no object', (key, suffix) => {
    expect(judged(fileOf(V2), { key }, suffix).kind).toBe('malformed');
  });

  // https://github.com/aws/aws-sdk-java/blob/master/aws-java-sdk-s3/src/main/java/com/amazonaws/services/s3/package-info.java
  test('"The following key is always included as part of the S3 metadata of the instruction file": x-amz-crypto-instr-file', () => {
    expect(judged(fileOf(V2), { metadata: {} }).kind).toBe('malformed');
    expect(judged(fileOf(V2), { metadata: { 'X-Amz-Crypto-Instr-File': 'x' } }).kind).toBe('instruction-file');
    expect(judged(fileOf(V2), { metadata: { 'x-amz-crypto-instr-file': '', 'x-amz-unencrypted-content-length': '32' } }).kind).toBe(
      'instruction-file',
    );
  });

  test('with an envelope in its own metadata says two things at once', () => {
    expect(judged(fileOf(V2), { metadata: { 'x-amz-crypto-instr-file': '', 'x-amz-iv': 'AAAA' } }).kind).toBe('malformed');
  });

  test('is wholly what was read of it, down to bytes that are no text', () => {
    const body = fileOf(V2);
    expect([judged(body, { size: body.length + 1 }).kind, judged(body, { size: body.length - 1 }).kind]).toEqual([
      'malformed',
      'malformed',
    ]);
    const broken = Buffer.concat([Buffer.from('{"x-amz-matdesc":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(classifySidecar(sidecar('', { size: broken.length }), broken.toString('utf8'), SUFFIX)).toEqual({
      kind: 'malformed',
      why: 'an instruction file that is not the text that was read of it',
    });
  });

  test('has no room for data beside the envelope', () => {
    const padded = (length: number) => fileOf(V2).padEnd(length, ' ');
    expect([judged(padded(MAX_INSTRUCTION_FILE_BYTES)).kind, kindOf(padded(MAX_INSTRUCTION_FILE_BYTES))]).toEqual([
      'instruction-file',
      'envelope',
    ]);
    const more = padded(MAX_INSTRUCTION_FILE_BYTES + 1);
    expect([judged(more).kind, kindOf(more)]).toEqual(['malformed', 'malformed']);
  });

  test('does not repeat in its reason what was written there', () => {
    const found = [judged('{"SECRET":"SECRET"}'), judged('SECRET'), classifyInstructionFile('{"SECRET":"SECRET"}', bare)];
    expect(found.map(({ kind }) => kind)).toEqual(['malformed', 'malformed', 'malformed']);
    expect(JSON.stringify(found)).not.toContain('SECRET');
  });
});
