import { classifyMessage } from '../../../lib/domain/client-side/message';
import { joined, rawAesKey, replaced, SUITE_TABLE, uint32 } from './built-messages';
import { judged, kindOf, kindWith, made, suiteRow } from './judged-messages';
import { PUBLISHED_KEYS, PUBLISHED_MESSAGE } from './published-message';
import { parsedHeader } from './real-messages';

/**
 * As message-header.test.ts, of the rest of a message, as far as its first bytes and its size tell:
 * https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/data-format/message-body.md, and beside it message-footer.md.
 */
describe('message-body.md', () => {
  const inOnePiece = made({ frameLength: 0, plaintextLength: 654 });
  const inFrames = made({ frameLength: 32, plaintextLength: 100 });

  test('Non-framed data MUST consist of, in order, IV, Encrypted Content Length, Encrypted Content, and Authentication Tag.', () => {
    expect([
      kindOf(inOnePiece),
      kindWith(inOnePiece, 'content length', uint32(653)),
      kindWith(inOnePiece, 'tag', Buffer.alloc(15)),
    ]).toEqual(['envelope', 'malformed', 'malformed']);
  });

  test('The value of this field MUST NOT be greater than `2^36 - 32`', () => {
    const most = (length: number) => {
      const of = replaced(inOnePiece, 'content length high', () => uint32(Math.floor(length / 2 ** 32))) ?? [];
      const stated = replaced(of, 'content length', () => uint32(length % 2 ** 32)) ?? [];
      return kindOf(stated, joined(inOnePiece).length - 654 + length);
    };
    expect([most(2 ** 36 - 32), most(2 ** 36 - 31)]).toEqual(['envelope', 'malformed']);
  });

  test('Framed Data MUST start at Sequence Number 1.', () => {
    expect([kindOf(inFrames), kindWith(inFrames, 'sequence number', uint32(2)), kindWith(made(), 'sequence number', uint32(2))]).toEqual([
      'envelope',
      'malformed',
      'malformed',
    ]);
  });

  test('The length of the encrypted content of a Regular Frame MUST be equal to the Frame Length.', () => {
    const size = joined(inFrames).length;
    // Frames of 32 and their 32 bytes besides; of the last one, 4 of content: 28 more, then the next frame begins.
    expect([kindOf(inFrames, size + 28), kindOf(inFrames, size + 29), kindOf(inFrames, size - 5)]).toEqual([
      'envelope',
      'malformed',
      'malformed',
    ]);
  });

  test('Framed data MUST contain exactly one final frame.', () => {
    const end = inFrames.findIndex(([name]) => name === 'later sequence number');
    expect(kindOf(inFrames.slice(0, end))).toBe('malformed');
  });

  test('Sequence Number End: The value MUST be encoded as the 4 bytes `FF FF FF FF`', () => {
    expect(kindWith(made(), 'final mark', uint32(0xfffffffe))).toBe('malformed');
  });

  test('The Final Frame Sequence number MUST be equal to the total number of frames in the Framed Data.', () => {
    expect(kindWith(made(), 'sequence number', uint32(3))).toBe('malformed');
  });

  test('The length of the plaintext to be encrypted in the Final Frame MUST be […] less than or equal to the Frame Length.', () => {
    expect([kindOf(made({ frameLength: 32 })), kindWith(made({ frameLength: 32 }), 'frame length', uint32(31))]).toEqual([
      'envelope',
      'malformed',
    ]);
  });

  test('The length of the serialized encrypted content field MUST be equal to the value of the Encrypted Content Length field.', () => {
    expect([kindWith(made(), 'content length', uint32(31)), kindWith(made(), 'content', Buffer.alloc(31))]).toEqual([
      'malformed',
      'malformed',
    ]);
  });
});

describe('message-footer.md', () => {
  const signed = (id: string) =>
    made({ suite: suiteRow(id), context: [['aws-crypto-public-key', 'A'.repeat(68)]], dataKeys: [rawAesKey(suiteRow(id)[2])] });

  test.each(['0578', '0378', '0346', '0214'])(
    '%s: When an algorithm suite includes a signature algorithm the message MUST contain a footer.',
    (id) => {
      expect([kindOf(signed(id)), kindOf(signed(id).filter(([name]) => !name.startsWith('signature')))]).toEqual(['envelope', 'malformed']);
    },
  );

  // Two integers as DER: https://www.secg.org/sec1-v2.pdf, C.5; of P-384 at most 49 bytes each.
  test('a signature is as long as ECDSA makes it', () => {
    const ofLength = (length: number) => kindWith(signed('0578'), 'signature', Buffer.alloc(length));
    expect([7, 8, 104, 105].map(ofLength)).toEqual(['malformed', 'envelope', 'envelope', 'malformed']);
  });

  test('more bytes than the object has were not read of it, though a shorter signature would make up for them', () => {
    const message = joined(signed('0578'));
    expect([classifyMessage(message, message.length - 1).kind, classifyMessage(message.subarray(0, 400), message.length - 1).kind]).toEqual(
      ['malformed', 'envelope'],
    );
  });
});

test('algorithm-suites.md: key commitment is a matter of the suites `05 78` and `04 78`', () => {
  const committed = SUITE_TABLE.filter((suite) => {
    const context: [string, string][] = suite[3] > 0 ? [['aws-crypto-public-key', 'A'.repeat(68)]] : [];
    const found = judged(made({ suite, context, dataKeys: [rawAesKey(suite[2])] }));
    return found.kind === 'envelope' && found.envelope.keyCommitment;
  });
  expect(committed.map(([id]) => id)).toEqual(['0578', '0478']);
});

test('the message that the specification prints is an envelope under both its keys, and the parser of the SDK reads it', () => {
  expect(parsedHeader(PUBLISHED_MESSAGE)?.messageHeader.encryptedDataKeys.map(({ providerInfo }) => providerInfo)).toEqual(PUBLISHED_KEYS);
  expect(classifyMessage(PUBLISHED_MESSAGE, PUBLISHED_MESSAGE.length)).toEqual({
    kind: 'envelope',
    envelope: {
      format: 'AWS Encryption SDK',
      version: '1',
      algorithm: '03 78',
      keyCommitment: false,
      wrappingKeyArns: PUBLISHED_KEYS,
      unnamedWrappingKeys: 0,
    },
  });
});

describe('what is no message', () => {
  test.each([
    ['nothing', ''],
    ['a text', 'name,amount\n'],
    ['a picture', '\x89PNG\r\n\x1a\n'],
    ['an archive', 'PK\x03\x04'],
    ['one byte that a message begins with', '\x01'],
    ['a table of numbers', '\x01\x00\x00\x00\x02\x00'],
  ])('%s is none', (_what, text) => {
    const bytes = Buffer.from(text, 'latin1');
    expect(classifyMessage(bytes, bytes.length + 100)).toEqual({ kind: 'none' });
  });

  test('more bytes than the object has were read of something else', () => {
    expect(kindOf(made(), joined(made()).length - 1)).toBe('malformed');
  });

  test('a view into a larger buffer is read where it begins', () => {
    const message = joined(made());
    const around = Buffer.concat([Buffer.alloc(7, 1), message, Buffer.alloc(7, 1)]);
    expect(classifyMessage(new Uint8Array(around.buffer, around.byteOffset + 7, message.length), message.length).kind).toBe('envelope');
  });

  test('the reason does not repeat what was written there', () => {
    const found = judged(made({ dataKeys: [{ provider: 'aws-kms', info: Buffer.from('SECRET'), key: Buffer.alloc(184) }] }));
    expect(found).toEqual({ kind: 'malformed', why: 'message of the AWS Encryption SDK: the provider aws-kms names no key by its ARN' });
  });
});
