import { classifyMetadata, type ObjectFacts } from '../../../lib/domain/client-side/metadata';
import { RIGHT_KEY } from '../sample-keys';
import { CONTENT_OF_V3, having, ofBytes, V1, V2, V2_OF_KMS, V3, V3_OF_AES, WRAPPED_KEY_OF_V3 } from './sample-objects';

/**
 * Each sentence with a MUST of the published formats that user metadata can follow or break:
 * https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/s3-encryption/data-format/content-metadata.md
 */
const kindOf = (object: ObjectFacts) => classifyMetadata(object).kind;
const envelopeOf = (object: ObjectFacts) => {
  const found = classifyMetadata(object);
  return found.kind === 'envelope' ? found.envelope : found;
};

describe('content-metadata.md, "Content Metadata MapKeys"', () => {
  test.each([
    ['The mapkey "x-amz-key" MUST be present for V1 format objects.', V1, 'x-amz-key'],
    ['The mapkey "x-amz-matdesc" MUST be present for V1 format objects.', V1, 'x-amz-matdesc'],
    ['The mapkey "x-amz-iv" MUST be present for V1 format objects.', V1, 'x-amz-iv'],
    ['The mapkey "x-amz-key-v2" MUST be present for V2 format objects.', V2, 'x-amz-key-v2'],
    ['The mapkey "x-amz-matdesc" MUST be present for V2 format objects.', V2, 'x-amz-matdesc'],
    ['The mapkey "x-amz-iv" MUST be present for V2 format objects.', V2, 'x-amz-iv'],
    ['The mapkey "x-amz-wrap-alg" MUST be present for V2 format objects.', V2, 'x-amz-wrap-alg'],
    ['The mapkey "x-amz-cek-alg" MUST be present for V2 format objects.', V2, 'x-amz-cek-alg'],
    [
      'If the object is encrypted using AES-GCM for content encryption, then the the mapkey "x-amz-tag-len" MUST be present.',
      V2,
      'x-amz-tag-len',
    ],
    ['The mapkey "x-amz-c" MUST be present for V3 format objects.', V3, 'x-amz-c'],
    ['The mapkey "x-amz-3" MUST be present for V3 format objects.', having(V3, { 'x-amz-t': undefined }), 'x-amz-3'],
    ['The mapkey "x-amz-w" MUST be present for V3 format objects.', V3, 'x-amz-w'],
    ['The mapkey "x-amz-d" MUST be present for V3 format objects.', V3, 'x-amz-d'],
    ['The mapkey "x-amz-i" MUST be present for V3 format objects.', V3, 'x-amz-i'],
  ])('%s', (_sentence, object, field) => {
    expect(kindOf(having(object, { [field]: undefined }))).toBe('malformed');
  });

  test('If the object is encrypted using AES-CBC for content encryption, then the the mapkey "x-amz-tag-len" MUST NOT be present.', () => {
    expect([kindOf(V2_OF_KMS), kindOf(having(V2_OF_KMS, { 'x-amz-tag-len': '128' }))]).toEqual(['envelope', 'malformed']);
  });

  test('The "x-amz-meta-" prefix is automatically added by the S3 server and MUST NOT be included in implementation code.', () => {
    const prefixed = Object.fromEntries(Object.entries(V3.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]));
    expect(kindOf({ ...V3, metadata: prefixed })).toBe('none');
  });

  test('The "x-amz-" prefix […] MUST be prepended to all S3EC metadata mapkeys.', () => {
    const bare = Object.fromEntries(Object.entries(V3.metadata).map(([name, value]) => [name.replace('x-amz-', ''), value]));
    expect(kindOf({ ...V3, metadata: bare })).toBe('none');
  });

  const exclusive = {
    V1: [V1, { ...V2.metadata, ...V3.metadata }],
    V2: [V2, { ...V1.metadata, ...V3.metadata }],
    V3: [V3, { ...V1.metadata, ...V2.metadata }],
  } as const;
  test.each(Object.entries(exclusive))(
    '%s: Mapkeys exclusive to other format versions MUST NOT be present.',
    (_version, [object, others]) => {
      const foreign = Object.entries(others).filter(([name]) => !(name in object.metadata));
      expect(foreign.length).toBeGreaterThan(3);
      for (const [name, value] of foreign) expect([name, kindOf(having(object, { [name]: value }))]).toEqual([name, 'malformed']);
    },
  );
});

describe('content-metadata.md, "Determining S3EC Object Status"', () => {
  test.each([
    [
      'If the metadata contains "x-amz-iv" and "x-amz-key" but no other version exclusive keys then the object MUST be considered […] V1',
      V1,
      'V1',
    ],
    [
      'If the metadata contains "x-amz-iv" and "x-amz-key-v2" but no other version exclusive keys then the object MUST be considered […] V2',
      V2,
      'V2',
    ],
    [
      'If the metadata contains "x-amz-3" and "x-amz-d" and "x-amz-i" but no other version exclusive keys then the object MUST be considered […] V3',
      V3,
      'V3',
    ],
  ])('%s', (_sentence, object, version) => {
    expect(envelopeOf(object)).toMatchObject({ format: 'Amazon S3 Encryption Client', version });
  });

  test('If the object matches none of the V1/V2/V3 formats, the S3EC MUST attempt to get the instruction file.', () => {
    expect(classifyMetadata({ ...V1, metadata: { author: 'me' } })).toEqual({ kind: 'none' });
    const withLength = { 'x-amz-unencrypted-content-length': '32' };
    expect(classifyMetadata({ ...V1, metadata: withLength })).toEqual({ kind: 'needs-instruction-file', part: 'all' });
    expect(classifyMetadata({ ...V3, metadata: CONTENT_OF_V3 })).toEqual({ kind: 'needs-instruction-file', part: 'rest' });
  });
});

describe('content-metadata.md, "Content Metadata Values"', () => {
  test.each([
    ['The wrapping algorithm value "02" MUST be translated to AES/GCM upon retrieval, and vice versa on write.', '02', 60, 61],
    ['The wrapping algorithm value "12" MUST be translated to kms+context upon retrieval, and vice versa on write.', '12', 184, 60],
    ['The wrapping algorithm value "22" MUST be translated to RSA-OAEP-SHA1 upon retrieval, and vice versa on write.', '22', 256, 257],
  ])('%s', (_sentence, digits, possible, impossible) => {
    const context = digits === '12' ? {} : { 'x-amz-t': undefined };
    const wrappedIn = (length: number) => having(V3, { 'x-amz-w': digits, 'x-amz-3': ofBytes(length), ...context });
    expect([kindOf(wrappedIn(possible)), kindOf(wrappedIn(impossible))]).toEqual(['envelope', 'malformed']);
  });

  test('The Material Description MUST be used for wrapping algorithms `AES/GCM` (`02`) and `RSA-OAEP-SHA1` (`22`).', () => {
    expect([kindOf(V3_OF_AES), kindOf(having(V3_OF_AES, { 'x-amz-m': '{' }))]).toEqual(['envelope', 'malformed']);
  });

  test('If the mapkey x-amz-m is not present, the default Material Description value MUST be set to an empty map (`{}`).', () => {
    expect(kindOf(having(V3_OF_AES, { 'x-amz-m': undefined }))).toBe('envelope');
  });

  test('The Encryption Context value MUST be used for wrapping algorithm `kms+context` or `12`.', () => {
    expect([kindOf(V3), kindOf(having(V3, { 'x-amz-t': '{' }))]).toEqual(['envelope', 'malformed']);
    expect(kindOf(having(V3, { 'x-amz-t': undefined, 'x-amz-m': WRAPPED_KEY_OF_V3['x-amz-t'] }))).toBe('malformed');
  });

  // The default of an absent x-amz-t is an empty map, and the same text says that "in practice, this mapkey will always be present": an
  // empty one lacks what clients put in and readers look for, https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html.
  test('a context of kms+context without the algorithm that clients put there is none of theirs', () => {
    expect([kindOf(having(V3, { 'x-amz-t': undefined })), kindOf(having(V3, { 'x-amz-t': '{}' }))]).toEqual(['malformed', 'malformed']);
    const algorithm = '{"aws:x-amz-cek-alg":"115"}';
    const elsewhere = [
      having(V2, { 'x-amz-matdesc': '{}' }),
      having(V1, { 'x-amz-matdesc': algorithm }),
      having(V3_OF_AES, { 'x-amz-m': algorithm }),
    ];
    expect(elsewhere.map(kindOf)).toEqual(['malformed', 'malformed', 'malformed']);
  });

  test.each([
    ['x-amz-wrap-alg (V2) / x-amz-w (V3): the valid values are', having(V2, { 'x-amz-wrap-alg': 'AES/KW' })],
    ['x-amz-cek-alg (V2) / x-amz-c (V3): the valid values are', having(V2, { 'x-amz-cek-alg': 'AES/CTR/NoPadding' })],
    ['x-amz-tag-len: the valid values are 128', having(V2, { 'x-amz-tag-len': '96' })],
  ])('%s', (_sentence, object) => {
    expect(kindOf(object)).toBe('malformed');
  });

  test('This string MAY be encoded by the esoteric double-encoding scheme used by the S3 web server.', () => {
    const context = JSON.stringify({ 'aws:x-amz-cek-alg': 'AES/GCM/NoPadding', team: 'Ünïcode' });
    const inBase64 = `=?UTF-8?B?${Buffer.from(context).toString('base64')}?=`;
    const quoted = [...Buffer.from(context)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`);
    const inQuotedText = `=?UTF-8?Q?${quoted.slice(0, 10).join('')}?= =?UTF-8?Q?${quoted.slice(10).join('')}?=`;
    for (const encoded of [inBase64, inQuotedText]) expect(kindOf(having(V2, { 'x-amz-matdesc': encoded }))).toBe('envelope');
    expect(kindOf(having(V2, { 'x-amz-matdesc': '=?UTF-8?B?e30=?=' }))).toBe('malformed');
  });
});

describe('content-metadata.md, "Algorithm Suite and Message Format Version Compatibility"', () => {
  test('Objects encrypted with ALG_AES_256_CBC_IV16_NO_KDF MAY use either the V1 or V2 message format version.', () => {
    expect([envelopeOf(V1), envelopeOf(V2_OF_KMS)]).toMatchObject([
      { version: 'V1', algorithm: 'AES/CBC/PKCS5Padding' },
      { version: 'V2', algorithm: 'AES/CBC/PKCS5Padding' },
    ]);
  });

  test('Objects encrypted with ALG_AES_256_GCM_IV12_TAG16_NO_KDF MUST use the V2 message format version only.', () => {
    expect(envelopeOf(V2)).toMatchObject({ version: 'V2', algorithm: 'AES/GCM/NoPadding', keyCommitment: false });
    expect(kindOf(having(V3, { 'x-amz-c': 'AES/GCM/NoPadding' }))).toBe('malformed');
  });

  test('Objects encrypted with ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY MUST use the V3 message format version only.', () => {
    expect(envelopeOf(V3)).toMatchObject({ version: 'V3', algorithm: '115', keyCommitment: true });
    expect(kindOf(having(V2, { 'x-amz-cek-alg': '115' }))).toBe('malformed');
  });
});

test("encryption.md: The client MUST validate that the length of the plaintext bytes does not exceed the algorithm suite's cipher's maximum", () => {
  const most = 2 ** 36 - 32 + 16;
  expect([kindOf({ ...V2, size: most }), kindOf({ ...V2, size: most + 1 })]).toEqual(['envelope', 'malformed']);
});

test('encryption.md: The client MUST append the GCM auth tag to the ciphertext, so that no object is shorter than it', () => {
  expect([kindOf({ ...V3, size: 16 }), kindOf({ ...V3, size: 15 })]).toEqual(['envelope', 'malformed']);
});

describe('the wrapping key', () => {
  test('is named by its ARN where V2 under `kms` says so', () => {
    expect(envelopeOf(V2_OF_KMS)).toMatchObject({ wrappingKeyArns: [RIGHT_KEY], unnamedWrappingKeys: 0 });
  });

  test.each(['alias/data', 'd3fd2273-4ca0-4da5-b1c2-c89742ec6a26', 'arn:aws:kms:eu-west-1:111122223333:alias/data', `${RIGHT_KEY}\n`])(
    'is not named by %j',
    (id) => {
      const object = having(V2_OF_KMS, { 'x-amz-matdesc': JSON.stringify({ kms_cmk_id: id }) });
      expect(envelopeOf(object)).toMatchObject({ wrappingKeyArns: [], unnamedWrappingKeys: 1 });
    },
  );

  test('is not taken from the context of kms+context, which anybody may fill', () => {
    const context = JSON.stringify({ 'aws:x-amz-cek-alg': 'AES/GCM/NoPadding', kms_cmk_id: RIGHT_KEY });
    expect(envelopeOf(having(V2, { 'x-amz-matdesc': context }))).toMatchObject({ wrappingKeyArns: [], unnamedWrappingKeys: 1 });
  });

  test('has to be there under `kms`', () => {
    expect([
      kindOf(having(V2_OF_KMS, { 'x-amz-matdesc': '{}' })),
      kindOf(having(V2_OF_KMS, { 'x-amz-matdesc': '{"kms_cmk_id":""}' })),
    ]).toEqual(['malformed', 'malformed']);
  });
});

describe('what is forged', () => {
  // https://github.com/aws/amazon-s3-encryption-client-dotnet/pull/174: it once was enough to pass for V3.
  test('a bare x-amz-c is no envelope', () => {
    expect(kindOf({ ...V3, metadata: { 'x-amz-c': '115' } })).toBe('malformed');
  });

  test.each(Object.keys({ ...V1.metadata, ...V2.metadata, ...V3.metadata, 'x-amz-m': '' }))('a bare %s is no envelope', (name) => {
    expect(kindOf({ ...V3, metadata: { [name]: '115' } })).toBe('malformed');
  });

  test('a V3 that leaves its data key to an instruction file, and keeps another part of that, is no envelope', () => {
    expect(kindOf(having(V3, { 'x-amz-3': undefined }))).toBe('malformed');
    expect(kindOf({ ...V3, metadata: { ...CONTENT_OF_V3, 'x-amz-i': 'AAAA' } })).toBe('malformed');
    expect(kindOf({ ...V3, size: 15, metadata: CONTENT_OF_V3 })).toBe('malformed');
  });

  test('the marker of instruction files beside an envelope is no envelope, and alone has to be looked into', () => {
    expect(kindOf(having(V3, { 'x-amz-crypto-instr-file': '' }))).toBe('malformed');
    expect(kindOf({ ...V3, metadata: { 'x-amz-crypto-instr-file': '' } })).toBe('claims-instruction-file');
  });

  test('names what is missing, or is there twice', () => {
    const why = (object: ObjectFacts) => {
      const found = classifyMetadata(object);
      return found.kind === 'malformed' ? found.why : found.kind;
    };
    expect(why(having(V2, { 'x-amz-iv': undefined }))).toBe('V2 without x-amz-iv');
    expect(why(having(V2, V1.metadata))).toBe('it has the data keys of V1 and V2 at once');
    expect(why(having(V2, { 'x-amz-c': '115' }))).toBe('V2 with x-amz-c, which other versions have');
    expect(why({ ...V3, metadata: { 'x-amz-c': '115' } })).toBe('it has x-amz-c, and no wrapped data key');
  });

  test('a data key longer than any RSA modulus is no envelope', () => {
    const wrapped = (length: number) =>
      kindOf(having(V2, { 'x-amz-wrap-alg': 'RSA-OAEP-SHA1', 'x-amz-matdesc': '{}', 'x-amz-key-v2': ofBytes(length) }));
    expect([64, 128, 2048, 2112].map(wrapped)).toEqual(['malformed', 'envelope', 'envelope', 'malformed']);
  });

  test('says why, without repeating what was written there', () => {
    const found = classifyMetadata(having(V2, { 'x-amz-matdesc': 'SECRET', 'x-amz-iv': 'SECRET', 'x-amz-wrap-alg': 'SECRET' }));
    expect(JSON.stringify(found)).not.toContain('SECRET');
    expect(found).toEqual({ kind: 'malformed', why: 'V2: x-amz-iv is not the Base64 of 12 bytes' });
  });
});
