import { ConfigurationFaults, type Fault } from '../../bin/config/fault';
import type { Home } from '../../bin/config/home';
import { parseConfig } from '../../bin/config/parse-config';
import { matchesSchema, SCHEMAS } from '../support/config-schema';
import { configOf, deployed, documentIn, EVERYTHING, EXAMPLES, SHIPPED } from '../support/guard-app';
import * as general from './configurations';
import { besides, bucket, KEY, READER, TOPIC } from './configurations';
import * as deployments from './deployment-configurations';
import * as encryption from './encryption-configurations';

/** Most are about one of `data`. */
const inData = ([what, document, path, said]: general.Faulty): general.Faulty => [
  what,
  { data: [document] },
  path === '' ? 'data[0]' : `data[0].${path}`,
  said,
];
const FAULTY = [...[...general.FAULTY, ...encryption.FAULTY].map(inData), ...deployments.FAULTY];
const BEYOND_SCHEMA = [...[...general.BEYOND_SCHEMA, ...encryption.BEYOND_SCHEMA].map(inData), ...deployments.BEYOND_SCHEMA];
const VALID: readonly (readonly [string, unknown])[] = [
  ['the shipped configuration', SHIPPED],
  ['a configuration with everything in it', EVERYTHING],
  ...EXAMPLES.flatMap((path) => [[path, documentIn(path)] as const, [`${path}, once it is deployed`, deployed(documentIn(path))] as const]),
  ['a topic that exists', { data: [besides({ alarms: { topicArn: TOPIC } })] }],
  [
    'empty sections',
    { tags: {}, data: [besides({ alarms: {}, quarantine: {}, monitoring: {}, tamperAlerts: {}, outputs: {} })], audit: {} },
  ],
  ...encryption.VALID.map(([what, document]) => [what, { data: [document] }] as const),
];

const schemaIn = (file: string) => SCHEMAS[`${file}.schema.json`];

function faultsOf(document: unknown, home?: Home): readonly Fault[] {
  const result = parseConfig(document, home);
  return 'faults' in result ? result.faults : [];
}

describe('a configuration', () => {
  test.each([...FAULTY, ...BEYOND_SCHEMA])('with %s has one fault, with its place and a remedy', (_, document, path, what) => {
    const faults = faultsOf(document);
    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(faults[0]?.what).toMatch(what);
    expect(faults[0]?.remedy).toMatch(/^[A-Z].*[.)}`\]]$/);
  });

  test("is held against the Region of the CLI's profile where it names none", () => {
    const fields = { ...bucket({ keys: [KEY] }), quarantine: { readers: [READER] } };
    const document = { data: [fields] };
    expect(faultsOf(document, {})).toEqual([]);
    expect(faultsOf(document, { region: 'eu-west-1' })).toEqual([]);
    expect(faultsOf({ data: [{ ...fields, region: 'eu-west-1' }] }, { region: 'cn-north-1' })).toEqual([]);
    expect(faultsOf(document, { region: 'cn-north-1' })).toEqual([
      expect.objectContaining({ path: 'data[0].buckets[0].keys[0]', what: "is not in cn-north-1, the Region of the CLI's profile" }),
      expect.objectContaining({ path: 'data[0].quarantine.readers[0]', what: expect.stringMatching(/partition aws, .* aws-cn$/) }),
    ]);
  });

  test.each(['eu-west-1', 'us-gov-west-1', 'eusc-de-east-1', 'ap-southeast-7', 'eu-west-9'])('may name the Region %s', (region) => {
    const document = { data: [besides({ region })] };
    expect(faultsOf(document)).toEqual([]);
    expect(matchesSchema(document)).toBe(true);
  });

  test('is told all its faults at once, across sections', () => {
    const data = { buckets: [{ id: 'x', keys: [KEY], expireAfterDays: -1 }, null], region: 'eu-central-1', alarms: { emails: ['me'] } };
    const document = { data: [data], keys: [{ account: '1', region: 'eu-west-1', keys: [{ id: 'Team' }] }], audit: { retentionDays: 1 } };
    const paths = [
      ...['data[0].buckets[0].id', 'data[0].buckets[0].expireAfterDays', 'data[0].buckets[1]', 'data[0].alarms.emails[0]'],
      ...['keys[0].account', 'audit.retentionDays', 'data[0].account', 'data[0].buckets[0].keys[0]', 'keys[0].keys[0].id'],
    ];
    expect(faultsOf(document).map(({ path }) => path)).toEqual(paths);
  });

  test('is told its faults in lines that say file, place, value and remedy', () => {
    const { message } = new ConfigurationFaults('guard.json', faultsOf({ data: [{ buckets: [{ id: 'x' }, {}] }] }));
    const [heading, first, second] = message.split('\n');
    expect(heading).toBe('guard.json: 2 faults; nothing was synthesised.');
    expect(first).toMatch(/^ {2}data\[0\]\.buckets\[0\]\.id must begin with a capital letter.* \(got "x"\)\. Keep it once deployed/);
    expect(second).toMatch(/^ {2}data\[0\]\.buckets\[1\]\.id is missing: it must begin .* nor Resource\. Keep it/);
  });

  test('gets the defaults of the library for what it leaves out', () => {
    expect(configOf(SHIPPED)).toMatchObject({
      tags: {},
      terminationProtection: true,
      data: [
        {
          account: undefined,
          stackName: 'S3EncryptionGuard',
          buckets: [{ id: 'Data', scheme: 'SSE-KMS', action: 'quarantine', versioned: true, keys: undefined }],
          quarantine: { retentionDays: 90, readers: [] },
          accessLogs: { retentionDays: 365 },
          monitoring: undefined,
          tamperAlerts: undefined,
          outputs: { violations: false, securityHub: false },
        },
      ],
      keys: [],
      audit: undefined,
    });
  });
});

describe('the schema for editors', () => {
  test.each(VALID)('accepts %s, as the app does', (_, document) => {
    expect(faultsOf(document)).toEqual([]);
    expect(matchesSchema(document) || matchesSchema.errors).toBe(true);
  });

  test.each(FAULTY)('refuses %s, as the app does', (_, document) => {
    expect(matchesSchema(document)).toBe(false);
  });

  test('says the same defaults', () => {
    const config = configOf({ ...EVERYTHING, ...deployments.LEAST });
    const [data, keys] = [config.data[0], config.keys[0]];
    const told = (schema: { properties: object }) =>
      Object.fromEntries(Object.entries(schema.properties).flatMap(([name, field]) => ('default' in field ? [[name, field.default]] : [])));
    expect(config).toMatchObject({ ...told(schemaIn('s3-encryption-guard')), tags: EVERYTHING.tags, terminationProtection: false });
    expect(configOf(SHIPPED)).toMatchObject(told(schemaIn('s3-encryption-guard')));
    const { properties } = schemaIn('data-deployment');
    expect(data).toMatchObject(told({ properties }));
    expect(data?.accessLogs).toEqual(told(properties.accessLogs));
    expect(data?.quarantine).toEqual(told(properties.quarantine));
    expect(data?.monitoring).toMatchObject(told(properties.monitoring));
    expect(data?.monitoring?.canary).toEqual(told(properties.monitoring.properties.canary));
    expect(keys).toMatchObject(told(schemaIn('key-deployment')));
    expect(config.audit).toMatchObject(told(schemaIn('audit-deployment')));
    const ofBucket = told(schemaIn('guarded-bucket'));
    expect(Object.keys(ofBucket).sort()).toEqual(['action', 'minimumTlsVersion', 'scheme', 'strict', 'versioned']);
    expect(data?.buckets[0]).toMatchObject(ofBucket);
  });

  test('explains every field', () => {
    const objectsIn = (part: unknown): { properties?: object }[] =>
      typeof part === 'object' && part !== null
        ? [...('additionalProperties' in part ? [part as { properties?: object }] : []), ...Object.values(part).flatMap(objectsIn)]
        : [];
    const fields = Object.values(SCHEMAS)
      .flatMap(objectsIn)
      .flatMap(({ properties = {} }) => Object.entries(properties));
    expect(fields.filter(([, field]) => !field.description)).toEqual([]);
    expect(fields.length).toBeGreaterThan(75);
  });

  test('is the one that the shipped configuration names', () => {
    expect(SHIPPED).toMatchObject({ $schema: './bin/config/s3-encryption-guard.schema.json' });
  });
});
