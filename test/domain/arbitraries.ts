import fc from 'fast-check';
import type { BucketRule } from '../../lib/domain/bucket-rule';
import { CLIENT_SIDE_FORMATS, type ClientSideEvidence } from '../../lib/domain/client-side/evidence';
import type { EnvelopeRequirement } from '../../lib/domain/client-side/requirement';
import type { Exemption } from '../../lib/domain/declaration';
import type { AcceptedEncryption, EncryptionRequirement, ServerSideRequirement } from '../../lib/domain/requirement';

/** fast-check prints this seed, and the path to the counterexample, with every failure. */
export const SEEDED = { seed: 20261122, numRuns: 1000 } as const;

/** A KMS key as its parts, so that an oracle need not take an ARN apart. */
export interface KeyParts {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly id: string;
}

const hex = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

/** Few places on purpose: two keys drawn at random often share some of their parts, not all. */
const places = fc.constantFrom(
  { partition: 'aws', region: 'eu-west-1' },
  { partition: 'aws', region: 'us-east-1' },
  { partition: 'aws-cn', region: 'cn-north-1' },
  { partition: 'aws-us-gov', region: 'us-gov-west-1' },
);

export const keyIds = fc.oneof(
  fc.constantFrom('mrk-1234abcd12ab34cd56ef1234567890ab', '0987dcba-09fe-87dc-65ba-ab0987654321'),
  fc.tuple(hex(8), hex(4), hex(4), hex(4), hex(12)).map((groups) => groups.join('-')),
  hex(32).map((digits) => `mrk-${digits}`),
);

export const keyParts: fc.Arbitrary<KeyParts> = fc
  .record({ place: places, account: fc.constantFrom('111122223333', '444455556666'), id: keyIds })
  .map(({ place, account, id }) => ({ ...place, account, id }));

export const arnOf = ({ partition, region, account, id }: KeyParts) => `arn:${partition}:kms:${region}:${account}:key/${id}`;

export const sameKey = (a: KeyParts, b: KeyParts) =>
  a.id === b.id && a.account === b.account && a.region === b.region && a.partition === b.partition;

export const aliasNames = fc.constantFrom('alias/data', 'alias/aws/s3', 'alias/0987dcba-09fe-87dc-65ba-ab0987654321');

export const aliasArns = fc
  .record({ key: keyParts, alias: aliasNames })
  .map(({ key, alias }) => `arn:${key.partition}:kms:${key.region}:${key.account}:${alias}`);

const keyArns = fc.uniqueArray(keyParts.map(arnOf), { minLength: 1, maxLength: 4 });

const serverSides: fc.Arbitrary<ServerSideRequirement> = fc.oneof(
  fc.record({ scheme: fc.constantFrom('SSE-KMS' as const, 'DSSE-KMS' as const), keyArns }),
  fc.record({ scheme: fc.constantFrom('SSE-S3' as const, 'SSE-C' as const) }),
);

export const envelopes: fc.Arbitrary<EnvelopeRequirement> = fc.record(
  {
    formats: fc.uniqueArray(fc.constantFrom(...CLIENT_SIDE_FORMATS), { minLength: 1 }),
    keyCommitment: fc.boolean(),
    wrappingKeyArns: fc.uniqueArray(keyParts.map(arnOf), { maxLength: 3 }),
    instructionFileSuffix: fc.constantFrom('.instruction', '.i', '日本'),
  },
  { requiredKeys: ['formats', 'keyCommitment', 'wrappingKeyArns'] },
);

/** What an object may say of itself, or not. */
export const evidences: fc.Arbitrary<ClientSideEvidence> = fc.oneof(
  fc.constantFrom(
    { kind: 'none' as const },
    { kind: 'malformed' as const, why: 'because' },
    { kind: 'instruction-file' as const, of: 'object' },
    { kind: 'instruction-file-missing' as const, key: 'object.instruction' },
    { kind: 'unreadable' as const, why: 'AccessDenied' },
  ),
  fc
    .record({
      format: fc.constantFrom(...CLIENT_SIDE_FORMATS),
      version: fc.string(),
      algorithm: fc.string(),
      keyCommitment: fc.boolean(),
      wrappingKeyArns: fc.array(fc.oneof(fc.string(), keyParts.map(arnOf)), { maxLength: 3 }),
      unnamedWrappingKeys: fc.nat(2),
    })
    .map((envelope) => ({ kind: 'envelope' as const, envelope })),
);

const requirements: fc.Arbitrary<EncryptionRequirement> = fc.oneof(
  { weight: 3, arbitrary: serverSides },
  fc.record({ scheme: fc.constant('client-side' as const), serverSide: serverSides, envelope: envelopes }),
);

export const acceptedLists: fc.Arbitrary<AcceptedEncryption> = fc
  .tuple(requirements, fc.array(requirements, { maxLength: 2 }))
  .map(([first, others]) => [first, ...others]);

/** Strings of any code units, well-formed or not, in which one is often the beginning of another. */
export const anyKeys = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '/', '\u{1F600}', '\ud83d', '\ude00', '\uffff', '\0'), minLength: 1, maxLength: 5 }),
  fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), minLength: 1, maxLength: 4 }),
);

/** None of which is the beginning of another, in no order. Of two that are not so, the later is dropped. */
export const disjointKeys = (maxLength: number): fc.Arbitrary<string[]> =>
  fc.array(anyKeys, { maxLength, size: 'max' }).map((all) => {
    const kept: string[] = [];
    for (const prefix of all) {
      if (!kept.some((other) => other.startsWith(prefix) || prefix.startsWith(other))) kept.push(prefix);
    }
    return kept;
  });

const exemptions: fc.Arbitrary<Exemption> = fc.record({
  prefix: fc.oneof(fc.constant(''), anyKeys),
  principalArns: fc.constantFrom([], ['arn:aws:iam::111122223333:role/vendor-import']),
  until: fc.constantFrom('2027-03-31T00:00:00Z', '2026-12-01T18:30:00Z'),
  reason: fc.string({ minLength: 1 }),
});

export const bucketRules: fc.Arbitrary<BucketRule> = fc.record({
  action: fc.constantFrom('report' as const, 'tag' as const, 'quarantine' as const),
  declaration: fc.record({
    accepted: acceptedLists,
    headersRequired: fc.boolean(),
    prefixRules: disjointKeys(4).chain((prefixes) =>
      fc.tuple(...prefixes.sort().map((prefix) => fc.record({ prefix: fc.constant(prefix), accepted: acceptedLists }))),
    ),
    exemptions: fc.array(exemptions, { maxLength: 2 }),
  }),
});
