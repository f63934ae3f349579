import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import type { Home } from '../../bin/config/arn-faults';
import { ConfigurationFaults, type Fault } from '../../bin/config/fault';
import { parseConfig } from '../../bin/config/parse-config';
import { configOf, EVERYTHING, ROOT, SHIPPED } from '../support/guard-app';

const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'bin', 'config', 's3-encryption-guard.schema.json'), 'utf8'));
const matchesSchema = new Ajv({ strict: true, strictRequired: false, strictTypes: false }).compile(SCHEMA);

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const READER = 'arn:aws:iam::111122223333:role/SecurityTeam';
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:alarms';

function faultsOf(document: unknown, home?: Home): readonly Fault[] {
  const result = parseConfig(document, home);
  return 'faults' in result ? result.faults : [];
}

/** A configuration whose only bucket has these fields besides its id. */
const bucket = (fields: object) => ({ buckets: [{ id: 'Data', ...fields }] });
const besides = (fields: object) => ({ buckets: [{ id: 'Data' }], ...fields });

/** What is wrong, where the fault must be, and a word of what must be said. */
const FAULTY: readonly (readonly [string, unknown, string, RegExp])[] = [
  ['a list', [], '', /one JSON object/],
  ['nothing in it', {}, 'buckets', /is missing/],
  ['no bucket', { buckets: [] }, 'buckets', /1 to 50/],
  ['51 buckets', { buckets: Array.from({ length: 51 }, (_, index) => ({ id: `B${index}` })) }, 'buckets', /1 to 50/],
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
  ['an alias', bucket({ keyArns: ['alias/data'] }), 'buckets[0].keyArns[0]', /never of an alias/],
  ['no key in the list', bucket({ keyArns: [] }), 'buckets[0].keyArns', /1 to 20/],
  ['keys for SSE-S3', bucket({ scheme: 'SSE-S3', keyArns: [KEY] }), 'buckets[0].keyArns', /SSE-S3 names no KMS keys/],
  ['a key twice', bucket({ keyArns: [KEY, KEY] }), 'buckets[0].keyArns[1]', /same as buckets\[0\].keyArns\[0\]/],
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
  ['an empty path of the schema', besides({ $schema: '' }), '$schema', /path of the schema/],
  ['a line break as path of the schema', besides({ $schema: '\n' }), '$schema', /path of the schema/],
];

/** These compare two values, which a JSON Schema cannot. */
const BEYOND_SCHEMA: readonly (readonly [string, unknown, string, RegExp])[] = [
  ['an id twice', { buckets: [{ id: 'Data' }, { id: 'Data' }] }, 'buckets[1].id', /same as buckets\[0\].id/],
  [
    'a name twice',
    {
      buckets: [
        { id: 'A', name: 'data' },
        { id: 'B', name: 'data' },
      ],
    },
    'buckets[1].name',
    /same as buckets\[0\].name/,
  ],
  ['a key elsewhere', { ...bucket({ keyArns: [KEY] }), region: 'eu-central-1' }, 'buckets[0].keyArns[0]', /not in eu-central-1/],
  ['a topic elsewhere', besides({ region: 'eu-central-1', alarms: { topicArn: TOPIC } }), 'alarms.topicArn', /not in eu-central-1/],
  [
    'a reader of another partition',
    besides({ region: 'cn-north-1', quarantine: { readers: [READER] } }),
    'quarantine.readers[0]',
    /of the partition aws, and cn-north-1 is of aws-cn/,
  ],
  [
    'a key whose partition has no such Region',
    { ...bucket({ keyArns: [KEY.replace('aws', 'aws-cn')] }), region: 'eu-west-1' },
    'buckets[0].keyArns[0]',
    /of the partition aws-cn, and eu-west-1 is of aws/,
  ],
  [
    'a topic whose partition has no such Region',
    besides({ region: 'eu-west-1', alarms: { topicArn: TOPIC.replace('aws', 'aws-us-gov') } }),
    'alarms.topicArn',
    /of the partition aws-us-gov/,
  ],
];

describe('a configuration', () => {
  test.each([...FAULTY, ...BEYOND_SCHEMA])('with %s has one fault, with its place and a remedy', (_, document, path, what) => {
    const faults = faultsOf(document);
    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(faults[0]?.what).toMatch(what);
    expect(faults[0]?.remedy).toMatch(/^[A-Z].*[.)}`\]]$/);
  });

  test("is held against the Region of the CLI's profile where it names none", () => {
    const document = { ...bucket({ keyArns: [KEY] }), quarantine: { readers: [READER] } };
    expect(faultsOf(document, {})).toEqual([]);
    expect(faultsOf(document, { region: 'eu-west-1' })).toEqual([]);
    expect(faultsOf({ ...document, region: 'eu-west-1' }, { region: 'cn-north-1' })).toEqual([]);
    expect(faultsOf(document, { region: 'cn-north-1' })).toEqual([
      expect.objectContaining({ path: 'buckets[0].keyArns[0]', what: "is not in cn-north-1, the Region of the CLI's profile" }),
      expect.objectContaining({ path: 'quarantine.readers[0]', what: expect.stringMatching(/partition aws, .* aws-cn$/) }),
    ]);
  });

  test.each(['eu-west-1', 'us-gov-west-1', 'eusc-de-east-1', 'ap-southeast-7', 'eu-west-9'])('may name the Region %s', (region) => {
    expect(faultsOf(besides({ region }))).toEqual([]);
    expect(matchesSchema(besides({ region }))).toBe(true);
  });

  test('is told all its faults at once, across sections', () => {
    const document = {
      buckets: [{ id: 'x', keyArns: [KEY], expireAfterDays: -1 }, null],
      region: 'eu-central-1',
      alarms: { emails: ['me'] },
    };
    const paths = ['buckets[0].id', 'buckets[0].expireAfterDays', 'buckets[1]', 'alarms.emails[0]', 'buckets[0].keyArns[0]'];
    expect(faultsOf(document).map(({ path }) => path)).toEqual(paths);
  });

  test('is told its faults in lines that say file, place, value and remedy', () => {
    const { message } = new ConfigurationFaults('guard.json', faultsOf({ buckets: [{ id: 'x' }, {}] }));
    const [heading, first, second] = message.split('\n');
    expect(heading).toBe('guard.json: 2 faults; nothing was synthesised.');
    expect(first).toMatch(/^ {2}buckets\[0\]\.id must begin with a capital letter.* \(got "x"\)\. Keep it once deployed/);
    expect(second).toMatch(/^ {2}buckets\[1\]\.id is missing: it must begin .* nor Resource\. Keep it/);
  });

  test('gets the defaults of the library for what it leaves out', () => {
    expect(configOf(SHIPPED)).toMatchObject({
      account: undefined,
      stackName: 'S3EncryptionGuard',
      buckets: [{ id: 'Data', scheme: 'SSE-KMS', action: 'quarantine', versioned: true, keyArns: undefined }],
      quarantine: { retentionDays: 90, readers: [] },
      accessLogs: { retentionDays: 365 },
    });
  });
});

describe('the schema for editors', () => {
  test.each([
    ['the shipped configuration', SHIPPED],
    ['a configuration with everything in it', EVERYTHING],
    ['a topic that exists', besides({ alarms: { topicArn: TOPIC } })],
    ['empty sections', besides({ alarms: {}, quarantine: {} })],
  ])('accepts %s, as the app does', (_, document) => {
    expect(faultsOf(document)).toEqual([]);
    expect(matchesSchema(document) || matchesSchema.errors).toBe(true);
  });

  test.each(FAULTY)('refuses %s, as the app does', (_, document) => {
    expect(matchesSchema(document)).toBe(false);
  });

  test('says the same defaults', () => {
    const { properties, definitions } = SCHEMA;
    const config = configOf({ buckets: [{ id: 'Data' }] });
    expect(properties.stackName.default).toBe(config.stackName);
    expect(properties.accessLogs.properties.retentionDays.default).toBe(config.accessLogs.retentionDays);
    expect(properties.quarantine.properties.retentionDays.default).toBe(config.quarantine.retentionDays);
    const { scheme, action, versioned } = definitions.bucket.properties;
    expect(config.buckets).toMatchObject([{ scheme: scheme.default, action: action.default, versioned: versioned.default }]);
  });

  test('explains every field', () => {
    const fields = [SCHEMA, SCHEMA.definitions.bucket, ...Object.values(SCHEMA.properties)].flatMap(
      ({ properties = {} }: { properties?: object }) => Object.entries(properties),
    );
    expect(fields.filter(([, field]) => !field.description)).toEqual([]);
    expect(fields.length).toBeGreaterThan(20);
  });

  test('is the one that the shipped configuration names', () => {
    expect(SHIPPED).toMatchObject({ $schema: './bin/config/s3-encryption-guard.schema.json' });
  });
});
