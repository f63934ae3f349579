import type { FinalOutcome, ViolationOutcome } from '../../lambda/encryption-enforcer/outcome';
import { report } from '../../lambda/encryption-enforcer/report';
import type { Violation, ViolationReason } from '../../lib/domain/verdict';
import { world } from '../support/lambda-enforcer-world';

const OBJECT = { bucket: 'data-bucket', key: 'reports/2026.csv', versionId: 'v1', etag: 'e1' };
const violation = (reason: ViolationReason): Violation => ({ compliant: false, reason, expected: 'SSE-C', observed: 'SSE-S3' });
const WHERE = { bucket: 'data-bucket', key: 'reports/2026.csv', versionId: 'v1' };
const WHAT = { reason: 'wrong-scheme', expected: 'SSE-C', observed: 'SSE-S3' };

async function reported(outcome: FinalOutcome, object: typeof OBJECT | Omit<typeof OBJECT, 'versionId'> = OBJECT) {
  const { ports, reports } = world();
  await report(object, outcome, ports);
  return reports;
}

function outcome(kind: ViolationOutcome['kind'], more: Partial<ViolationOutcome> = {}): ViolationOutcome {
  return { kind, violation: violation('wrong-scheme'), requested: 'quarantine', ...more };
}

/** Outcome; fields of the log line besides those that say where; metrics. Violations send the log line's fields as an event. */
const TABLE: readonly [string, FinalOutcome, object, string[]][] = [
  ['compliant', { kind: 'compliant', scheme: 'SSE-KMS' }, { outcome: 'compliant' }, ['CompliantObjects']],
  ['gone', { kind: 'gone' }, { outcome: 'gone' }, ['GoneObjects']],
  [
    'exempt',
    {
      kind: 'exempt',
      violation: violation('wrong-scheme'),
      exemption: { prefix: 'reports/', principalArns: [], until: '2027-03-31T00:00:00Z', reason: 'TICKET-12' },
      scheme: 'SSE-S3',
    },
    { outcome: 'exempt', exemption: 'TICKET-12', exemptUntil: '2027-03-31T00:00:00Z', ...WHAT },
    ['ExemptObjects'],
  ],
  ['superseded', outcome('superseded'), { outcome: 'superseded', requested: 'quarantine', ...WHAT }, ['NonCompliantObjects']],
  [
    'reported, as asked',
    outcome('reported', { requested: 'report' }),
    { outcome: 'reported', requested: 'report', ...WHAT },
    ['NonCompliantObjects', 'ReportedObjects'],
  ],
  [
    'tagged, as asked',
    outcome('tagged', { requested: 'tag', reducedBecause: undefined }),
    { outcome: 'tagged', requested: 'tag', ...WHAT },
    ['NonCompliantObjects', 'TaggedObjects'],
  ],
  [
    'quarantined',
    outcome('quarantined', { location: 's3://q/objects/o' }),
    { outcome: 'quarantined', requested: 'quarantine', location: 's3://q/objects/o', ...WHAT },
    ['NonCompliantObjects', 'QuarantinedObjects'],
  ],
  [
    're-encrypted in place',
    outcome('re-encrypted', { requested: 'reencrypt', encryptedAs: 'SSE-KMS under a key' }),
    { outcome: 're-encrypted', requested: 'reencrypt', encryptedAs: 'SSE-KMS under a key', ...WHAT },
    ['NonCompliantObjects', 'ReencryptedObjects'],
  ],
  [
    're-encrypted by a copy',
    outcome('re-encrypted', { requested: 'reencrypt', encryptedAs: 'SSE-S3', replacedBy: 'v2', location: 's3://q/objects/o' }),
    {
      outcome: 're-encrypted',
      requested: 'reencrypt',
      encryptedAs: 'SSE-S3',
      replacedBy: 'v2',
      location: 's3://q/objects/o',
      ...WHAT,
    },
    ['NonCompliantObjects', 'ReencryptedObjects'],
  ],
  [
    'quarantined, with a rest',
    outcome('quarantined', { location: 's3://q/objects/o', reducedBecause: 'the null version remains' }),
    { outcome: 'quarantined', requested: 'quarantine', location: 's3://q/objects/o', reducedBecause: 'the null version remains', ...WHAT },
    ['NonCompliantObjects', 'QuarantinedObjects', 'ReducedActions'],
  ],
  [
    'quarantined, and another version uncovered',
    outcome('quarantined', { location: 's3://q/objects/o', uncovered: 'v0' }),
    { outcome: 'quarantined', requested: 'quarantine', location: 's3://q/objects/o', uncovered: 'v0', ...WHAT },
    ['NonCompliantObjects', 'QuarantinedObjects'],
  ],
  [
    'tagged instead of quarantined',
    outcome('tagged', { reducedBecause: 'not copied: InvalidObjectState' }),
    { outcome: 'tagged', requested: 'quarantine', reducedBecause: 'not copied: InvalidObjectState', ...WHAT },
    ['NonCompliantObjects', 'TaggedObjects', 'ReducedActions'],
  ],
  [
    'reported instead of tagged',
    outcome('reported', { requested: 'tag', reducedBecause: 'not tagged' }),
    { outcome: 'reported', requested: 'tag', reducedBecause: 'not tagged', ...WHAT },
    ['NonCompliantObjects', 'ReportedObjects', 'ReducedActions'],
  ],
];

test.each(TABLE)('%s: one log line, its metrics', async (_, given, fields, metrics) => {
  const { logs, counts } = await reported(given);
  expect(logs).toEqual([{ ...WHERE, ...fields }]);
  expect(counts).toEqual(metrics.map((metric) => `${metric} data-bucket`));
});

test.each(TABLE)('%s: an event, with the fields of the log line, only for a violation that stands', async (_, given, fields, metrics) => {
  const { announced } = await reported(given);
  expect(announced).toEqual(metrics.includes('NonCompliantObjects') ? [{ ...WHERE, ...fields }] : []);
});

test.each<[ViolationReason, boolean]>([
  ['wrong-scheme', false],
  ['wrong-key', false],
  ['not-encrypted', false],
  ['key-unidentified', true],
  ['unknown-encryption', true],
  ['client-side-unverifiable', true],
  ['unreadable', true],
])('%s is counted among the unverifiable: %s', async (reason, unverifiable) => {
  const { counts } = await reported({ ...outcome('reported', { requested: 'report' }), violation: violation(reason) });
  expect(counts).toEqual([
    'NonCompliantObjects data-bucket',
    'ReportedObjects data-bucket',
    ...(unverifiable ? ['UnverifiableObjects data-bucket'] : []),
  ]);
});

test('an object without a version id has none in the log', async () => {
  const { versionId: _none, ...unversioned } = OBJECT;
  const { logs } = await reported({ kind: 'gone' }, unversioned);
  expect(logs).toEqual([{ bucket: OBJECT.bucket, key: OBJECT.key, outcome: 'gone' }]);
  expect(logs[0]).not.toHaveProperty('versionId');
});

test('a violation whose event is not sent is logged but not counted: it is counted when it is', async () => {
  const { ports, reports } = world();
  const announce = async () => {
    throw new Error('not sent');
  };
  await expect(report(OBJECT, outcome('quarantined'), { ...ports, announce })).rejects.toThrow('not sent');
  expect(reports.logs).toHaveLength(1);
  expect(reports.counts).toEqual([]);
});
