import fc from 'fast-check';
import { classifyMessage, MESSAGE_HEAD_BYTES } from '../../../lib/domain/client-side/message';
import { SEEDED } from '../arbitraries';
import {
  envelopeOf,
  joined,
  type MessageParts,
  messageParts,
  replaced,
  type Sections,
  SUITE_TABLE,
  sectionsOf,
  uint8,
  uint16,
  uint32,
} from './built-messages';
import { parsedHeader } from './real-messages';

const judged = (message: Buffer, size = message.length) => classifyMessage(message.subarray(0, MESSAGE_HEAD_BYTES), size);
const GENERATED = { ...SEEDED, numRuns: 250 };

interface Corruption {
  readonly name: string;
  readonly of: (sections: Sections) => Sections | undefined;
  /** Why nobody can tell without the key, or without reading on. */
  readonly unobservable?: (parts: MessageParts) => string | undefined;
}

const changed = (
  section: string,
  what: string,
  change: (bytes: Buffer) => Buffer | undefined,
  unobservable?: Corruption['unobservable'],
): Corruption => ({
  name: `${section} ${what}`,
  of: (sections) => replaced(sections, section, change),
  ...(unobservable && { unobservable }),
});

const isUnsigned = ({ suite }: MessageParts) => suite[3] === 0;
const frames = ({ frameLength, plaintextLength }: MessageParts) => (frameLength === 0 ? 1 : Math.ceil(plaintextLength / frameLength));
const ofTheRest = (parts: MessageParts): string | undefined => {
  if (frames(parts) > 1) return 'frames after the first are not read';
  return isUnsigned(parts) ? undefined : 'signatures differ in length';
};

const LENGTHS = ['context length', 'provider length', 'info length', 'key length'];
const OPAQUE = ['message id', 'suite data', 'header iv', 'header tag', 'iv'];

const CORRUPTIONS: readonly Corruption[] = [
  ...[0, 3, 0x41, 0x7b, 0xff].map((value) => changed('version', `is ${value}`, () => uint8(value))),
  changed('version', 'is the other', (bytes) => uint8(3 - (bytes[0] ?? 0))),
  ...[0, 0x81, 0xff].map((value) => changed('type', `is ${value}`, () => uint8(value))),
  ...['0000', '0015', '0278', '0314', '0378ff', '0479', '0678', '0072', '0073', '6700'].map((id) =>
    changed('suite', `is ${id}`, () => Buffer.from(id, 'hex')),
  ),
  ...SUITE_TABLE.map(([id, version, , signature]): Corruption => {
    const of = (sections: Sections) => replaced(sections, 'suite', () => Buffer.from(id, 'hex'));
    const unobservable = ({ suite }: MessageParts) =>
      suite[1] === version && suite[3] > 0 === signature > 0 ? 'suites differ in what only the key tells' : undefined;
    return { name: `suite is ${id}`, of, unobservable };
  }),
  ...LENGTHS.flatMap((name) => [
    changed(name, 'one more', (bytes) => uint16(bytes.readUInt16BE() + 1)),
    changed(name, 'one less', (bytes) => (bytes.readUInt16BE() === 0 ? undefined : uint16(bytes.readUInt16BE() - 1))),
    changed(name, 'the most', () => uint16(0xffff)),
  ]),
  ...OPAQUE.map((name) =>
    changed(
      name,
      'of other bytes',
      (bytes) => Buffer.alloc(bytes.length, 0x3c),
      () => 'it is random',
    ),
  ),
  ...[...OPAQUE, 'reserved', 'frame length', 'suite', 'key count'].flatMap((name) => [
    changed(
      name,
      'a byte longer',
      (bytes) => Buffer.concat([bytes, uint8(0xa5)]),
      name === 'iv' ? (parts) => (frames(parts) > 1 ? ofTheRest(parts) : undefined) : undefined,
    ),
    changed(
      name,
      'a byte shorter',
      (bytes) => bytes.subarray(1),
      name === 'iv' ? (parts) => (frames(parts) > 1 ? ofTheRest(parts) : undefined) : undefined,
    ),
  ]),
  changed('context count', 'is none', () => uint16(0)),
  changed('context count', 'one more', (bytes) => uint16(bytes.readUInt16BE() + 1)),
  changed('context count', 'one less', (bytes) => uint16(bytes.readUInt16BE() - 1)),
  changed('context', 'is not UTF-8', (bytes) =>
    bytes.length < 6 || bytes.readUInt16BE() === 0 ? undefined : Buffer.from(bytes).fill(0xff, 2, 3),
  ),
  changed('key count', 'is none', () => uint16(0)),
  changed('key count', 'one more', (bytes) => uint16(bytes.readUInt16BE() + 1)),
  changed('key count', 'one less', (bytes) => uint16(bytes.readUInt16BE() - 1)),
  changed('key count', 'the most', () => uint16(0xffff)),
  changed('provider', 'is not UTF-8', (bytes) => Buffer.alloc(bytes.length, 0xff)),
  changed('info', 'is an alias', (bytes) =>
    bytes.includes(':key/') ? Buffer.from(bytes.toString().replace(':key/', ':kez/')) : undefined,
  ),
  changed('info', 'is of another service', (bytes) =>
    bytes.includes(':kms:') ? Buffer.from(bytes.toString().replace(':kms:', ':sns:')) : undefined,
  ),
  ...[0, 3, 0x82].map((value) => changed('content type', `is ${value}`, () => uint8(value))),
  changed('content type', 'is the other', (bytes) => uint8(3 - (bytes[0] ?? 0))),
  changed('reserved', 'is not zeros', () => uint32(1)),
  ...[0, 11, 13, 16].map((value) => changed('iv length', `is ${value}`, () => uint8(value))),
  changed('frame length', 'is the other', (bytes) => uint32(bytes.readUInt32BE() === 0 ? 4096 : 0)),
  ...[0, 2, 0xfffffffe].map((value) => changed('sequence number', `is ${value}`, () => uint32(value))),
  changed('final mark', 'is another', () => uint32(0xfffffffe)),
  changed('content length high', 'is not zero', () => uint32(1)),
  changed(
    'content length',
    'one more',
    (bytes) => uint32(bytes.readUInt32BE() + 1),
    (parts) =>
      isUnsigned(parts) || (parts.frameLength > 0 && parts.plaintextLength === parts.frameLength)
        ? undefined
        : 'signatures differ in length',
  ),
  changed('content length', 'is more than a frame', () => uint32(4097)),
  changed('content length', 'the most', () => uint32(0xffffffff)),
  changed('content', 'is missing', (bytes) => (bytes.length < 105 ? undefined : Buffer.alloc(0)), ofTheRest),
  {
    name: 'everything after the header is missing',
    of: (sections) => sections.slice(0, sections.findIndex(([name]) => name === 'header tag') + 1),
  },
  {
    name: 'something else after the header',
    of: (sections) => [
      ...sections.slice(0, sections.findIndex(([name]) => name === 'header tag') + 1),
      ['content', Buffer.from('Dear all,\nthis is not encrypted.\n'.repeat(9))],
    ],
  },
];

test('messages as the SDK writes them are envelopes, with suite, commitment and wrapping keys', () => {
  fc.assert(
    fc.property(messageParts, (parts) => {
      expect(judged(joined(sectionsOf(parts)))).toEqual({ kind: 'envelope', envelope: envelopeOf(parts) });
    }),
    SEEDED,
  );
});

test('the parser of the SDK reads these messages, too', () => {
  fc.assert(
    fc.property(messageParts, (parts) => {
      const message = joined(sectionsOf(parts));
      const header = parsedHeader(message)?.messageHeader;
      expect(header?.suiteId).toBe(Number.parseInt(parts.suite[0], 16));
      expect(header?.encryptedDataKeys.map(({ providerId }) => providerId)).toEqual(parts.dataKeys.map(({ provider }) => provider));
    }),
    GENERATED,
  );
});

test('no envelope is left of a message with a single field made wrong; where nobody could tell, the table says why', () => {
  let count = 0;
  const seen = new Set<string>();
  const unseen = new Set<string>();
  fc.assert(
    fc.property(messageParts, (parts) => {
      const sections = sectionsOf(parts);
      for (const { name, of, unobservable } of CORRUPTIONS) {
        const corrupted = of(sections);
        const reason = unobservable?.(parts);
        if (reason !== undefined) unseen.add(reason);
        if (corrupted === undefined || reason !== undefined) continue;
        count += 1;
        seen.add(name);
        const found = judged(joined(corrupted));
        if (found.kind === 'envelope') expect([name, parts, found]).toEqual([name, parts, 'no envelope']);
      }
    }),
    GENERATED,
  );
  expect(count).toBeGreaterThan(5_000);
  expect(CORRUPTIONS.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([
    ...OPAQUE.map((name) => `${name} of other bytes`),
  ]);
  expect([...unseen].sort()).toEqual([
    'frames after the first are not read',
    'it is random',
    'signatures differ in length',
    'suites differ in what only the key tells',
  ]);
});

test('a message cut off anywhere before the end of its first frame is no envelope, and so is the whole with any smaller size', () => {
  fc.assert(
    fc.property(
      messageParts.filter((parts) => frames(parts) <= 1 && isUnsigned(parts)),
      fc.nat(),
      (parts, position) => {
        const message = joined(sectionsOf(parts));
        const size = position % message.length;
        expect(judged(message.subarray(0, size)).kind).not.toBe('envelope');
        expect(judged(message, size).kind).toBe('malformed');
        expect(judged(message, message.length + 1 + (position % 50)).kind).toBe('malformed');
      },
    ),
    SEEDED,
  );
});

test('whatever an object begins with, it is judged; and random bytes are no envelope', () => {
  const beginnings = fc.constantFrom('', '0180', '0578', '020578', '020478', '01800378', '018000140000');
  fc.assert(
    fc.property(beginnings, fc.uint8Array({ maxLength: 300 }), fc.nat(1_000), (beginning, rest, more) => {
      const bytes = Buffer.concat([Buffer.from(beginning, 'hex'), rest]);
      expect(['none', 'malformed']).toContain(classifyMessage(bytes, bytes.length + more).kind);
    }),
    { ...SEEDED, numRuns: 3_000 },
  );
});
