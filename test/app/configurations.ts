export const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
export const READER = 'arn:aws:iam::111122223333:role/SecurityTeam';
export const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:alarms';

/** One of `data`, whose only bucket has these fields besides its id. */
export const bucket = (fields: object) => ({ buckets: [{ id: 'Data', ...fields }] });
export const besides = (fields: object) => ({ buckets: [{ id: 'Data' }], ...fields });

/** What is wrong, where the fault must be, and a word of what must be said. */
export type Faulty = readonly [what: string, document: unknown, path: string, said: RegExp];

export const FAULTY: readonly Faulty[] = [
  ['a list', [], '', /object with buckets/],
  ['nothing in it', {}, 'buckets', /is missing/],
  ['no bucket', { buckets: [] }, 'buckets', /1 to 80/],
  ['81 buckets', { buckets: Array.from({ length: 81 }, (_, index) => ({ id: `B${index}` })) }, 'buckets', /1 to 80/],
  ['a bucket that is a name', { buckets: ['data'] }, 'buckets[0]', /object with at least an id/],
  ['a bucket without id', { buckets: [{}] }, 'buckets[0].id', /is missing/],
  ['the id Default', bucket({ id: 'Default' }), 'buckets[0].id', /neither Default nor Resource/],
  ['the id Resource', bucket({ id: 'Resource' }), 'buckets[0].id', /neither Default nor Resource/],
  ['an id with a hyphen', bucket({ id: 'My-Data' }), 'buckets[0].id', /letters and digits/],
  ['a field that nobody knows', bucket({ encryption: 'SSE-S3' }), 'buckets[0].encryption', /not known/],
  ['a field named like a method', bucket({ toString: 1 }), 'buckets[0].toString', /not known/],
  ['a section that nobody knows', besides({ alarm: {} }), 'alarm', /not known/],
  ['a bucket name in capitals', bucket({ name: 'Data' }), 'buckets[0].name', /bucket name/],
  ['a bucket name with a reserved end', bucket({ name: 'data-s3alias' }), 'buckets[0].name', /reserves/],
  ['a scheme in the words of the API', bucket({ scheme: 'aws:kms' }), 'buckets[0].scheme', /one of SSE-S3, SSE-KMS/],
  ['an alias', bucket({ keys: ['alias/data'] }), 'buckets[0].keys[0]', /never of an alias/],
  ['no key in the list', bucket({ keys: [] }), 'buckets[0].keys', /1 to 20/],
  ['keys for SSE-S3', bucket({ scheme: 'SSE-S3', keys: [KEY] }), 'buckets[0].keys', /SSE-S3 names no KMS keys/],
  ['a key twice', bucket({ keys: [KEY, KEY] }), 'buckets[0].keys[1]', /same as .*buckets\[0\].keys\[0\]/],
  ['an unknown action', bucket({ action: 'delete' }), 'buckets[0].action', /one of report, tag, quarantine/],
  ['versioned in quotes', bucket({ versioned: 'true' }), 'buckets[0].versioned', /true or false/],
  ['a lock without mode', bucket({ objectLock: { days: 1 } }), 'buckets[0].objectLock.mode', /is missing/],
  [
    'a lock without versions',
    bucket({ objectLock: { mode: 'GOVERNANCE', days: 1 }, versioned: false }),
    'buckets[0].objectLock',
    /versioned/,
  ],
  [
    'old versions without versions',
    bucket({ expireNoncurrentAfterDays: 1, versioned: false }),
    'buckets[0].expireNoncurrentAfterDays',
    /versioned/,
  ],
  ['expiry at once', bucket({ expireAfterDays: 0 }), 'buckets[0].expireAfterDays', /1 to 36500/],
  ['half a day', bucket({ expireAfterDays: 0.5 }), 'buckets[0].expireAfterDays', /whole number/],
  ['an account as number', besides({ account: 111122223333 }), 'account', /12 digits in quotes/],
  ['a Region that is none', besides({ region: 'Ireland' }), 'region', /Region such as/],
  ['a stack name with a space', besides({ stackName: 'My Guard' }), 'stackName', /letters, digits and hyphens/],
  ['alarms as text', besides({ alarms: 'me@example.com' }), 'alarms', /topicArn or emails/],
  ['an address without @', besides({ alarms: { emails: ['me'] } }), 'alarms.emails[0]', /e-mail address/],
  ['topic and addresses', besides({ alarms: { topicArn: TOPIC, emails: ['me@example.com'] } }), 'alarms.emails', /beside topicArn/],
  ['a FIFO topic', besides({ alarms: { topicArn: `${TOPIC}.fifo` } }), 'alarms.topicArn', /standard SNS topic/],
  ['logs without retention', besides({ accessLogs: {} }), 'accessLogs.retentionDays', /is missing/],
  ['an account as reader', besides({ quarantine: { readers: ['arn:aws:iam::111122223333:root'] } }), 'quarantine.readers[0]', /IAM role/],
  ['a retention of nothing', besides({ quarantine: { retentionDays: 0 } }), 'quarantine.retentionDays', /1 to 36500/],
  ['a load without reads', bucket({ expectedLoad: { putsPerSecond: 1 } }), 'buckets[0].expectedLoad.getsPerSecond', /is missing/],
  [
    'a negative load',
    bucket({ expectedLoad: { putsPerSecond: -1, getsPerSecond: 0 } }),
    'buckets[0].expectedLoad.putsPerSecond',
    /number from 0 to 1000000/,
  ],
  ['a release as a wish', besides({ quarantine: { release: true } }), 'quarantine.release', /an object/],
  [
    'a user that releases',
    besides({ quarantine: { release: { operators: ['arn:aws:iam::111122223333:user/anna'] } } }),
    'quarantine.release.operators[0]',
    /role/,
  ],
  ['monitoring as a wish', besides({ monitoring: true }), 'monitoring', /an object/],
  ['a digest every day', besides({ monitoring: { weeklyDigest: 'daily' } }), 'monitoring.weeklyDigest', /true or false/],
  ['a quota above itself', besides({ monitoring: { kmsQuotaThresholdPercent: 101 } }), 'monitoring.kmsQuotaThresholdPercent', /1 to 100/],
  ['a quota of nothing', besides({ kmsQuotaIncrease: { requestsPerSecond: 0 } }), 'kmsQuotaIncrease.requestsPerSecond', /1 to 10000000/],
  ['a quota increase as a wish', besides({ kmsQuotaIncrease: true }), 'kmsQuotaIncrease', /an object with requestsPerSecond/],
  ['a quota increase by how much', besides({ kmsQuotaIncrease: {} }), 'kmsQuotaIncrease.requestsPerSecond', /is missing/],
  ['a canary every minute', besides({ monitoring: { canary: { intervalMinutes: 1 } } }), 'monitoring.canary.intervalMinutes', /15 to 720/],
  [
    'a user that deploys',
    besides({ tamperAlerts: { deployingRoles: ['arn:aws:iam::111122223333:user/anna'] } }),
    'tamperAlerts.deployingRoles[0]',
    /IAM role/,
  ],
  ['an output that nobody knows', besides({ outputs: { slack: true } }), 'outputs.slack', /slack|not known|unknown/],
  ['an output that may be', besides({ outputs: { securityHub: 'yes' } }), 'outputs.securityHub', /true or false/],
];

/** These compare two values, count bytes or look into a calendar, which a JSON Schema cannot. */
export const BEYOND_SCHEMA: readonly Faulty[] = [
  ['an id twice', { buckets: [{ id: 'Data' }, { id: 'Data' }] }, 'buckets[1].id', /same as .*buckets\[0\].id/],
  [
    'a name twice',
    {
      buckets: [
        { id: 'A', name: 'data' },
        { id: 'B', name: 'data' },
      ],
    },
    'buckets[1].name',
    /same as .*buckets\[0\].name/,
  ],
  ['a key elsewhere', { ...bucket({ keys: [KEY] }), region: 'eu-central-1' }, 'buckets[0].keys[0]', /not in eu-central-1/],
  ['a topic elsewhere', besides({ region: 'eu-central-1', alarms: { topicArn: TOPIC } }), 'alarms.topicArn', /not in eu-central-1/],
  [
    'a reader of another partition',
    besides({ region: 'cn-north-1', quarantine: { readers: [READER] } }),
    'quarantine.readers[0]',
    /of the partition aws, and cn-north-1 is of aws-cn/,
  ],
  [
    'a key whose partition has no such Region',
    { ...bucket({ keys: [KEY.replace('aws', 'aws-cn')] }), region: 'eu-west-1' },
    'buckets[0].keys[0]',
    /of the partition aws-cn, and eu-west-1 is of aws/,
  ],
  [
    'a topic whose partition has no such Region',
    besides({ region: 'eu-west-1', alarms: { topicArn: TOPIC.replace('aws', 'aws-us-gov') } }),
    'alarms.topicArn',
    /of the partition aws-us-gov/,
  ],
];
