import * as kms from 'aws-cdk-lib/aws-kms';
import fc from 'fast-check';
import { kmsPartOf, SCHEME_NAMES } from '../../bin/config/encryption-config';
import { parseConfig } from '../../bin/config/parse-config';
import { encryptionOf } from '../../bin/stacks/encryption';
import { keysOf } from '../../bin/stacks/keys';
import { CLIENT_SIDE_FORMATS } from '../../lib/domain/client-side/evidence';
import { RequireEncryption } from '../../lib/mixins';
import { SEEDED } from '../domain/arbitraries';
import { matchesSchema } from '../support/config-schema';
import { importedBucket, newStack } from '../support/stacks';
import { KEY, READER } from './configurations';

/** What may be left out, now and then left out. */
const some = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 2 });
/** Few, so that not every document has a fault. */
const few = <T>(values: fc.Arbitrary<T>) => fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values });
const listOf = <T>(items: fc.Arbitrary<T>) => some(fc.array(items, { minLength: 1, maxLength: 2 }));
const record = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(fields).map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)));

const OTHER_KEY = KEY.replace('11111111', '22222222');
const keys = few(fc.subarray([KEY, OTHER_KEY], { minLength: 1 }));
const scheme = fc.constantFrom(...SCHEME_NAMES);
const envelope = record({
  format: some(fc.constantFrom(...CLIENT_SIDE_FORMATS)),
  requireKeyCommitment: some(fc.boolean()),
  wrappingKeys: few(fc.subarray([KEY, OTHER_KEY], { minLength: 1 })),
  instructionFileSuffix: few(fc.constantFrom('.instruction', '.i')),
});
const encryption = { scheme, keys, serverSide: few(record({ scheme, keys })), envelope: few(envelope) };
const accepted = { ...encryption, alsoAccept: listOf(record(encryption)) };
const prefix = fc.constantFrom('a/', 'a/b/', 'b/', '*');
const exemption = record({
  prefix: some(prefix),
  principalArns: some(fc.constant([READER])),
  until: fc.constantFrom('2099-12-31', '2099-12-31T18:00:00Z', '2099-02-30'),
  reason: fc.constant('The import moves next year.'),
});
const bucket = record({
  id: fc.constant('Data'),
  ...accepted,
  scheme: some(scheme),
  prefixes: listOf(record({ prefix, ...accepted })),
  exemptions: listOf(exemption),
  strict: some(fc.boolean()),
});
const document = bucket.map((fields) => ({ data: [{ buckets: [fields] }] }));

const BEYOND_SCHEMA = /in part the same as|must be a day that there is|lie in different places/;

test('schema and app agree on every bucket, but for overlaps, the calendar, and what only parts together get wrong', () => {
  let [taken, refused] = [0, 0];
  const agree = (candidate: object) => {
    const parsed = parseConfig(candidate);
    const faults = 'faults' in parsed ? parsed.faults : [];
    const valid = matchesSchema(candidate);
    if (faults.length === 0) taken += 1;
    else refused += 1;
    return valid ? faults.every(({ what }) => BEYOND_SCHEMA.test(what)) : faults.length > 0;
  };
  fc.assert(fc.property(document, agree), { ...SEEDED, numRuns: 3000 });
  expect(Math.min(taken, refused)).toBeGreaterThan(100);
});

test('the library takes every bucket that the app takes', () => {
  const stack = newStack();
  const data = importedBucket(stack, 'Imported', 'data');
  const newKey = new kms.Key(stack, 'New');
  const keyOf = keysOf(stack, new Map());
  let taken = 0;
  const takes = (candidate: object) => {
    const parsed = parseConfig(candidate);
    const [config] = 'config' in parsed ? (parsed.config.data[0]?.buckets ?? []) : [];
    if (config === undefined) return;
    taken += 1;
    const ownKeys = kmsPartOf(config) === undefined ? [] : [newKey];
    RequireEncryption.policyStatements(data, encryptionOf(config, ownKeys, keyOf));
  };
  fc.assert(fc.property(document, takes), { ...SEEDED, numRuns: 3000 });
  expect(taken).toBeGreaterThan(100);
});
