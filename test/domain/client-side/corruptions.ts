import type { ObjectFacts } from '../../../lib/domain/client-side/metadata';

/** One field of an envelope, made wrong. */
export interface Corruption {
  readonly name: string;
  /** Nothing, where it does not apply. */
  readonly of: (object: ObjectFacts) => ObjectFacts | undefined;
  /** Why a reader without the key cannot tell: the published format lets the result be written, too. */
  readonly unobservable?: (object: ObjectFacts) => string | undefined;
}

type Change = (value: string) => string | undefined;

const BASE64_FIELDS = ['x-amz-key', 'x-amz-key-v2', 'x-amz-3', 'x-amz-iv', 'x-amz-d', 'x-amz-i'];
const JSON_FIELDS = ['x-amz-matdesc', 'x-amz-m', 'x-amz-t'];
const NAMES = ['x-amz-wrap-alg', 'x-amz-cek-alg', 'x-amz-tag-len', 'x-amz-c', 'x-amz-w'];
const ENVELOPE_FIELDS = [...BASE64_FIELDS, ...JSON_FIELDS, ...NAMES];
const LENGTH = 'x-amz-unencrypted-content-length';

const wrapOf = ({ metadata }: ObjectFacts) => metadata['x-amz-wrap-alg'] ?? metadata['x-amz-w'];
const isKms = (object: ObjectFacts) => ['kms', 'kms+context', '12'].includes(wrapOf(object) ?? '');
const isOfKey = (field: string) => /^x-amz-(key|key-v2|3)$/.test(field);

function changed(field: string, what: string, change: Change, unobservable?: Corruption['unobservable']): Corruption {
  const of = (object: ObjectFacts): ObjectFacts | undefined => {
    const value = object.metadata[field];
    const result = value === undefined ? undefined : change(value);
    return result === undefined || result === value ? undefined : { ...object, metadata: { ...object.metadata, [field]: result } };
  };
  return { name: `${field} ${what}`, of, ...(unobservable && { unobservable }) };
}

function without(field: string): Corruption {
  const of = (object: ObjectFacts): ObjectFacts | undefined => {
    const { [field]: value, ...metadata } = object.metadata;
    return value === undefined ? undefined : { ...object, metadata };
  };
  const unobservable = (): string | undefined => (field === 'x-amz-m' ? 'its default is an empty description' : undefined);
  return { name: `${field} removed`, of, unobservable };
}

const resized = (text: string, by: number): string => {
  const bytes = Buffer.from(text, 'base64');
  return Buffer.concat([bytes, Buffer.alloc(Math.max(by, 0))])
    .subarray(0, bytes.length + by)
    .toString('base64');
};

const ofBase64 = BASE64_FIELDS.flatMap((field): Corruption[] => {
  const kmsLength: Corruption['unobservable'] = (object) =>
    isOfKey(field) && isKms(object) ? 'KMS does not say how long its ciphertexts are' : undefined;
  return [
    changed(field, 'longer by a byte', (value) => resized(value, 1), kmsLength),
    changed(field, 'shorter by a byte', (value) => resized(value, -1), kmsLength),
    changed(field, 'of one byte', () => 'AA=='),
    changed(field, 'longer than anything', () => Buffer.alloc(6145).toString('base64')),
    changed(field, 'not Base64', (value) => `!${value.slice(1)}`),
    changed(field, 'with a line break', (value) => `${value.slice(0, 4)}\n${value.slice(4)}`),
    changed(field, 'without its padding', (value) => value.replace(/=+$/, '')),
    changed(field, 'with unused bits set', (value) => (/[AQgw]==$/.test(value) ? value.replace(/.==$/, 'B==') : undefined)),
    changed(field, 'in the alphabet of URLs', (value) => value.replaceAll('+', '-').replaceAll('/', '_')),
  ];
});

const ofJson = JSON_FIELDS.flatMap((field): Corruption[] => [
  changed(field, 'cut off', (value) => value.slice(0, -1)),
  changed(field, 'a list', () => '["a"]'),
  changed(field, 'a text', () => '"a"'),
  changed(field, 'with a number', () => '{"a":1}'),
  changed(field, 'nested', () => '{"a":{"b":"c"}}'),
  changed(field, 'with a name twice', () => '{"a":"1","a":"2"}'),
  changed(field, 'with something after it', (value) => `${value}x`),
  changed(field, 'with the algorithm of another content', () => '{"aws:x-amz-cek-alg":"AES/CTR/NoPadding","kms_cmk_id":"alias/a"}'),
]);

const WRAPS = [
  'AES/GCM',
  'AESWrap',
  'kms+context',
  'kms',
  'RSA/ECB/OAEPWithSHA-256AndMGF1Padding',
  'RSA-OAEP-SHA1',
  'AES/CBC',
  'aes/gcm',
  '02',
];
const CONTENTS = ['AES/GCM/NoPadding', 'AES/CBC/PKCS5Padding', 'AES/CTR/NoPadding', 'aes/gcm/nopadding', '115'];
const bothRsa = (a: string | undefined, b: string) =>
  a?.startsWith('RSA') && b.startsWith('RSA') ? 'both RSA paddings make a modulus long' : undefined;

const ofNames = [
  ...WRAPS.map((wrap) =>
    changed(
      'x-amz-wrap-alg',
      `is ${wrap}`,
      () => wrap,
      (object) => bothRsa(wrapOf(object), wrap),
    ),
  ),
  ...CONTENTS.map((content) => changed('x-amz-cek-alg', `is ${content}`, () => content)),
  ...['120', '0128', '128 ', '96', '-128'].map((bits) => changed('x-amz-tag-len', `is ${bits}`, () => bits)),
  ...['114', '116', '0x73', '0115', '112', 'AES/GCM/NoPadding'].map((suite) => changed('x-amz-c', `is ${suite}`, () => suite)),
  ...['02', '12', '22', '2', '32', 'AES/GCM'].map((wrap) => changed('x-amz-w', `is ${wrap}`, () => wrap)),
];

/** Of each version that the object is not. */
const added = ENVELOPE_FIELDS.map((field): Corruption => {
  const isV3 = /^x-amz-(.|3)$/.test(field);
  const of = (object: ObjectFacts): ObjectFacts | undefined => {
    const ofThisV3 = object.metadata['x-amz-3'] !== undefined && isV3;
    if (object.metadata[field] !== undefined || ofThisV3) return undefined;
    return { ...object, metadata: { ...object.metadata, [field]: 'AAAA' } };
  };
  return { name: `${field} added`, of };
});

const twice: Corruption = {
  name: 'a name in two cases',
  of: (object) => ({ ...object, metadata: { ...object.metadata, 'X-Amz-Unencrypted-Content-Length': '0', [LENGTH]: '0' } }),
};
const marked: Corruption = {
  name: 'marked as an instruction file',
  of: (object) => ({ ...object, metadata: { ...object.metadata, 'x-amz-crypto-instr-file': '' } }),
};

const isCbc = ({ metadata }: ObjectFacts) => metadata['x-amz-key'] !== undefined || metadata['x-amz-cek-alg'] === 'AES/CBC/PKCS5Padding';
const anyLength: Corruption['unobservable'] = (object) =>
  isCbc(object) || object.metadata[LENGTH] !== undefined ? undefined : 'GCM makes ciphertexts of any length';
const sized = (what: string, size: (size: number) => number, unobservable?: Corruption['unobservable']): Corruption => ({
  name: `an object ${what}`,
  of: (object) => (size(object.size) === object.size ? undefined : { ...object, size: size(object.size) }),
  ...(unobservable && { unobservable }),
});

const ofSize = [
  sized('of a byte more', (size) => size + 1, anyLength),
  sized('of nothing', () => 0),
  sized('of less than a tag', () => 15),
  sized('of more than GCM encrypts', () => 2 ** 36 - 15, undefined),
  changed(LENGTH, 'a block more', (value) => `${Number(value) + 16}`),
  changed(LENGTH, 'negative', (value) => `-${value}`),
  changed(LENGTH, 'no number', () => '1e3'),
  changed(LENGTH, 'with a zero before it', (value) => `0${value}`),
];

export const CORRUPTIONS: readonly Corruption[] = [
  ...ENVELOPE_FIELDS.map(without),
  ...ENVELOPE_FIELDS.map((field) => changed(field, 'empty', () => '')),
  ...ofBase64,
  ...ofJson,
  ...ofNames,
  ...added,
  ...ofSize,
  twice,
  marked,
];
