import fc from 'fast-check';
import type { Envelope } from '../../../lib/domain/client-side/evidence';
import type { ObjectFacts } from '../../../lib/domain/client-side/metadata';
import { arnOf, keyParts } from '../arbitraries';

/** An object as a client for S3 writes it, and what is to be said of it: written from the published format, not from the classifier. */
export interface WrittenObject {
  readonly object: ObjectFacts;
  readonly envelope: Envelope;
}

export const base64Of = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('base64'));

const words = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });
const descriptions = fc
  .uniqueArray(fc.tuple(words, words), { maxLength: 3, selector: ([name]) => name })
  .map((entries) => entries.filter(([name]) => name !== 'aws:x-amz-cek-alg' && name !== 'kms_cmk_id'));
const json = (entries: readonly (readonly [string, string])[]) => JSON.stringify(Object.fromEntries(entries));

const moduli = fc.constantFrom(128, 256, 384, 512);
/** What KMS returns for 32 bytes, then and now, and anything about it. */
const kmsCiphertexts = fc.oneof(fc.constantFrom(184, 203, 204), fc.integer({ min: 96, max: 400 }));

/** Lengths of wrapped data keys, by algorithm. */
const WRAPPED: Readonly<Record<string, fc.Arbitrary<number>>> = {
  'AES/GCM': fc.constant(60),
  AESWrap: fc.constant(40),
  'RSA-OAEP-SHA1': moduli,
  'RSA/ECB/OAEPWithSHA-256AndMGF1Padding': moduli,
  kms: kmsCiphertexts,
  'kms+context': kmsCiphertexts,
};

const keys = fc.string({ minLength: 1, maxLength: 20 });
const plaintexts = fc.record({ length: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.nat({ max: 2 ** 31 })), stated: fc.boolean() });
const cbcSize = (length: number) => (Math.floor(length / 16) + 1) * 16;

function written(
  key: string,
  size: number,
  fields: Readonly<Record<string, string>>,
  plaintext: { length: number; stated: boolean },
  envelope: Omit<Envelope, 'format' | 'unnamedWrappingKeys'>,
): WrittenObject {
  const length: Record<string, string> = plaintext.stated ? { 'x-amz-unencrypted-content-length': `${plaintext.length}` } : {};
  const unnamedWrappingKeys = envelope.wrappingKeyArns.length === 0 ? 1 : 0;
  return {
    object: { key, size, metadata: { ...fields, ...length, author: 'me' } },
    envelope: { format: 'Amazon S3 Encryption Client', ...envelope, unnamedWrappingKeys },
  };
}

const v1: fc.Arbitrary<WrittenObject> = fc
  .record({
    key: keys,
    plaintext: plaintexts,
    dataKey: fc.oneof(fc.constant(48), moduli).chain(base64Of),
    iv: base64Of(16),
    description: descriptions,
  })
  .map(({ key, plaintext, dataKey, iv, description }) =>
    written(key, cbcSize(plaintext.length), { 'x-amz-key': dataKey, 'x-amz-iv': iv, 'x-amz-matdesc': json(description) }, plaintext, {
      version: 'V1',
      algorithm: 'AES/CBC/PKCS5Padding',
      keyCommitment: false,
      wrappingKeyArns: [],
    }),
  );

const v2: fc.Arbitrary<WrittenObject> = fc
  .record({
    wrap: fc.constantFrom(...Object.keys(WRAPPED)),
    isGcm: fc.boolean(),
    key: keys,
    plaintext: plaintexts,
    description: descriptions,
  })
  .chain(({ wrap, isGcm, ...rest }) =>
    fc.record({
      wrap: fc.constant(wrap),
      isGcm: fc.constant(isGcm),
      rest: fc.constant(rest),
      dataKey: (WRAPPED[wrap] ?? fc.constant(0)).chain(base64Of),
      iv: base64Of(isGcm ? 12 : 16),
      kmsKey: fc.oneof(keyParts.map(arnOf), fc.constantFrom('alias/data', '0987dcba-09fe-87dc-65ba-ab0987654321')),
    }),
  )
  .map(({ wrap, isGcm, rest: { key, plaintext, description }, dataKey, iv, kmsKey }) => {
    const algorithm = isGcm ? 'AES/GCM/NoPadding' : 'AES/CBC/PKCS5Padding';
    const reserved: [string, string][] =
      wrap === 'kms' ? [['kms_cmk_id', kmsKey]] : wrap === 'kms+context' ? [['aws:x-amz-cek-alg', algorithm]] : [];
    const fields = { 'x-amz-key-v2': dataKey, 'x-amz-iv': iv, 'x-amz-wrap-alg': wrap, 'x-amz-cek-alg': algorithm };
    return written(
      key,
      isGcm ? plaintext.length + 16 : cbcSize(plaintext.length),
      { ...fields, 'x-amz-matdesc': json([...description, ...reserved]), ...(isGcm ? { 'x-amz-tag-len': '128' } : {}) },
      plaintext,
      { version: 'V2', algorithm, keyCommitment: false, wrappingKeyArns: wrap === 'kms' && kmsKey.startsWith('arn:') ? [kmsKey] : [] },
    );
  });

const WRAPPED_IN_V3: Readonly<Record<string, string>> = { '02': 'AES/GCM', '12': 'kms+context', '22': 'RSA-OAEP-SHA1' };

const v3: fc.Arbitrary<WrittenObject> = fc
  .constantFrom('02', '12', '22')
  .chain((wrap) =>
    fc.record({
      wrap: fc.constant(wrap),
      key: keys,
      plaintext: plaintexts,
      description: descriptions,
      dataKey: (WRAPPED[WRAPPED_IN_V3[wrap] ?? ''] ?? fc.constant(0)).chain(base64Of),
      commitment: base64Of(28),
      messageId: base64Of(28),
    }),
  )
  .map(({ wrap, key, plaintext, description, dataKey, commitment, messageId }) => {
    const fields = { 'x-amz-c': '115', 'x-amz-3': dataKey, 'x-amz-w': wrap, 'x-amz-d': commitment, 'x-amz-i': messageId };
    const described: Record<string, string> =
      wrap === '12' ? { 'x-amz-t': json([...description, ['aws:x-amz-cek-alg', '115']]) } : { 'x-amz-m': json(description) };
    return written(key, plaintext.length + 16, { ...fields, ...described }, plaintext, {
      version: 'V3',
      algorithm: '115',
      keyCommitment: true,
      wrappingKeyArns: [],
    });
  });

export const WRITTEN_OBJECTS: Readonly<Record<'V1' | 'V2' | 'V3', fc.Arbitrary<WrittenObject>>> = { V1: v1, V2: v2, V3: v3 };
