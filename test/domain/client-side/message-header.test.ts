import { RIGHT_KEY } from '../sample-keys';
import { kmsKey, rawAesKey, rawRsaKey, replaced, type Sections, SUITE_TABLE, uint8, uint16, uint32 } from './built-messages';
import { judged, kindOf, kindWith, made, suiteRow, V1 } from './judged-messages';

/**
 * Each sentence with a MUST of the published formats that can be seen in the first bytes of a message and its size:
 * https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/data-format/message-header.md, and beside it
 * ../framework/algorithm-suites.md, structures.md, raw-aes-keyring.md, aws-kms/aws-kms-keyring.md.
 */
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
    expect([kindWith(made(), 'frame length', uint32(0)), kindWith(made({ plaintextLength: 0 }), 'frame length', uint32(0))]).toEqual([
      'malformed',
      'malformed',
    ]);
  });
});

describe('structures.md, of the encryption context', () => {
  const context: [string, string][] = [
    ['a', '1'],
    ['b', '2'],
  ];

  test('Key Value Pair Count: The value of this field MUST be greater than 0.', () => {
    expect([kindOf(made({ context })), kindWith(made({ context }), 'context count', uint16(0))]).toEqual(['envelope', 'malformed']);
    expect([1, 3].map((count) => kindWith(made({ context }), 'context count', uint16(count)))).toEqual(['malformed', 'malformed']);
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
