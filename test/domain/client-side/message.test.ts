import { classifyMessage } from '../../../lib/domain/client-side/message';
import { RIGHT_KEY } from '../sample-keys';
import {
  joined,
  kmsKey,
  type MessageParts,
  rawAesKey,
  rawRsaKey,
  replaced,
  type Sections,
  SUITE_TABLE,
  type SuiteRow,
  sectionsOf,
  uint8,
  uint16,
  uint32,
} from './built-messages';
import { PUBLISHED_KEYS, PUBLISHED_MESSAGE } from './published-message';
import { parsedHeader } from './real-messages';

/**
 * Each sentence with a MUST of the published formats that can be seen in the first bytes of a message and its size:
 * https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/data-format/message-header.md and, beside it, message-body.md,
 * message-footer.md, and ../framework/algorithm-suites.md, structures.md, raw-aes-keyring.md, aws-kms/aws-kms-keyring.md.
 */
const suiteRow = (id: string): SuiteRow => {
  const row = SUITE_TABLE.find(([each]) => each === id);
  if (row === undefined) throw new Error(`no suite ${id}`);
  return row;
};
const made = (changes: Partial<MessageParts> = {}): Sections =>
  sectionsOf({ suite: suiteRow('0478'), context: [], dataKeys: [rawAesKey(32)], frameLength: 4096, plaintextLength: 32, ...changes });
const V1 = { suite: suiteRow('0178') };

const judged = (sections: Sections, size?: number) => {
  const message = joined(sections);
  return classifyMessage(message, size ?? message.length);
};
const kindOf = (sections: Sections, size?: number) => judged(sections, size).kind;
function kindWith(sections: Sections, name: string, bytes: Buffer): string {
  const other = replaced(sections, name, () => bytes);
  return other === undefined ? `no section ${name}` : kindOf(other);
}

describe('message-header.md', () => {
  test('The value of the `Version` field MUST be `01` in the Version 1.0 header body.', () => {
    expect([kindOf(made(V1)), kindWith(made(V1), 'version', uint8(2))]).toEqual(['envelope', 'none']);
  });

  test('The value of the `Version` field MUST be `02` in the Version 2.0 header body.', () => {
    expect([kindOf(made()), kindWith(made(), 'version', uint8(1))]).toEqual(['envelope', 'none']);
  });

  test('The version (hex) of this field MUST be a value that exists in the following table', () => {
    for (const version of [0, 3, 4, 0xff]) expect(kindWith(made(), 'version', uint8(version))).toBe('none');
  });

  test('The type (hex) of this field MUST be a value that exists in the following table', () => {
    for (const type of [0, 0x7f, 0x81]) expect(kindWith(made(V1), 'type', uint8(type))).toBe('none');
  });

  test('The value (hex) of this field MUST be a value that exists in the Supported Algorithm Suites table, of the ESDK', () => {
    const every = Array.from({ length: 0x10000 }, (_, id) => id);
    const taken = (version: 1 | 2) => {
      const of = version === 1 ? made(V1) : made();
      const isTaken = (id: number) => {
        const other = replaced(of, 'suite', () => uint16(id)) ?? of;
        const found = judged(other);
        return found.kind === 'envelope' || (found.kind === 'malformed' && !found.why.includes('no suite'));
      };
      return every.filter(isTaken).map((id) => id.toString(16).padStart(4, '0'));
    };
    expect(taken(1)).toEqual(['0014', '0046', '0078', '0114', '0146', '0178', '0214', '0346', '0378']);
    expect(taken(2)).toEqual(['0478', '0578']);
  });

  test('When the encryption context is empty, the value of this field MUST be 0, and this field MUST NOT be included in the AAD.', () => {
    const counted: Sections = made().flatMap((section) =>
      section[0] === 'context length' ? [['context length', uint16(2)] as const, ['context count', uint16(0)] as const] : [section],
    );
    expect([kindOf(made()), kindOf(counted)]).toEqual(['envelope', 'malformed']);
  });

  test('Encrypted Data Key Count: This value MUST be greater than 0.', () => {
    expect(kindOf(made({ dataKeys: [] }))).toBe('malformed');
  });

  test('The value (hex) of this field MUST be a value that exists in the following table: content types', () => {
    for (const type of [0, 3, 0xff]) expect(kindWith(made(), 'content type', uint8(type))).toBe('malformed');
  });

  test('The length of the suite data field MUST be equal to the Algorithm Suite Data Length value', () => {
    for (const length of [0, 31, 33]) expect(kindWith(made(), 'suite data', Buffer.alloc(length))).toBe('malformed');
  });

  test('Reserved: that MUST have the value (hex) of `00 00 00 00`.', () => {
    for (const value of [1, 0xff000000]) expect(kindWith(made(V1), 'reserved', uint32(value))).toBe('malformed');
  });

  test('IV Length: This value MUST be equal to the IV length value of the algorithm suite', () => {
    for (const length of [0, 11, 13, 16]) expect(kindWith(made(V1), 'iv length', uint8(length))).toBe('malformed');
  });

  test('When the content type is non-framed, the value of this field MUST be 0.', () => {
    const inOnePiece = made({ frameLength: 0 });
    expect([kindOf(inOnePiece), kindWith(inOnePiece, 'frame length', uint32(4096))]).toEqual(['envelope', 'malformed']);
    expect(kindWith(made(), 'frame length', uint32(0))).toBe('malformed');
  });
});

describe('structures.md, of the encryption context', () => {
  const context: [string, string][] = [
    ['a', '1'],
    ['b', '2'],
  ];

  test('Key Value Pair Count: The value of this field MUST be greater than 0.', () => {
    expect([kindOf(made({ context })), kindWith(made({ context }), 'context count', uint16(0))]).toEqual(['envelope', 'malformed']);
  });

  test('This sequence MUST NOT contain duplicate entries.', () => {
    expect(kindOf(made({ context: [...context, ['a', '3']] }))).toBe('malformed');
  });

  // https://github.com/aws/aws-encryption-sdk-javascript/issues/428: so written by the SDK for JavaScript, unless told otherwise.
  test('These entries MUST be sorted, by key: not held against a message, as the SDK for JavaScript sorts by another rule', () => {
    expect(kindOf(made({ context: [...context].reverse() }))).toBe('envelope');
  });

  test('Keys and values are UTF-8 encoded bytes', () => {
    const broken = replaced(made({ context }), 'context', (bytes) => Buffer.from(bytes).fill(0xff, 2, 3));
    expect(broken && kindOf(broken)).toBe('malformed');
  });
});

describe('what the materials managers make of `aws-crypto-public-key`', () => {
  const key: [string, string][] = [['aws-crypto-public-key', 'A'.repeat(68)]];

  test.each(SUITE_TABLE)('suite %s: it is there exactly where the message is signed', (...suite) => {
    const dataKeys = [rawAesKey(suite[2])];
    const isSigned = suite[3] > 0;
    expect(kindOf(made({ suite, dataKeys, context: key }))).toBe(isSigned ? 'envelope' : 'malformed');
    expect(kindOf(made({ suite, dataKeys }))).toBe(isSigned ? 'malformed' : 'envelope');
  });
});

describe('wrapped data keys', () => {
  test('raw-aes-keyring.md: lengths of tag and IV in the provider information; the ciphertext is the data key and its tag', () => {
    for (const [id, , keyLength] of SUITE_TABLE.filter(([, , , signature]) => signature === 0)) {
      const wrappedIn = (length: number) =>
        kindOf(made({ suite: suiteRow(id), dataKeys: [{ ...rawAesKey(keyLength), key: Buffer.alloc(length) }] }));
      expect([id, [keyLength + 16, keyLength, keyLength + 15, keyLength + 17].map(wrappedIn)]).toEqual([
        id,
        ['envelope', 'malformed', 'malformed', 'malformed'],
      ]);
    }
  });

  test("are never shorter than what they wrap, and always somebody's", () => {
    const keyed = (provider: string, length: number) =>
      kindOf(made({ dataKeys: [{ provider, info: Buffer.from('k'), key: Buffer.alloc(length) }] }));
    expect([keyed('team', 32), keyed('team', 31), keyed('team', 0), keyed('', 32)]).toEqual([
      'envelope',
      'malformed',
      'malformed',
      'malformed',
    ]);
  });

  test.each(['aws-kms', 'aws-kms-rsa'])(
    'aws-kms-keyring.md: The provider info MUST be a valid AWS KMS ARN with a resource type of `key`: %s',
    (provider) => {
      const named = (info: string) => judged(made({ dataKeys: [{ ...kmsKey(info), provider }] }));
      expect(named(RIGHT_KEY)).toMatchObject({ kind: 'envelope', envelope: { wrappingKeyArns: [RIGHT_KEY], unnamedWrappingKeys: 0 } });
      for (const info of [
        '',
        'alias/data',
        RIGHT_KEY.replace(':key/mrk-1234abcd12ab34cd56ef1234567890ab', ':alias/data'),
        `${RIGHT_KEY} `,
        RIGHT_KEY.slice(0, -1),
      ]) {
        expect([info, named(info).kind]).toEqual([info, 'malformed']);
      }
    },
  );

  test('of KMS have a length that KMS can return', () => {
    const ofLength = (length: number) => kindOf(made({ dataKeys: [kmsKey(RIGHT_KEY, length)] }));
    expect([ofLength(60), ofLength(61), ofLength(184)]).toEqual(['malformed', 'envelope', 'envelope']);
  });

  // https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-hierarchical-keyring.md: a branch key.
  test('that name an ARN for another provider than KMS are not taken at their word', () => {
    const dataKeys = [
      kmsKey(RIGHT_KEY),
      { ...kmsKey(RIGHT_KEY), provider: 'aws-kms-hierarchy' },
      { ...kmsKey(RIGHT_KEY), provider: 'AWS-KMS' },
      rawRsaKey(),
    ];
    expect(judged(made({ dataKeys }))).toMatchObject({ envelope: { wrappingKeyArns: [RIGHT_KEY], unnamedWrappingKeys: 3 } });
  });

  test('names no key twice as one: each wrapped data key counts', () => {
    expect(judged(made({ dataKeys: [kmsKey(RIGHT_KEY), kmsKey(RIGHT_KEY)] }))).toMatchObject({
      envelope: { wrappingKeyArns: [RIGHT_KEY, RIGHT_KEY] },
    });
  });
});

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

test('message-footer.md: When an algorithm suite includes a signature algorithm the message MUST contain a footer.', () => {
  const signed = (id: string) =>
    made({ suite: suiteRow(id), context: [['aws-crypto-public-key', 'A'.repeat(68)]], dataKeys: [rawAesKey(suiteRow(id)[2])] });
  for (const id of ['0578', '0378', '0346', '0214']) {
    const whole = signed(id);
    expect([id, kindOf(whole), kindOf(whole.filter(([name]) => !name.startsWith('signature')))]).toEqual([id, 'envelope', 'malformed']);
  }
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
