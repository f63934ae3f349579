import { bucket, type Faulty, KEY, READER } from './configurations';

const ADMIN = 'arn:aws:iam::111122223333:user/admins/anna';
const EXEMPTION = { until: '2099-12-31', reason: 'The import moves next year.' };

const rule = (fields: object) => bucket({ prefixes: [{ prefix: 'a/', scheme: 'SSE-S3', ...fields }] });
const exempt = (...exemptions: object[]) => bucket({ exemptions: exemptions.map((fields) => ({ ...EXEMPTION, ...fields })) });

/** What a bucket says of its encryption, and who may change it. */
const CLIENT = 'Amazon S3 Encryption Client';
const sealed = (envelope: unknown) => bucket({ scheme: 'client-side', envelope });

export const FAULTY: readonly Faulty[] = [
  ['a number as TLS version', bucket({ minimumTlsVersion: 1.3 }), 'buckets[0].minimumTlsVersion', /one of 1\.2, 1\.3/],
  ['an old TLS version', bucket({ minimumTlsVersion: '1.1' }), 'buckets[0].minimumTlsVersion', /one of 1\.2, 1\.3/],
  ['strict in quotes', bucket({ strict: 'yes' }), 'buckets[0].strict', /true or false/],
  ['nobody as admin', bucket({ configurationAdmins: [] }), 'buckets[0].configurationAdmins', /1 to 20/],
  [
    'a session as admin',
    bucket({ configurationAdmins: ['arn:aws:sts::111122223333:assumed-role/Admin/anna'] }),
    'buckets[0].configurationAdmins[0]',
    /not of a session/,
  ],
  [
    'all roles as admins',
    bucket({ configurationAdmins: ['arn:aws:iam::111122223333:role/*'] }),
    'buckets[0].configurationAdmins[0]',
    /ARN/,
  ],
  ['an admin twice', bucket({ configurationAdmins: [ADMIN, ADMIN] }), 'buckets[0].configurationAdmins[1]', /same as/],
  ['a user that replicates', bucket({ replicationRoles: [ADMIN] }), 'buckets[0].replicationRoles[0]', /IAM role/],
  ['no replication role in the list', bucket({ replicationRoles: [] }), 'buckets[0].replicationRoles', /1 to 20/],
  ['an empty alsoAccept', bucket({ alsoAccept: [] }), 'buckets[0].alsoAccept', /1 to 10/],
  ['a name in alsoAccept', bucket({ alsoAccept: ['SSE-S3'] }), 'buckets[0].alsoAccept[0]', /object with a scheme/],
  ['no scheme in alsoAccept', bucket({ alsoAccept: [{}] }), 'buckets[0].alsoAccept[0].scheme', /is missing/],
  [
    'an alias in alsoAccept',
    bucket({ alsoAccept: [{ scheme: 'SSE-KMS', keys: ['alias/a'] }] }),
    'buckets[0].alsoAccept[0].keys[0]',
    /alias/,
  ],
  [
    'keys for SSE-C in alsoAccept',
    bucket({ alsoAccept: [{ scheme: 'SSE-C', keys: [KEY] }] }),
    'buckets[0].alsoAccept[0].keys',
    /SSE-C names/,
  ],
  [
    'what is accepted beside what is accepted',
    bucket({ alsoAccept: [{ scheme: 'SSE-S3', alsoAccept: [{ scheme: 'SSE-C' }] }] }),
    'buckets[0].alsoAccept[0].alsoAccept',
    /not known/,
  ],
  [
    'SSE-KMS beside SSE-S3 without keys',
    bucket({ scheme: 'SSE-S3', alsoAccept: [{ scheme: 'SSE-KMS' }] }),
    'buckets[0].alsoAccept[0].keys',
    /missing.*SSE-S3/,
  ],
  [
    'SSE-KMS beneath client-side beside SSE-C without keys',
    bucket({ scheme: 'SSE-C', alsoAccept: [{ scheme: 'client-side', serverSide: { scheme: 'SSE-KMS' } }] }),
    'buckets[0].alsoAccept[0].serverSide.keys',
    /missing.*SSE-C/,
  ],
  [
    'a prefix of DSSE-KMS in a bucket of client-side encryption without keys',
    bucket({ scheme: 'client-side', prefixes: [{ prefix: 'a/', scheme: 'DSSE-KMS' }] }),
    'buckets[0].prefixes[0].keys',
    /missing.*client-side/,
  ],
  [
    'what a prefix accepts without keys',
    bucket({ scheme: 'SSE-C', prefixes: [{ prefix: 'a/', scheme: 'SSE-S3', alsoAccept: [{ scheme: 'SSE-KMS' }] }] }),
    'buckets[0].prefixes[0].alsoAccept[0].keys',
    /missing.*SSE-C/,
  ],
  ['keys for client-side', bucket({ scheme: 'client-side', keys: [KEY] }), 'buckets[0].keys', /client-side names no KMS keys/],
  ['something beneath SSE-S3', bucket({ scheme: 'SSE-S3', serverSide: { scheme: 'SSE-S3' } }), 'buckets[0].serverSide', /nothing beneath/],
  ['something beneath the default', bucket({ serverSide: { scheme: 'SSE-S3' } }), 'buckets[0].serverSide', /SSE-KMS has nothing beneath/],
  [
    'SSE-C beneath',
    bucket({ scheme: 'client-side', serverSide: { scheme: 'SSE-C' } }),
    'buckets[0].serverSide.scheme',
    /SSE-S3, SSE-KMS, DSSE-KMS$/,
  ],
  [
    'keys for SSE-S3 beneath',
    bucket({ scheme: 'client-side', serverSide: { scheme: 'SSE-S3', keys: [KEY] } }),
    'buckets[0].serverSide.keys',
    /SSE-S3 names no KMS keys/,
  ],
  ['an envelope for SSE-S3', bucket({ scheme: 'SSE-S3', envelope: {} }), 'buckets[0].envelope', /SSE-S3 leaves no envelope/],
  ['an envelope for the default', bucket({ envelope: {} }), 'buckets[0].envelope', /SSE-KMS leaves no envelope/],
  ['an envelope that is a format', sealed('AWS Encryption SDK'), 'buckets[0].envelope', /an object/],
  ['an envelope of what nobody knows', sealed({ padding: true }), 'buckets[0].envelope.padding', /not known/],
  ['an unknown format', sealed({ format: 'PGP' }), 'buckets[0].envelope.format', /one of Amazon S3 Encryption Client, AWS/],
  ['key commitment in quotes', sealed({ requireKeyCommitment: 'no' }), 'buckets[0].envelope.requireKeyCommitment', /true or false/],
  ['no wrapping key in the list', sealed({ wrappingKeys: [] }), 'buckets[0].envelope.wrappingKeys', /1 to 20 ARNs/],
  ['an alias that wraps', sealed({ wrappingKeys: ['alias/data'] }), 'buckets[0].envelope.wrappingKeys[0]', /never of an alias/],
  ['a wrapping key by its id', sealed({ wrappingKeys: ['DataKey'] }), 'buckets[0].envelope.wrappingKeys[0]', /full ARN/],
  ['a wrapping key twice', sealed({ wrappingKeys: [KEY, KEY] }), 'buckets[0].envelope.wrappingKeys[1]', /same as/],
  [
    'wrapping keys that are never stated',
    sealed({ format: CLIENT, wrappingKeys: [KEY] }),
    'buckets[0].envelope.wrappingKeys',
    /never state their wrapping keys/,
  ],
  ['an empty suffix', sealed({ format: CLIENT, instructionFileSuffix: '' }), 'buckets[0].envelope.instructionFileSuffix', /1 to 255/],
  [
    'a suffix to be filled in',
    sealed({ format: CLIENT, instructionFileSuffix: '.{{i' }),
    'buckets[0].envelope.instructionFileSuffix',
    /without/,
  ],
  ['a suffix for either', sealed({ instructionFileSuffix: '.i' }), 'buckets[0].envelope.instructionFileSuffix', /writes instruction files/],
  [
    'a suffix for messages, under a prefix',
    rule({ scheme: 'client-side', envelope: { format: 'AWS Encryption SDK', instructionFileSuffix: '.i' } }),
    'buckets[0].prefixes[0].envelope.instructionFileSuffix',
    /writes instruction files/,
  ],
  ['no prefix in the list', bucket({ prefixes: [] }), 'buckets[0].prefixes', /1 to 50/],
  ['a prefix that is a name', bucket({ prefixes: ['a/'] }), 'buckets[0].prefixes[0]', /prefix and scheme/],
  ['an empty prefix', rule({ prefix: '' }), 'buckets[0].prefixes[0].prefix', /1 to 1024 bytes/],
  ['a prefix longer than keys', rule({ prefix: 'x'.repeat(1025) }), 'buckets[0].prefixes[0].prefix', /1 to 1024 bytes/],
  ['a prefix without scheme', bucket({ prefixes: [{ prefix: 'a/' }] }), 'buckets[0].prefixes[0].scheme', /is missing/],
  ['a strict prefix', rule({ strict: true }), 'buckets[0].prefixes[0].strict', /not known/],
  ['keys for SSE-S3 under a prefix', rule({ keys: [KEY] }), 'buckets[0].prefixes[0].keys', /SSE-S3 names/],
  ['no exemption in the list', bucket({ exemptions: [] }), 'buckets[0].exemptions', /1 to 20/],
  ['an exemption that is a date', bucket({ exemptions: ['2099-12-31'] }), 'buckets[0].exemptions[0]', /until and reason/],
  ['an exemption without end', bucket({ exemptions: [{ reason: 'For ever.' }] }), 'buckets[0].exemptions[0].until', /is missing/],
  ['an exemption without reason', bucket({ exemptions: [{ until: '2099-12-31' }] }), 'buckets[0].exemptions[0].reason', /is missing/],
  ['an empty reason', exempt({ reason: '' }), 'buckets[0].exemptions[0].reason', /in words/],
  ['a reason of blanks', exempt({ reason: ' \n ' }), 'buckets[0].exemptions[0].reason', /in words/],
  ['a reason of a page', exempt({ reason: 'x'.repeat(501) }), 'buckets[0].exemptions[0].reason', /500 characters/],
  ['a date of another order', exempt({ until: '31.12.2099' }), 'buckets[0].exemptions[0].until', /day that there is/],
  ['a thirteenth month', exempt({ until: '2099-13-01' }), 'buckets[0].exemptions[0].until', /day that there is/],
  ['a time without zone', exempt({ until: '2099-12-31T18:00:00' }), 'buckets[0].exemptions[0].until', /in UTC/],
  ['a time elsewhere', exempt({ until: '2099-12-31T18:00:00+01:00' }), 'buckets[0].exemptions[0].until', /in UTC/],
  ['a twenty-fifth hour', exempt({ until: '2099-12-31T24:00:00Z' }), 'buckets[0].exemptions[0].until', /day that there is/],
  ['an exemption for an empty prefix', exempt({ prefix: '' }), 'buckets[0].exemptions[0].prefix', /1 to 1024 bytes/],
  ['an exemption for nobody', exempt({ principalArns: [] }), 'buckets[0].exemptions[0].principalArns', /1 to 20/],
  [
    'an exemption for an account',
    exempt({ principalArns: ['arn:aws:iam::111122223333:root'] }),
    'buckets[0].exemptions[0].principalArns[0]',
    /role or user/,
  ],
];

const FILES = { scheme: 'client-side', envelope: { format: CLIENT, instructionFileSuffix: '.i' } };

const RAW = { prefix: 'raw/', scheme: 'SSE-S3' };
const KEYS = { scheme: 'SSE-KMS', keys: [KEY] };
const NOT_THERE = /^is not in cn-north-1$/;
const OTHER_PARTITION = /of the partition aws, and cn-north-1 is of aws-cn/;

/** Every place of a bucket that names an ARN, besides its own keys. */
const ELSEWHERE: readonly Faulty[] = [
  ['a key of alsoAccept', bucket({ alsoAccept: [KEYS] }), 'alsoAccept[0].keys[0]', NOT_THERE],
  ['a key beneath client-side encryption', bucket({ scheme: 'client-side', serverSide: KEYS }), 'serverSide.keys[0]', NOT_THERE],
  ['a key of a prefix', rule(KEYS), 'prefixes[0].keys[0]', NOT_THERE],
  ['a key that a prefix accepts, too', rule({ alsoAccept: [KEYS] }), 'prefixes[0].alsoAccept[0].keys[0]', NOT_THERE],
  ['a key beneath, under a prefix', rule({ scheme: 'client-side', serverSide: KEYS }), 'prefixes[0].serverSide.keys[0]', NOT_THERE],
  ['an exempt user', exempt({ principalArns: [ADMIN] }), 'exemptions[0].principalArns[0]', OTHER_PARTITION],
  ['an admin', bucket({ configurationAdmins: [ADMIN] }), 'configurationAdmins[0]', OTHER_PARTITION],
  ['a replication role', bucket({ replicationRoles: [READER] }), 'replicationRoles[0]', OTHER_PARTITION],
];

/** These compare two values, count bytes or look into a calendar, which a JSON Schema cannot. */
export const BEYOND_SCHEMA: readonly Faulty[] = [
  ['a prefix of too many bytes', rule({ prefix: 'ü'.repeat(513) }), 'buckets[0].prefixes[0].prefix', /1 to 1024 bytes/],
  ['a day that is not there', exempt({ until: '2027-02-30' }), 'buckets[0].exemptions[0].until', /day that there is/],
  ['a prefix twice', bucket({ prefixes: [RAW, { ...RAW }] }), 'buckets[0].prefixes[1].prefix', /same as prefixes\[0\] \("raw\/"\)/],
  [
    'a prefix in a prefix',
    bucket({ prefixes: [RAW, { ...RAW, prefix: 'raw/a/' }] }),
    'buckets[0].prefixes[1].prefix',
    /prefixes\[0\] \("raw/,
  ],
  ['a prefix around a prefix', bucket({ prefixes: [RAW, { ...RAW, prefix: 'r' }] }), 'buckets[0].prefixes[1].prefix', /prefixes\[0\]/],
  ['two exemptions of the bucket', exempt({}, {}), 'buckets[0].exemptions[1].prefix', /left out.*same as exemptions\[0\]$/],
  ['an exemption in one of the bucket', exempt({}, { prefix: 'raw/' }), 'buckets[0].exemptions[1].prefix', /same as exemptions\[0\]$/],
  ['an exemption in another', exempt({ prefix: 'raw/' }, { prefix: 'raw/a' }), 'buckets[0].exemptions[1].prefix', /exemptions\[0\] \("raw/],
  [
    'an exemption of a part of a prefix',
    bucket({ prefixes: [RAW], exemptions: [{ ...EXEMPTION, prefix: 'raw/a/' }] }),
    'buckets[0].exemptions[0].prefix',
    /same as prefixes\[0\]/,
  ],
  [
    'an exemption of more than a prefix',
    bucket({ prefixes: [RAW], exemptions: [{ ...EXEMPTION, prefix: 'ra' }] }),
    'buckets[0].exemptions[0].prefix',
    /same as prefixes\[0\]/,
  ],
  [
    'instruction files beside messages',
    bucket({ ...FILES, alsoAccept: [{ scheme: 'client-side' }] }),
    'buckets[0].alsoAccept',
    /different places/,
  ],
  [
    'two suffixes under a prefix',
    rule({ ...FILES, alsoAccept: [{ ...FILES, envelope: { ...FILES.envelope, instructionFileSuffix: '.j' } }] }),
    'buckets[0].prefixes[0].alsoAccept',
    /different places/,
  ],
  ...ELSEWHERE.map(
    ([what, document, path, said]) =>
      [`${what} elsewhere`, { ...(document as object), region: 'cn-north-1' }, `buckets[0].${path}`, said] as const,
  ),
];

export const VALID: readonly (readonly [string, unknown])[] = [
  [
    'parts that take the key of the bucket',
    bucket({ alsoAccept: [{ scheme: 'DSSE-KMS' }], prefixes: [{ prefix: 'a', scheme: 'SSE-KMS' }] }),
  ],
  [
    'parts that take the key beneath',
    bucket({ scheme: 'client-side', serverSide: { scheme: 'DSSE-KMS' }, alsoAccept: [{ scheme: 'SSE-KMS' }] }),
  ],
  ['parts that name their keys', bucket({ scheme: 'SSE-C', alsoAccept: [KEYS], prefixes: [{ prefix: 'a', ...KEYS }] })],
  [
    'client-side encryption with all that can be said of it',
    sealed({
      format: CLIENT,
      requireKeyCommitment: false,
      wrappingKeys: [KEY.replace('eu-west-1', 'us-east-1')],
      instructionFileSuffix: '.i',
    }),
  ],
  ['client-side encryption with nothing said of it', sealed({})],
  ['instruction files under a prefix, messages elsewhere', bucket({ scheme: 'client-side', prefixes: [{ prefix: 'a/', ...FILES }] })],
  ['instruction files beside metadata', bucket({ ...FILES, alsoAccept: [{ scheme: 'client-side', envelope: { format: CLIENT } }] })],
  ['prefixes that are neighbours', bucket({ prefixes: [RAW, { ...RAW, prefix: 'rar/' }] })],
  ['an exemption of a prefix', bucket({ prefixes: [RAW], exemptions: [{ ...EXEMPTION, prefix: 'raw/' }] })],
  ['an exemption of the bucket beside prefixes', bucket({ prefixes: [RAW], exemptions: [EXEMPTION] })],
  ['a leap day', exempt({ until: '2028-02-29T23:59:59Z' })],
  ['the longest prefix and reason', exempt({ prefix: 'x'.repeat(1024), reason: '😀'.repeat(500) })],
];
