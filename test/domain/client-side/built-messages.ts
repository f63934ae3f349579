import fc from 'fast-check';
import type { Envelope } from '../../../lib/domain/client-side/evidence';
import { arnOf, keyParts } from '../arbitraries';

/**
 * Messages of the AWS Encryption SDK field by field, written from
 * https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/data-format/message-header.md and message-body.md.
 */
export type Section = readonly [name: string, bytes: Buffer];
export type Sections = readonly Section[];

export const joined = (sections: Sections): Buffer => Buffer.concat(sections.map(([, bytes]) => bytes));

export const uint8 = (value: number) => Buffer.from([value]);
export const uint16 = (value: number) => Buffer.from([value >> 8, value & 255]);
export const uint32 = (value: number) => Buffer.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);

/** Bytes of the data key, and of the signature that its footer has here; 0, if it has none. */
export type SuiteRow = readonly [id: string, version: 1 | 2, keyLength: number, signature: number];

export const SUITE_TABLE: readonly SuiteRow[] = [
  ['0578', 2, 32, 103],
  ['0478', 2, 32, 0],
  ['0378', 1, 32, 103],
  ['0346', 1, 24, 102],
  ['0214', 1, 16, 71],
  ['0178', 1, 32, 0],
  ['0146', 1, 24, 0],
  ['0114', 1, 16, 0],
  ['0078', 1, 32, 0],
  ['0046', 1, 24, 0],
  ['0014', 1, 16, 0],
];

export interface DataKey {
  readonly provider: string;
  readonly info: Buffer;
  readonly key: Buffer;
}

export interface MessageParts {
  readonly suite: SuiteRow;
  readonly context: readonly (readonly [string, string])[];
  readonly dataKeys: readonly DataKey[];
  /** 0: in one piece. */
  readonly frameLength: number;
  readonly plaintextLength: number;
}

const filled = (length: number) => Buffer.alloc(length, 0xa5);
const sizedSections = (name: string, bytes: Buffer): Sections => [
  [`${name} length`, uint16(bytes.length)],
  [name, bytes],
];

function contextSections(context: MessageParts['context']): Sections {
  if (context.length === 0) return [['context length', uint16(0)]];
  const entries = context.map((pair) => Buffer.concat(pair.flatMap((text) => [uint16(Buffer.byteLength(text)), Buffer.from(text)])));
  return [
    ['context length', uint16(2 + Buffer.concat(entries).length)],
    ['context count', uint16(entries.length)],
    ['context', Buffer.concat(entries)],
  ];
}

/** Each frame of its own, so that a changed one is known by its name. */
function bodySections({ frameLength, plaintextLength }: MessageParts): Sections {
  const tag: Section = ['tag', filled(16)];
  if (frameLength === 0) {
    return [
      ['iv', filled(12)],
      ['content length high', uint32(0)],
      ['content length', uint32(plaintextLength)],
      ['content', filled(plaintextLength)],
      tag,
    ];
  }
  const whole = Math.max(Math.ceil(plaintextLength / frameLength) - 1, 0);
  const last = plaintextLength - whole * frameLength;
  const frames = Array.from(
    { length: whole },
    (_, index): Sections => [
      [index === 0 ? 'sequence number' : 'later sequence number', uint32(index + 1)],
      ['frame', filled(12 + frameLength + 16)],
    ],
  );
  const only = whole === 0 ? '' : 'later ';
  return [
    ...frames.flat(),
    [`${only}final mark`, uint32(0xffffffff)],
    [`${only}sequence number`, uint32(whole + 1)],
    ['iv', filled(12)],
    [`${only}content length`, uint32(last)],
    ['content', filled(last)],
    tag,
  ];
}

export function sectionsOf(parts: MessageParts): Sections {
  const [id, version, , signature] = parts.suite;
  const isV1 = version === 1;
  const frames: Section = ['frame length', uint32(parts.frameLength)];
  return [
    ['version', uint8(version)],
    ...(isV1 ? ([['type', uint8(0x80)]] as const) : []),
    ['suite', Buffer.from(id, 'hex')],
    ['message id', filled(isV1 ? 16 : 32)],
    ...contextSections(parts.context),
    ['key count', uint16(parts.dataKeys.length)],
    ...parts.dataKeys.flatMap(({ provider, info, key }) => [
      ...sizedSections('provider', Buffer.from(provider)),
      ...sizedSections('info', info),
      ...sizedSections('key', key),
    ]),
    ['content type', uint8(parts.frameLength === 0 ? 1 : 2)],
    ...(isV1
      ? ([['reserved', uint32(0)], ['iv length', uint8(12)], frames, ['header iv', filled(12)]] as const)
      : [frames, ['suite data', filled(32)] as const]),
    ['header tag', filled(16)],
    ...bodySections(parts),
    ...(signature > 0
      ? ([
          ['signature length', uint16(signature)],
          ['signature', filled(signature)],
        ] as const)
      : []),
  ];
}

export const rawAesKey = (keyLength: number): DataKey => ({
  provider: 'some team',
  info: Buffer.concat([Buffer.from('a key'), uint32(128), uint32(12), filled(12)]),
  key: filled(keyLength + 16),
});
export const rawRsaKey = (): DataKey => ({ provider: 'some team', info: Buffer.from('rsa'), key: filled(256) });
export const kmsKey = (arn: string, length = 184): DataKey => ({ provider: 'aws-kms', info: Buffer.from(arn), key: filled(length) });

const texts = fc.string({ unit: 'grapheme', maxLength: 10 });

export const messageParts: fc.Arbitrary<MessageParts> = fc.constantFrom(...SUITE_TABLE).chain((suite) => {
  const [, , keyLength, signature] = suite;
  const kms = fc
    .record({ arn: keyParts.map(arnOf), length: fc.integer({ min: 150, max: 220 }) })
    .map(({ arn, length }) => kmsKey(arn, length));
  const dataKeys = fc.oneof(kms, fc.constant(rawAesKey(keyLength)), fc.constant(rawRsaKey()));
  const signed: [string, string][] = signature > 0 ? [['aws-crypto-public-key', 'A'.repeat(68)]] : [];
  return fc.record({
    suite: fc.constant(suite),
    context: fc.uniqueArray(fc.tuple(texts, texts), { maxLength: 3, selector: ([name]) => name }).map((entries) => [...entries, ...signed]),
    dataKeys: fc.array(dataKeys, { minLength: 1, maxLength: 3 }),
    frameLength: fc.constantFrom(0, 1, 32, 4096),
    plaintextLength: fc.integer({ min: 0, max: 250 }),
  });
});

export function envelopeOf({ suite: [id, version], dataKeys }: MessageParts): Envelope {
  const wrappingKeyArns = dataKeys.filter(({ provider }) => provider === 'aws-kms').map(({ info }) => info.toString());
  return {
    format: 'AWS Encryption SDK',
    version: `${version}`,
    algorithm: `${id.slice(0, 2)} ${id.slice(2)}`,
    keyCommitment: version === 2,
    wrappingKeyArns,
    unnamedWrappingKeys: dataKeys.length - wrappingKeyArns.length,
  };
}

/** With other bytes in the first section of that name; nothing, if there is none or it has them already. */
export function replaced(sections: Sections, name: string, change: (bytes: Buffer) => Buffer | undefined): Sections | undefined {
  const at = sections.findIndex(([each]) => each === name);
  const [, before] = sections[at] ?? [];
  const after = before && change(before);
  return before === undefined || after === undefined || after.equals(before)
    ? undefined
    : sections.map((each, index) => (index === at ? [name, after] : each));
}
