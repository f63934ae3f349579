import fc from 'fast-check';
import type { EncryptionDeclaration, Exemption, PrefixRule } from '../../lib/domain/declaration';
import type { AcceptedEncryption, EncryptionRequirement, ServerSideRequirement } from '../../lib/domain/requirement';
import { envelopes } from '../domain/arbitraries';
import { FOREIGN_ACCOUNT_KEY, OTHER_KEY, RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';

/** Few keys, so that parts of a bucket often share some of them. */
export const KEYS = [RIGHT_KEY, SECOND_KEY, OTHER_KEY, FOREIGN_ACCOUNT_KEY] as const;

export const VENDOR = 'arn:aws:iam::111122223333:role/vendor-import';
export const PARTNER = 'arn:aws:iam::444455556666:role/partner';

export const UNTIL = '2027-03-31T00:00:00Z';

/** With everything that means something in a policy, a regular expression or a template, and neighbours of one another. */
const ODD_PREFIXES = [
  'a',
  'A',
  'b/',
  'logs/',
  'logs',
  'logs*/',
  'l?gs/',
  '*',
  '?',
  '$',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as in a policy
  '${*}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as in a policy
  '${aws:username}/',
  '$}{/',
  'raw data+%2F/',
  'x.(y|z)[q]^\\',
  'two\nlines/',
  '日本/',
  '\u{1F600}',
  '\u{1F601}/',
  '"quoted"/',
] as const;

export const prefixes = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ODD_PREFIXES) },
  fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '$', 'é'), minLength: 1, maxLength: 3 }),
);

const keyArns = fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 2 });

const usable: fc.Arbitrary<ServerSideRequirement> = fc.oneof(fc.constant({ scheme: 'SSE-S3' as const }), {
  weight: 3,
  arbitrary: fc.record({ scheme: fc.constantFrom('SSE-KMS' as const, 'DSSE-KMS' as const), keyArns }),
});

const requirements: fc.Arbitrary<EncryptionRequirement> = fc.oneof(
  { weight: 6, arbitrary: usable },
  fc.constant({ scheme: 'SSE-C' as const }),
  { weight: 1, arbitrary: fc.record({ scheme: fc.constant('client-side' as const), serverSide: usable, envelope: envelopes }) },
);

/** Rare among the others: what only the content of an object can show. */
const messages: fc.Arbitrary<AcceptedEncryption> = fc
  .record({ serverSide: usable, envelope: envelopes })
  .map(({ serverSide, envelope }) => {
    const { instructionFileSuffix: _, ...inContent } = envelope;
    return [{ scheme: 'client-side', serverSide, envelope: { ...inContent, formats: ['AWS Encryption SDK'] } }];
  });

export const acceptedLists: fc.Arbitrary<AcceptedEncryption> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(requirements, fc.array(requirements, { maxLength: 2 })).map(([first, others]) => [first, ...others] as const),
  },
  messages,
);

const exemptionAt = (prefix: string): fc.Arbitrary<Exemption> =>
  fc.record({
    prefix: fc.constant(prefix),
    principalArns: fc.constantFrom([], [VENDOR], [VENDOR, PARTNER]),
    until: fc.constant(UNTIL),
    reason: fc.constant('migration'),
  });

/** A part of the bucket: its own rule, an exemption, or both. */
const partAt = (prefix: string) =>
  fc
    .record({ rule: acceptedLists, exemption: exemptionAt(prefix), what: fc.constantFrom('rule', 'rule', 'exemption', 'both') })
    .map(({ rule, exemption, what }) => ({
      rule: what === 'exemption' ? undefined : ({ prefix, accepted: rule } satisfies PrefixRule),
      exemption: what === 'rule' ? undefined : exemption,
    }));

/** Disjoint, as the constructs demand; of two that are not, the later is dropped. */
export function disjoint(all: readonly string[]): string[] {
  const kept: string[] = [];
  for (const prefix of all) {
    if (!kept.some((other) => other.startsWith(prefix) || prefix.startsWith(other))) kept.push(prefix);
  }
  return kept;
}

export const declarations: fc.Arbitrary<EncryptionDeclaration> = fc
  .array(prefixes, { maxLength: 5 })
  .chain((some) =>
    fc.record({
      accepted: acceptedLists,
      headersRequired: fc.nat(4).map((roll) => roll === 0),
      parts: fc.tuple(...disjoint(some).slice(0, 4).map(partAt)),
      everywhere: fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, exemptionAt('')),
    }),
  )
  .map(({ accepted, headersRequired, parts, everywhere }) => ({
    accepted,
    headersRequired,
    prefixRules: parts.flatMap(({ rule }) => rule ?? []).sort((a, b) => (a.prefix < b.prefix ? -1 : 1)),
    // One for the whole bucket stands alone, else two would be for the same objects.
    exemptions: everywhere === undefined ? parts.flatMap(({ exemption }) => exemption ?? []) : [everywhere],
  }));
