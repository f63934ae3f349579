import { type Faulty, KEY, TOPIC } from './configurations';

const HERE = { account: '111122223333', region: 'eu-west-1' };
const THERE = { account: '111122223333', region: 'eu-central-1' };
const PARTNER = { account: '999999999999', region: 'eu-west-1' };
const PARTNER_KEY = KEY.replace('111122223333', '999999999999');
const ADMIN = 'arn:aws:iam::111122223333:role/KeyAdmin';

const shared = (fields: object = {}) => ({ id: 'Shared', name: 'shared-data', keys: ['Team'], ...fields });
const dataAt = (home: object, ...buckets: object[]) => ({ ...home, buckets });
const one = (fields: object) => ({ data: [{ buckets: [{ id: 'Data' }] }], ...fields });

/** A key that a bucket uses, and what else is said of either. */
const withKey = (key: object, home: object = {}, bucket: object = {}) => ({
  data: [dataAt(HERE, shared(bucket))],
  keys: [{ ...PARTNER, ...home, keys: [{ id: 'Team', ...key }] }],
});

/** Everything left out that has a default. */
export const LEAST = {
  data: [{ ...HERE, buckets: [{ id: 'Shared', name: 'shared-data', keys: ['Team'] }], monitoring: { canary: {} } }],
  keys: [{ ...HERE, keys: [{ id: 'Team' }] }],
  audit: {},
};

/** Faults of the file as a whole, of keys and of the audit. */
export const FAULTY: readonly Faulty[] = [
  ['a list', [], '', /one JSON object/],
  ['nothing in it', {}, 'data', /is missing/],
  ['no data', { data: [] }, 'data', /1 to 50/],
  ['data without buckets', { data: [{}] }, 'data[0].buckets', /is missing/],
  ['buckets outside data', one({ buckets: [] }), 'buckets', /not known/],
  ['an empty path of the schema', one({ $schema: '' }), '$schema', /path of the schema/],
  ['a line break as path of the schema', one({ $schema: '\n' }), '$schema', /path of the schema/],
  ['a tag that AWS reserves', one({ tags: { 'aws:team': 'storage' } }), 'tags', /no name begins with aws:/],
  ['a number as tag', one({ tags: { team: 1 } }), 'tags', /names and values of letters/],
  ['a list of tags', one({ tags: ['team'] }), 'tags', /an object of at most 50 tags/],
  ['a protection in words', one({ terminationProtection: 'on' }), 'terminationProtection', /true or false/],
  ['no list of keys', one({ keys: [] }), 'keys', /1 to 50/],
  ['keys of no account', withKey({}, { account: undefined }), 'keys[0].account', /is missing/],
  ['no key', { ...withKey({}), keys: [{ ...PARTNER, keys: [] }] }, 'keys[0].keys', /1 to 50/],
  ['a key account of 11 digits', withKey({}, { account: '11112222333' }), 'keys[0].account', /12 digits/],
  ['an alias without its beginning', withKey({ alias: 'orders' }), 'keys[0].keys[0].alias', /begin with alias\//],
  ["an alias of AWS's", withKey({ alias: 'alias/aws/s3' }), 'keys[0].keys[0].alias', /not with alias\/aws/],
  ['an alias as ARN', withKey({ arn: 'arn:aws:kms:eu-west-1:999999999999:alias/orders' }), 'keys[0].keys[0].arn', /never of an alias/],
  ['a rotation each month', withKey({ rotationDays: 30 }), 'keys[0].keys[0].rotationDays', /90 to 2560/],
  ['an unused key for ever', withKey({ trailingDaysWithoutKeyUsage: 3651 }), 'keys[0].keys[0].trailingDaysWithoutKeyUsage', /1 to 3650/],
  [
    'a key that is named like a construct',
    { ...withKey({}), keys: [{ ...PARTNER, keys: [{ id: 'Default' }] }] },
    'keys[0].keys[0].id',
    /neither Default/,
  ],
  ['a month of audit', one({ audit: { retentionDays: 30 } }), 'audit.retentionDays', /90 to 36500/],
  ['an audit of an alias', one({ audit: { keys: [KEY.replace('key/', 'alias/')] } }), 'audit.keys[0]', /never of an alias, or the id/],
  ['an audit of no key', one({ audit: { keys: [] } }), 'audit.keys', /1 to 100 keys/],
  ['a key twice in the audit', one({ audit: { keys: [KEY, KEY] } }), 'audit.keys[1]', /same as audit\.keys\[0\]/],
  ['an auditor who is a user', one({ audit: { auditors: [ADMIN.replace('role', 'user')] } }), 'audit.auditors[0]', /ARN of an IAM role/],
  [
    'alerts of an audit to a FIFO topic',
    one({ audit: { alarms: { topicArn: `${TOPIC}.fifo` } } }),
    'audit.alarms.topicArn',
    /standard SNS topic/,
  ],
  ['half a delivery', one({ audit: { delivery: { bucketName: 'audit' } } }), 'audit.delivery.keyArn', /is missing/],
];

/** These compare parts of the file, which a JSON Schema cannot. */
export const BEYOND_SCHEMA: readonly Faulty[] = [
  [
    'data twice',
    { data: [dataAt(HERE, { id: 'A' }), { ...dataAt(HERE, { id: 'B' }), stackName: 'Other' }] },
    'data[1]',
    /same as data\[0\]/,
  ],
  [
    'keys twice',
    {
      ...withKey({}),
      data: [dataAt(HERE, shared({ keys: ['Team', 'Other'] }))],
      keys: [
        { ...PARTNER, keys: [{ id: 'Team' }] },
        { ...PARTNER, stackName: 'More', keys: [{ id: 'Other' }] },
      ],
    },
    'keys[1]',
    /same as keys\[0\]/,
  ],
  [
    'a stack name twice',
    { data: [dataAt(HERE, { id: 'A' }), dataAt(THERE, { id: 'A' })] },
    'data[1].stackName',
    /same as data\[0\].stackName/,
  ],
  [
    'the name of a stack beside another',
    { data: [dataAt(HERE, { id: 'A' }), { ...dataAt(THERE, { id: 'A' }), stackName: 'S3EncryptionGuard-Monitoring' }] },
    'data[1].stackName',
    /same as/,
  ],
  [
    'a bucket name twice in the world',
    { data: [dataAt(HERE, { id: 'A', name: 'data' }), { ...dataAt(PARTNER, { id: 'B', name: 'data' }), stackName: 'Other' }] },
    'data[1].buckets[0].name',
    /same as data\[0\].buckets\[0\].name/,
  ],
  [
    'data of nowhere beside others',
    { data: [dataAt(HERE, { id: 'A' }), { account: '999999999999', stackName: 'B', buckets: [{ id: 'A' }] }] },
    'data[1].region',
    /several deployments/,
  ],
  ['a key that nobody declares', one({ data: [dataAt(HERE, shared())] }), 'data[0].buckets[0].keys[0]', /nor the id of one/],
  [
    'a key under a prefix that nobody declares',
    one({ data: [dataAt(HERE, { id: 'A', name: 'data', prefixes: [{ prefix: 'a/', scheme: 'SSE-KMS', keys: ['Team'] }] })] }),
    'data[0].buckets[0].prefixes[0].keys[0]',
    /nor the id of one/,
  ],
  ['a key that no bucket names', { ...withKey({}), data: [dataAt(HERE, { id: 'A' })] }, 'keys[0].keys[0].id', /named by no bucket/],
  [
    'a key twice',
    { ...withKey({}), keys: [{ ...PARTNER, keys: [{ id: 'Team' }, { id: 'Team' }] }] },
    'keys[0].keys[1].id',
    /same as keys\[0\]/,
  ],
  ['a bucket without a name under a shared key', withKey({}, {}, { name: undefined }), 'data[0].buckets[0].name', /the key Team is bound/],
  ['a key of another Region', withKey({}, { region: 'eu-central-1' }), 'data[0].buckets[0].keys[0]', /bucket's Region only, eu-west-1/],
  ['the ARN of a key elsewhere', withKey({ arn: PARTNER_KEY.replace('west', 'north') }), 'keys[0].keys[0].arn', /not in eu-west-1/],
  ["another account's ARN", withKey({ arn: KEY }), 'keys[0].keys[0].arn', /not of the account of the key, 999999999999/],
  [
    "another account's administrator",
    withKey({ administrators: [ADMIN] }),
    'keys[0].keys[0].administrators[0]',
    /not of the account of the key/,
  ],
  [
    'a replica of a key of one Region',
    withKey({ primaryKeyArn: PARTNER_KEY.replace('west', 'central') }),
    'keys[0].keys[0].primaryKeyArn',
    /multi-Region key/,
  ],
  [
    'an audit of half a place',
    one({ data: [dataAt(HERE, { id: 'A' })], audit: { account: '999999999999' } }),
    'audit.region',
    /is missing/,
  ],
  [
    'a delivery to another account',
    { data: [dataAt(HERE, { id: 'A' })], audit: { ...PARTNER, delivery: { bucketName: 'audit-files', keyArn: KEY } } },
    'audit.delivery.keyArn',
    /not of the account and Region of audit, 999999999999\/eu-west-1/,
  ],
  [
    "another account's auditor",
    { data: [dataAt(HERE, { id: 'A' })], audit: { auditors: [ADMIN.replace('111122223333', '999999999999')] } },
    'audit.auditors[0]',
    /not of the account of audit, 111122223333/,
  ],
  ['an audit of a key that nobody declares', one({ audit: { keys: ['Team'] } }), 'audit.keys[0]', /nor the id of one/],
  [
    "another partition's auditor",
    { data: [dataAt(HERE, { id: 'A' })], audit: { auditors: [ADMIN.replace('aws', 'aws-cn')] } },
    'audit.auditors[0]',
    /is of the partition aws-cn/,
  ],
  [
    'alerts of an audit to a topic of another Region',
    { data: [dataAt(HERE, { id: 'A' })], audit: { alarms: { topicArn: TOPIC.replace('west', 'north') }, tamperAlerts: {} } },
    'audit.alarms.topicArn',
    /not in eu-west-1/,
  ],
  [
    'the name of a stack beside the audit',
    { data: [{ ...dataAt(HERE, { id: 'A' }), stackName: 'S3EncryptionAudit-Monitoring' }], audit: {} },
    'audit.stackName',
    /same as data\[0\].stackName/,
  ],
  [
    'a bucket without a name, far from its trail',
    { data: [dataAt(HERE, { id: 'A' }), { ...dataAt(THERE, { id: 'B' }), stackName: 'There' }], audit: {} },
    'data[1].buckets[0].name',
    /the trail of the account is in eu-west-1/,
  ],
  [
    'a canary beside 80 buckets',
    one({ data: [{ buckets: Array.from({ length: 80 }, (_, index) => ({ id: `B${index}` })), monitoring: { canary: {} } }] }),
    'data[0].monitoring.canary',
    /80 is what one enforcer serves/,
  ],
];
