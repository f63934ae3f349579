import { principalArn } from './arns';
import type { DeclarationConfig, ExemptionConfig, PrefixConfig, Unchecked } from './encryption-config';
import type { Fault } from './fault';
import { ACCEPTED, encryptionFaults } from './read-encryption';
import { listOf, optional, type Read, record, text, textThat, withDefault } from './readers';

/** Of an object's key, so it can be as long: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MAX_PREFIX_BYTES = 1024;

const ofPrefix = (remedy: string) =>
  textThat((value) => value !== '' && Buffer.byteLength(value) <= MAX_PREFIX_BYTES, {
    must: `must be the beginning of keys, 1 to ${MAX_PREFIX_BYTES} bytes`,
    remedy,
  });

export const prefixRule: Read<PrefixConfig> = record<PrefixConfig>(
  { must: 'must be an object with prefix and scheme', remedy: 'For example { "prefix": "public/", "scheme": "SSE-S3" }.' },
  { prefix: ofPrefix('What holds for the whole bucket is said beside prefixes.'), ...ACCEPTED },
  encryptionFaults,
);

export const exemption: Read<ExemptionConfig> = record<ExemptionConfig>(
  {
    must: 'must be an object with at least until and reason',
    remedy: 'For example { "until": "2027-03-31", "reason": "Vendor X cannot encrypt yet; agreed by security." }.',
  },
  {
    prefix: withDefault('', ofPrefix('Leave it out to exempt the whole bucket.')),
    principalArns: optional(
      listOf(principalArn, {
        least: 1,
        most: 20,
        must: 'must be a list of 1 to 20 ARNs of roles and users',
        remedy: 'Leave it out to exempt everybody.',
      }),
    ),
    until: textThat(isDate, {
      must: 'must be a day that there is, and may have a time, in UTC',
      remedy: 'Write it as 2027-03-31 or 2027-03-31T18:00:00Z.',
    }),
    // Each counts against the 8 KB that the enforcer's rule of a bucket may have.
    reason: text(/^(?=.*\S).{1,500}$/su, {
      must: 'must be a reason in words, 500 characters at most',
      remedy: 'Say why, and who agreed: it stands in the report of each object that is spared.',
    }),
  },
);

/** JavaScript reads 2027-02-30 as 2 March, and 24:00 as the next day. */
function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/.test(value)) return false;
  const millis = Date.parse(value);
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(value.slice(0, 10));
}

/** Each object must fall under one prefix at most, and under one exemption: a policy knows no exception to an exception. */
export function overlapFaults({ prefixes = [], exemptions = [] }: Unchecked<DeclarationConfig>): Fault[] {
  const rules = prefixes.map((rule) => rule?.prefix);
  const exempt = exemptions.map((each) => each?.prefix);
  return [
    ...rules.flatMap((prefix, index) => overlap(`prefixes[${index}].prefix`, prefix, 'prefixes', rules.slice(0, index), nested)),
    ...exempt.flatMap((prefix, index) => [
      ...overlap(`exemptions[${index}].prefix`, prefix, 'exemptions', exempt.slice(0, index), nested),
      ...overlap(`exemptions[${index}].prefix`, prefix, 'prefixes', rules, nestedUnevenly),
    ]),
  ];
}

function overlap(
  path: string,
  prefix: string | undefined,
  among: 'prefixes' | 'exemptions',
  others: readonly (string | undefined)[],
  overlaps: (a: string, b: string) => boolean,
): Fault[] {
  const index = others.findIndex((other) => prefix !== undefined && other !== undefined && overlaps(prefix, other));
  if (index === -1) return [];
  const what = `${prefix === '' ? 'is left out, for the whole bucket' : 'names keys'}, and so in part the same as ${among}[${index}]${quoted(others[index])}`;
  return [{ path, what, value: prefix === '' ? undefined : prefix, remedy: REMEDIES[among] }];
}

const REMEDIES = {
  prefixes:
    'Use prefixes of which none begins with another, such as raw/a/ and raw/b/; an exemption may have exactly the prefix of a rule.',
  exemptions: 'Make one exemption of the two, or give them prefixes of which none begins with another.',
};

function quoted(prefix: string | undefined): string {
  return prefix ? ` (${JSON.stringify(prefix)})` : '';
}

function nested(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/** An exemption may be of the whole bucket, or of exactly what a rule is for. */
function nestedUnevenly(exempt: string, rule: string): boolean {
  return exempt !== '' && exempt !== rule && nested(exempt, rule);
}
