import { classifyMessage, MESSAGE_HEAD_BYTES } from '../../../lib/domain/client-side/message';
import { KEYRINGS, kmsAndRaw, parsedHeader, rawAes, rawRsa, read, SUITES, written, writtenInOnePiece } from './real-messages';

/** What the verifier sees of an object. */
const judged = (message: Buffer, size = message.length) => classifyMessage(message.subarray(0, MESSAGE_HEAD_BYTES), size);
const CONTEXT = { team: 'data', purpose: 'Prüfung' };
const plaintext = Buffer.from('name,amount\nÄnne,1\n'.repeat(20));

const COMMITTING = ['05 78', '04 78'];
const CASES = SUITES.flatMap(({ id, printed }) => Object.entries(KEYRINGS).map(([name, keys]) => ({ suite: id, printed, name, ...keys })));

test('the SDK knows eleven suites', () => {
  const known = ['00 14', '00 46', '00 78', '01 14', '01 46', '01 78', '02 14', '03 46', '03 78', '04 78', '05 78'];
  expect(SUITES.map(({ printed }) => printed).sort()).toEqual(known);
});

describe.each(CASES)('a message of $printed that the SDK wrote, under $name', ({ suite, printed, keyring, arns, others }) => {
  const envelope = {
    format: 'AWS Encryption SDK',
    version: COMMITTING.includes(printed) ? '2' : '1',
    algorithm: printed,
    keyCommitment: COMMITTING.includes(printed),
    wrappingKeyArns: arns,
    unnamedWrappingKeys: others,
  };

  test.each([
    { frameLength: 4096, context: {} },
    { frameLength: 64, context: CONTEXT },
    { frameLength: plaintext.length, context: CONTEXT },
    { frameLength: 7, context: {} },
  ])('in frames of $frameLength is an envelope, and the parser of the SDK reads the same', async ({ frameLength, context }) => {
    const message = await written({ suite, keyring, plaintext, frameLength, context });
    expect(judged(message)).toEqual({ kind: 'envelope', envelope });
    const header = parsedHeader(message.subarray(0, MESSAGE_HEAD_BYTES))?.messageHeader;
    const keys = header?.encryptedDataKeys ?? [];
    expect([header?.suiteId, header?.version]).toEqual([suite, Number(envelope.version)]);
    expect(keys.filter(({ providerId }) => providerId === 'aws-kms').map(({ providerInfo }) => providerInfo)).toEqual(arns);
    expect(keys).toHaveLength(arns.length + others);
  });

  test('of no plaintext is an envelope', async () => {
    expect(judged(await written({ suite, keyring, plaintext: Buffer.alloc(0) }))).toEqual({ kind: 'envelope', envelope });
  });

  test('gives the plaintext back, so that it is a real one', async () => {
    const message = await written({ suite, keyring, plaintext, context: CONTEXT });
    expect(await read(message, keyring, suite)).toEqual(plaintext);
  });
});

describe.each(SUITES.filter(({ name }) => !name.includes('ECDSA')))('a message of $printed in one piece', ({ id, printed }) => {
  test.each([0, 1, 5_000])('of %i bytes is an envelope, and is decrypted by the SDK', async (length) => {
    const content = Buffer.alloc(length, 'x');
    const message = await writtenInOnePiece(id, rawAes, content);
    expect(await read(message, rawAes, id)).toEqual(content);
    expect(judged(message)).toMatchObject({ kind: 'envelope', envelope: { algorithm: printed } });
    expect([judged(message, message.length + 1).kind, judged(message, message.length - 1).kind]).toEqual(['malformed', 'malformed']);
  });
});

describe('against the parser of the SDK', () => {
  /** Where it reads no header, there is no envelope. It does not look at content types, frames or ARNs, which are checked here. */
  const agrees = (bytes: Buffer, size: number): 'envelope' | 'refused' | 'stricter' | 'laxer' => {
    const isEnvelope = classifyMessage(bytes.subarray(0, MESSAGE_HEAD_BYTES), size).kind === 'envelope';
    const isRead = parsedHeader(bytes.subarray(0, MESSAGE_HEAD_BYTES)) !== undefined;
    if (isEnvelope) return isRead ? 'envelope' : 'laxer';
    return isRead ? 'stricter' : 'refused';
  };

  test.each(SUITES)(
    '$printed: cut off at any byte, it is an envelope only where both read the header and the body begins',
    async ({ id }) => {
      const message = await written({ suite: id, keyring: kmsAndRaw, plaintext, frameLength: 64, context: CONTEXT });
      const headerEnds = parsedHeader(message);
      const length = (headerEnds?.headerLength ?? 0) + (headerEnds?.headerAuth.headerAuthLength ?? 0);
      expect(length).toBeGreaterThan(300);
      for (let end = 0; end < length; end += 1) {
        expect([end, agrees(message.subarray(0, end), end), agrees(message.subarray(0, end), message.length)]).toEqual([
          end,
          'refused',
          'refused',
        ]);
      }
      const ends = Array.from({ length: message.length - length }, (_, index) => length + index);
      expect(new Set(ends.map((end) => agrees(message.subarray(0, end), end)))).not.toContain('laxer');
    },
  );

  test.each(SUITES)('$printed: with any byte of its header another, it is an envelope only where the parser reads it', async ({ id }) => {
    const message = await written({ suite: id, keyring: kmsAndRaw, plaintext, frameLength: 64, context: CONTEXT });
    const length = parsedHeader(message)?.headerLength ?? 0;
    const found = { envelope: 0, refused: 0, stricter: 0, laxer: 0 };
    for (let at = 0; at < length; at += 1) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const other = Buffer.from(message);
        other[at] = (other[at] ?? 0) ^ flip;
        found[agrees(other, other.length)] += 1;
      }
    }
    expect(found.laxer).toBe(0);
    expect(found.refused).toBeGreaterThan(30);
    expect(found.stricter).toBeGreaterThan(100);
  });
});

describe('a header that is longer than what is read', () => {
  test('is not judged by its part, though it begins well and names a key', async () => {
    const context = { note: 'x'.repeat(5_000) };
    const message = await written({ suite: 0x0578, keyring: kmsAndRaw, plaintext, context });
    expect(parsedHeader(message)).toBeDefined();
    expect(judged(message)).toEqual({
      kind: 'malformed',
      why: 'message of the AWS Encryption SDK: it goes on after the 4096 bytes that were read, and cannot be judged',
    });
  });

  test('that ends just there is judged, down to how the body begins', async () => {
    const sized = async (note: number) => {
      const message = await written({ suite: 0x0478, keyring: rawAes, plaintext, context: { note: 'x'.repeat(note) } });
      const header = parsedHeader(message);
      return { message, end: (header?.headerLength ?? 0) + 16 };
    };
    const { end } = await sized(1_000);
    // What of the only frame has to be seen: two marks of four bytes, an IV, and its length.
    const longest = await sized(1_000 + MESSAGE_HEAD_BYTES - 24 - end);
    expect(longest.end + 24).toBe(MESSAGE_HEAD_BYTES);
    expect(judged(longest.message).kind).toBe('envelope');
    expect(judged((await sized(1_001 + MESSAGE_HEAD_BYTES - 24 - end)).message).kind).toBe('malformed');
  });
});

test('the same bytes in Base64 are no message: whoever uploads them so cannot read them back', async () => {
  const message = await written({ suite: 0x0578, keyring: rawRsa, plaintext });
  expect(judged(Buffer.from(message.toString('base64'))).kind).toBe('none');
});
