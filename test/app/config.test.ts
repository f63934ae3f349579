import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import type { Home } from '../../bin/config/arn-faults';
import { ConfigurationFaults, type Fault } from '../../bin/config/fault';
import { parseConfig } from '../../bin/config/parse-config';
import { configOf, EVERYTHING, ROOT, SHIPPED } from '../support/guard-app';
import * as general from './configurations';
import { besides, bucket, KEY, READER, TOPIC } from './configurations';
import * as encryption from './encryption-configurations';

const FAULTY = [...general.FAULTY, ...encryption.FAULTY];
const VALID: readonly (readonly [string, unknown])[] = [
  ['the shipped configuration', SHIPPED],
  ['a configuration with everything in it', EVERYTHING],
  ['a topic that exists', besides({ alarms: { topicArn: TOPIC } })],
  ['empty sections', besides({ alarms: {}, quarantine: {} })],
  ...encryption.VALID,
];
const BEYOND_SCHEMA = [...general.BEYOND_SCHEMA, ...encryption.BEYOND_SCHEMA];

const SCHEMA = schemaIn('s3-encryption-guard.schema.json');
const BUCKET = schemaIn('guarded-bucket.schema.json');
const matchesSchema = new Ajv({ strict: true, strictRequired: false, strictTypes: false })
  .addSchema(BUCKET, SCHEMA.properties.buckets.items.$ref)
  .compile(SCHEMA);

function schemaIn(file: string) {
  return JSON.parse(readFileSync(join(ROOT, 'bin', 'config', file), 'utf8'));
}

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
    const document = { ...bucket({ keys: [KEY] }), quarantine: { readers: [READER] } };
    expect(faultsOf(document, {})).toEqual([]);
    expect(faultsOf(document, { region: 'eu-west-1' })).toEqual([]);
    expect(faultsOf({ ...document, region: 'eu-west-1' }, { region: 'cn-north-1' })).toEqual([]);
    expect(faultsOf(document, { region: 'cn-north-1' })).toEqual([
      expect.objectContaining({ path: 'buckets[0].keys[0]', what: "is not in cn-north-1, the Region of the CLI's profile" }),
      expect.objectContaining({ path: 'quarantine.readers[0]', what: expect.stringMatching(/partition aws, .* aws-cn$/) }),
    ]);
  });

  test.each(['eu-west-1', 'us-gov-west-1', 'eusc-de-east-1', 'ap-southeast-7', 'eu-west-9'])('may name the Region %s', (region) => {
    expect(faultsOf(besides({ region }))).toEqual([]);
    expect(matchesSchema(besides({ region }))).toBe(true);
  });

  test('is told all its faults at once, across sections', () => {
    const document = {
      buckets: [{ id: 'x', keys: [KEY], expireAfterDays: -1 }, null],
      region: 'eu-central-1',
      alarms: { emails: ['me'] },
    };
    const paths = ['buckets[0].id', 'buckets[0].expireAfterDays', 'buckets[1]', 'alarms.emails[0]', 'buckets[0].keys[0]'];
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
      buckets: [{ id: 'Data', scheme: 'SSE-KMS', action: 'quarantine', versioned: true, keys: undefined }],
      quarantine: { retentionDays: 90, readers: [] },
      accessLogs: { retentionDays: 365 },
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
    const { properties } = SCHEMA;
    const config = configOf({ buckets: [{ id: 'Data' }] });
    expect(properties.stackName.default).toBe(config.stackName);
    expect(properties.accessLogs.properties.retentionDays.default).toBe(config.accessLogs.retentionDays);
    expect(properties.quarantine.properties.retentionDays.default).toBe(config.quarantine.retentionDays);
    const named = Object.entries(BUCKET.properties as Record<string, { default?: unknown }>).filter(([, field]) => 'default' in field);
    expect(named.map(([name]) => name).sort()).toEqual(['action', 'minimumTlsVersion', 'scheme', 'strict', 'versioned']);
    expect(config.buckets).toMatchObject([Object.fromEntries(named.map(([name, field]) => [name, field.default]))]);
  });

  test('explains every field', () => {
    const sections: { properties?: object; additionalProperties?: boolean }[] = [
      ...[SCHEMA, BUCKET],
      ...Object.values<object>({ ...SCHEMA.properties, ...BUCKET.definitions }).filter((section) => 'additionalProperties' in section),
    ];
    const fields = sections.flatMap(({ properties = {} }) => Object.entries(properties));
    expect(fields.filter(([, field]) => !field.description)).toEqual([]);
    expect(fields.length).toBeGreaterThan(40);
  });

  test('is the one that the shipped configuration names', () => {
    expect(SHIPPED).toMatchObject({ $schema: './bin/config/s3-encryption-guard.schema.json' });
  });
});
