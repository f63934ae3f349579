import type { ObjectFacts } from '../../../lib/domain/client-side/metadata';
import { RIGHT_KEY } from '../sample-keys';

const bytes = (length: number) => Buffer.alloc(length, 7).toString('base64');

/** An object of each version that the format allows with the fewest fields, 32 bytes of plaintext in it. */
export const V1: ObjectFacts = {
  key: 'report.csv',
  size: 48,
  metadata: { 'x-amz-key': bytes(48), 'x-amz-iv': bytes(16), 'x-amz-matdesc': '{}' },
};

export const V2: ObjectFacts = {
  key: 'report.csv',
  size: 48,
  metadata: {
    'x-amz-key-v2': bytes(184),
    'x-amz-iv': bytes(12),
    'x-amz-matdesc': '{"aws:x-amz-cek-alg":"AES/GCM/NoPadding"}',
    'x-amz-wrap-alg': 'kms+context',
    'x-amz-cek-alg': 'AES/GCM/NoPadding',
    'x-amz-tag-len': '128',
  },
};

export const V2_OF_KMS: ObjectFacts = {
  key: 'report.csv',
  size: 48,
  metadata: {
    'x-amz-key-v2': bytes(184),
    'x-amz-iv': bytes(16),
    'x-amz-matdesc': JSON.stringify({ kms_cmk_id: RIGHT_KEY }),
    'x-amz-wrap-alg': 'kms',
    'x-amz-cek-alg': 'AES/CBC/PKCS5Padding',
  },
};

/** What stays with the object of V3, wherever the rest of the envelope is. */
export const CONTENT_OF_V3 = { 'x-amz-c': '115', 'x-amz-d': bytes(28), 'x-amz-i': bytes(28) };
export const WRAPPED_KEY_OF_V3 = { 'x-amz-3': bytes(184), 'x-amz-w': '12', 'x-amz-t': '{"aws:x-amz-cek-alg":"115"}' };

export const V3: ObjectFacts = { key: 'report.csv', size: 48, metadata: { ...CONTENT_OF_V3, ...WRAPPED_KEY_OF_V3 } };
export const V3_OF_AES: ObjectFacts = {
  key: 'report.csv',
  size: 48,
  metadata: { ...CONTENT_OF_V3, 'x-amz-3': bytes(60), 'x-amz-w': '02', 'x-amz-m': '{"team":"data"}' },
};

/** The same object with fields changed, or without those that are undefined. */
export function having(object: ObjectFacts, changes: Readonly<Record<string, string | undefined>>): ObjectFacts {
  const entries = Object.entries({ ...object.metadata, ...changes }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...object, metadata: Object.fromEntries(entries) };
}

export const ofBytes = bytes;
