import type { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { type EncryptionExemption, mixins, ObjectEncryption } from '../../lib';
import { ALIAS_ARN, BARE_RIGHT_ID, OTHER_REGION_KEY, RIGHT_KEY } from '../domain/sample-keys';
import { newStack } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const SSE_S3 = ObjectEncryption.sseS3();
const SSE_C = ObjectEncryption.sseC();
const WRITER = 'arn:aws:iam::111122223333:role/writer';
const FOR_A_WHILE = { until: '2027-03-31', reason: 'Vendor X migrates; agreed with security.' };

const importedKey = (stack: Stack, keyArn: string) => kms.Key.fromKeyArn(stack, 'ImportedKey', keyArn);
const requireOf = (stack: Stack, encryption: ObjectEncryption) =>
  new s3.Bucket(stack, 'Records').with(new mixins.RequireEncryption(encryption));

/** All of these are found on the bucket, which is what people look for. */
function onBucket(
  mistake: string,
  encryption: (stack: Stack) => ObjectEncryption,
  fault: Pick<Mistake, 'what' | 'value' | 'remedy'>,
): Mistake {
  return { mistake, make: (stack) => requireOf(stack, encryption(stack)), path: 'Data/Records/Resource', ...fault };
}

const exempt = (exemption: Partial<EncryptionExemption>) => () => SSE_S3.exempt({ ...FOR_A_WHILE, ...exemption });

/** Parts of a value are checked as the whole is. */
const KEY_MISTAKES: readonly Mistake[] = (
  [
    ['alsoAccept()', (part) => SSE_S3.alsoAccept(part)],
    ['underPrefix()', (part) => SSE_S3.underPrefix('raw/', part)],
    ['alsoAccept() under a prefix', (part) => SSE_S3.underPrefix('raw/', SSE_S3.alsoAccept(part))],
    ['clientSide()', (part) => ObjectEncryption.clientSide({ serverSide: part })],
  ] as [string, (part: ObjectEncryption) => ObjectEncryption][]
).flatMap(([where, around]) => [
  onBucket(`${where} with the ARN of an alias`, (stack) => around(ObjectEncryption.sseKms(importedKey(stack, ALIAS_ARN))), {
    what: /an alias was given instead of a KMS key/,
    value: '"Data/ImportedKey"',
    remedy: 'Pass the kms.Key itself, or import it with kms.Key.fromKeyArn().',
  }),
  onBucket(
    `${where} with a key whose id is none`,
    (stack) => around(ObjectEncryption.dsseKms(importedKey(stack, RIGHT_KEY.replace(BARE_RIGHT_ID, 'data')))),
    {
      what: /a KMS key is named by something that is not a full key ARN/,
      value: '"arn:aws:kms:eu-west-1:111122223333:key/data"',
      remedy: 'Import it with kms.Key.fromKeyArn() and arn:<partition>:kms:<Region>:<account>:key/<key id>.',
    },
  ),
  onBucket(`${where} with a key of another Region`, (stack) => around(ObjectEncryption.sseKms(importedKey(stack, OTHER_REGION_KEY))), {
    what: /a KMS key lies in another Region than its bucket \(eu-west-1\)/,
    value: '"us-east-1"',
    remedy: "Use a key, or the replica of a multi-Region key, in the bucket's Region.",
  }),
  onBucket(
    `${where} with a key of another partition`,
    (stack) => around(ObjectEncryption.sseKms(importedKey(stack, RIGHT_KEY.replace('arn:aws:', 'arn:aws-cn:')))),
    {
      what: /a KMS key lies in another partition than its bucket \(aws\)/,
      value: JSON.stringify(RIGHT_KEY.replace('arn:aws:', 'arn:aws-cn:')),
      remedy: 'Write its ARN as arn:aws:kms:…',
    },
  ),
  onBucket(`${where} without a key`, () => around(ObjectEncryption.sseKms()), {
    what: /^SSE-KMS needs at least one KMS key$/,
    value: '[]',
    remedy: 'Pass the keys that objects may be encrypted under; the first becomes the default.',
  }),
]);

const NO_PREFIX = {
  what: /^underPrefix\(\) needs a prefix of 1 to 1024 bytes$/,
  remedy: 'Name the beginning of the keys; what holds for the whole bucket is said without underPrefix().',
};
const NESTED = {
  what: /^two prefixes of underPrefix\(\) are the same, or one is the beginning of the other/,
  remedy: 'Use prefixes that are disjoint, such as `raw/a/` and `raw/b/` instead of `raw/` and `raw/b/`.',
};
const NOT_PLAIN = (where: string) => ({
  what: new RegExp(`^${where} was given a value with underPrefix\\(\\), exempt\\(\\) or strict\\(\\) of its own$`),
  value: '"SSE-S3"',
  remedy: 'Call these on the value for the whole bucket.',
});
const NOT_BENEATH = {
  what: /^clientSide\(\) needs to know what S3 does by default beneath: one of SSE-S3, SSE-KMS, DSSE-KMS, without alsoAccept\(\)$/,
  remedy: 'Pass for example serverSide: ObjectEncryption.sseKms(key).',
};
const under = (...prefixes: string[]) => prefixes.reduce((whole, prefix) => whole.underPrefix(prefix, SSE_C), SSE_S3);

const PART_MISTAKES: readonly Mistake[] = [
  onBucket('an empty prefix', () => under(''), { ...NO_PREFIX, value: '""' }),
  onBucket('a prefix longer than any key', () => under('é'.repeat(513)), { ...NO_PREFIX, value: JSON.stringify('é'.repeat(513)) }),
  onBucket('a prefix twice', () => under('raw/', 'raw/'), { ...NESTED, value: '["raw/","raw/"]' }),
  onBucket('a prefix under another, whichever comes first', () => under('raw/b/', 'in/', 'raw/'), {
    ...NESTED,
    value: '["raw/","raw/b/"]',
  }),
  onBucket('a prefix that another merely begins with', () => under('raw', 'raw-2/'), { ...NESTED, value: '["raw","raw-2/"]' }),
  ...(
    [
      ['alsoAccept\\(\\)', (part) => SSE_C.alsoAccept(part)],
      ["underPrefix\\('raw/'\\)", (part) => SSE_C.underPrefix('raw/', part)],
      ['clientSide\\(\\)', (part) => ObjectEncryption.clientSide({ serverSide: part })],
    ] as [string, (part: ObjectEncryption) => ObjectEncryption][]
  ).flatMap(([where, around]) => [
    onBucket(`${where} with a value that has prefixes`, () => around(SSE_S3.underPrefix('a/', SSE_C)), NOT_PLAIN(where)),
    onBucket(`${where} with a value that has exemptions`, () => around(SSE_S3.exempt(FOR_A_WHILE)), NOT_PLAIN(where)),
    onBucket(`${where} with a value that is strict`, () => around(SSE_S3.strict()), NOT_PLAIN(where)),
  ]),
  onBucket('alsoAccept() with a value that accepts others', () => SSE_C.alsoAccept(SSE_S3.alsoAccept(SSE_C)), {
    what: /^alsoAccept\(\) was given a value that itself accepts others$/,
    value: '"SSE-S3"',
    remedy: 'Pass all of them to one alsoAccept().',
  }),
  onBucket('clientSide() over SSE-C', () => ObjectEncryption.clientSide({ serverSide: SSE_C }), { ...NOT_BENEATH, value: '"SSE-C"' }),
  onBucket('clientSide() over itself', () => ObjectEncryption.clientSide({ serverSide: ObjectEncryption.clientSide() }), {
    ...NOT_BENEATH,
    value: '"client-side"',
  }),
  onBucket('clientSide() over two', () => ObjectEncryption.clientSide({ serverSide: SSE_S3.alsoAccept(SSE_C) }), {
    ...NOT_BENEATH,
    value: '"SSE-S3"',
  }),
];

const NOT_A_DATE = {
  what: /^until of an exemption is not a date$/,
  remedy: 'Write it as 2027-03-31 or 2027-03-31T18:00:00Z, in UTC.',
};
const NOT_A_PRINCIPAL = {
  what: /^an exemption is for roles and users, each by its ARN without wildcards$/,
  remedy: 'Pass for example arn:aws:iam::111122223333:role/vendor-import, not the ARN of a session, an account or a service.',
};
const TWICE = {
  what: /^two exemptions are for the same objects, in whole or in part$/,
  remedy: 'Make one of them, or use prefixes that are disjoint.',
};
const ASTRIDE = {
  what: /^the prefix of an exemption and one of underPrefix\(\) are neither equal nor disjoint, and no policy can express that$/,
  remedy: 'Exempt exactly the prefix of underPrefix(), or one outside it, or the whole bucket.',
};
const exemptAll = (whole: ObjectEncryption, ...prefixes: (string | undefined)[]) =>
  prefixes.reduce((value, prefix) => value.exempt({ ...FOR_A_WHILE, ...(prefix !== undefined && { prefix }) }), whole);

const EXEMPTION_MISTAKES: readonly Mistake[] = [
  ...[
    '2027-02-30',
    '2027-02-30T00:00:00Z',
    'soon',
    '',
    '2027-3-1',
    '31.03.2027',
    '2027-03-31T18:00:00+02:00',
    '2027-03-31T18:00',
    '2027-03-31T24:00:00Z',
  ].map((until) =>
    onBucket(`an exemption until ${JSON.stringify(until)}`, exempt({ until }), { ...NOT_A_DATE, value: JSON.stringify(until) }),
  ),
  ...['', '  \n'].map((reason) =>
    onBucket(`an exemption with the reason ${JSON.stringify(reason)}`, exempt({ reason }), {
      what: /^an exemption needs a reason$/,
      value: JSON.stringify(reason),
      remedy: 'Say why, and who agreed: it stands in the report of each object that is spared.',
    }),
  ),
  onBucket('an exemption for nobody', exempt({ principalArns: [] }), {
    what: /^principalArns of an exemption is no list of at least one ARN$/,
    value: '[]',
    remedy: 'Name the roles and users, or leave it out to exempt everybody.',
  }),
  ...[
    '*',
    'arn:aws:iam::111122223333:role/vendor-*',
    'arn:aws:iam::111122223333:role/vendor-?',
    'arn:aws:sts::111122223333:assumed-role/writer/session',
    'arn:aws:iam::111122223333:root',
    '111122223333',
    'arn:aws:iam::111122223333:group/writers',
    'lambda.amazonaws.com',
  ].map((arn) =>
    onBucket(`an exemption for ${arn}`, exempt({ principalArns: [WRITER, arn] }), { ...NOT_A_PRINCIPAL, value: JSON.stringify(arn) }),
  ),
  ...['', 'x'.repeat(1025)].map((prefix) =>
    onBucket(`an exemption under a prefix of ${prefix.length} bytes`, exempt({ prefix }), {
      what: /^the prefix of an exemption has 1 to 1024 bytes$/,
      value: JSON.stringify(prefix),
      remedy: 'Name the beginning of the keys, or leave prefix out to exempt the whole bucket.',
    }),
  ),
  onBucket('two exemptions under one prefix', () => exemptAll(SSE_S3, 'in/', 'in/'), { ...TWICE, value: '["in/","in/"]' }),
  onBucket('two exemptions for the whole bucket', () => exemptAll(SSE_S3, undefined, undefined), { ...TWICE, value: '["",""]' }),
  onBucket('exemptions under nested prefixes', () => exemptAll(SSE_S3, 'in/b/', 'in/'), { ...TWICE, value: '["in/","in/b/"]' }),
  onBucket('exemptions for the whole bucket and for a prefix', () => exemptAll(SSE_S3, undefined, 'in/'), {
    ...TWICE,
    value: '["","in/"]',
  }),
  onBucket('an exemption inside a prefix of underPrefix()', () => exemptAll(under('raw/'), 'raw/b/'), {
    ...ASTRIDE,
    value: '["raw/","raw/b/"]',
  }),
  onBucket('an exemption around a prefix of underPrefix()', () => exemptAll(under('raw/b/'), 'raw/'), {
    ...ASTRIDE,
    value: '["raw/","raw/b/"]',
  }),
];

describe('a value whose parts cannot be enforced is refused where it is used, with path, value and remedy', () => {
  test.each(KEY_MISTAKES)('$mistake', (mistake) => expectRefusal(mistake));
  test.each(PART_MISTAKES)('$mistake', (mistake) => expectRefusal(mistake));
});

describe('an exemption that does not say exactly what is exempt, for whom and until when is refused', () => {
  test.each(EXEMPTION_MISTAKES)('$mistake', (mistake) => expectRefusal(mistake));
});

describe('what is not refused', () => {
  test.each<[string, () => ObjectEncryption]>([
    ['a prefix as long as a key', () => under('é'.repeat(512))],
    ['prefixes that share a beginning', () => under('raw/a/', 'raw/b/', 'raw-2/')],
    ['exemptions of a prefix rule, and beside it', () => exemptAll(under('raw/'), 'raw/', 'in/')],
    ['an exemption of the whole bucket, over prefix rules', () => exemptAll(under('raw/'), undefined)],
    ['an exemption until a minute, on the last of February of a leap year', exempt({ until: '2028-02-29T23:59:59Z' })],
    ['an exemption for a role with a path', exempt({ principalArns: ['arn:aws:iam::111122223333:role/vendors/x/import'] })],
  ])('%s', (_, encryption) => {
    expect(() => requireOf(newStack(), encryption())).not.toThrow();
  });
});
