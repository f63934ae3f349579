import { enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import type { HeadAnswer, ObjectHead, ObjectVersion } from '../../lambda/shared/object-store';
import type { BucketRule } from '../../lib/domain/bucket-rule';
import type { Exemption } from '../../lib/domain/declaration';
import { declare, ENVELOPE } from '../domain/sample-declarations';
import { objectCreated, sqsEvent } from '../support/events';
import type { Upload } from '../support/in-memory-object-store';
import { BUCKET, QUARANTINE, REQUIRED_KEY, rulesThatSay, SSE_C, SSE_KMS, SSE_S3, upload, world } from '../support/lambda-enforcer-world';
import { watched } from '../support/lambda-intercepted-store';

const UNTIL = '2027-03-31T00:00:00Z';
const EXEMPTION: Exemption = { prefix: 'import/', principalArns: [], until: UNTIL, reason: 'vendor import, TICKET-12' };
const LOOKS = ['head', 'headWithThrowAwayKey', 'readDocument', 'readStart'];
const kms = { scheme: 'SSE-KMS', keyArns: [REQUIRED_KEY] } as const;

const ruleWith = (...exemptions: Exemption[]): BucketRule => ({ declaration: declare([kms], { exemptions }), action: 'quarantine' });
const EXEMPTING = ruleWith(EXEMPTION);

const createdAt = (time: string): Upload => ({ body: 'secret', encryption: SSE_S3, lastModified: new Date(time) });
const IN_TIME = createdAt('2027-03-30T23:59:59Z');
const AT_THE_END = createdAt(UNTIL);

interface Given {
  readonly cached?: BucketRule;
  readonly fresh?: BucketRule;
  readonly key?: string;
}

async function enforced(object: Upload, { cached = EXEMPTING, fresh = cached, key = 'import/2026.csv' }: Given = {}) {
  const { store, ports } = world();
  const written = upload(store, object, key);
  const { store: watchedStore, calls } = watched(store);
  const outcome = await enforceObject(written, { ...ports, store: watchedStore, rules: rulesThatSay(cached, fresh) });
  const touched = calls.map(({ operation }) => operation).filter((operation) => !LOOKS.includes(operation));
  return { outcome, touched, left: store.versionsOf(BUCKET, key), quarantined: store.keysOf(QUARANTINE) };
}

/** What comes of an object of which S3 says that it was created in time, and a message that it was later. */
async function writtenLate(described: Partial<ObjectHead>) {
  const { store, ports } = world({ rule: { ...EXEMPTING, action: 'report' } });
  const { etag: _other, ...written } = upload(store, IN_TIME, 'import/2026.csv');
  const look = store.head.bind(store);
  const head = async (object: ObjectVersion): Promise<HeadAnswer> => {
    const answer = await look(object);
    return answer.status === 'found' ? { ...answer, head: { ...answer.head, ...described } } : answer;
  };
  Object.assign(store, { head });
  return { outcome: await enforceObject({ ...written, writtenAt: new Date('2028-01-01T00:00:00Z') }, ports) };
}

describe('an object that an exemption spares', () => {
  test('is spared whatever date a message gives it, which somebody may have forged: S3 has its own', async () => {
    const { outcome } = await writtenLate({});
    expect(outcome).toMatchObject({ kind: 'exempt' });
  });

  test('is not touched, and the outcome says what is wrong with it and why it is spared', async () => {
    const { outcome, touched, left, quarantined } = await enforced(IN_TIME);
    expect(outcome).toEqual({
      kind: 'exempt',
      violation: { compliant: false, reason: 'wrong-scheme', expected: `SSE-KMS under ${REQUIRED_KEY}`, observed: 'SSE-S3' },
      exemption: EXEMPTION,
      scheme: 'SSE-S3',
    });
    expect(touched).toEqual([]);
    expect(left).toEqual([expect.objectContaining({ body: 'secret', tags: {} })]);
    expect(quarantined).toEqual([]);
  });

  test('is logged and counted, and no violation is announced', async () => {
    const { store, ports, reports } = world({ rule: EXEMPTING });
    const written = upload(store, IN_TIME, 'import/2026.csv');
    await expect(processBatch(sqsEvent({ a: objectCreated(written) }), ports)).resolves.toEqual({ batchItemFailures: [] });
    expect(reports).toMatchObject({
      logs: [
        {
          bucket: BUCKET,
          key: 'import/2026.csv',
          versionId: written.versionId,
          outcome: 'exempt',
          reason: 'wrong-scheme',
          expected: `SSE-KMS under ${REQUIRED_KEY}`,
          observed: 'SSE-S3',
          exemption: 'vendor import, TICKET-12',
          exemptUntil: UNTIL,
        },
      ],
      counts: [`ExemptObjects ${BUCKET}`],
      announced: [],
      errors: [],
    });
  });

  test('may be in doubt as well as wrong', async () => {
    const { outcome } = await enforced({ ...IN_TIME, encryption: { ServerSideEncryption: 'aws:fsx' } });
    expect(outcome).toMatchObject({ kind: 'exempt', violation: { reason: 'unknown-encryption' } });
  });

  test('is anywhere, if the whole bucket is exempt', async () => {
    const { outcome, touched } = await enforced(IN_TIME, { cached: ruleWith({ ...EXEMPTION, prefix: '' }), key: 'elsewhere' });
    expect([outcome.kind, touched]).toEqual(['exempt', []]);
  });

  test('is compliant all the same, if it is', async () => {
    await expect(enforced({ ...IN_TIME, encryption: SSE_KMS })).resolves.toMatchObject({ outcome: { kind: 'compliant' }, touched: [] });
  });
});

describe('an exemption does not spare', () => {
  test.each<[string, Upload, { key?: string }]>([
    ['what is created as it ends', AT_THE_END, {}],
    ['what is created later', createdAt('2028-01-01T00:00:00Z'), {}],
    ['what lies elsewhere', IN_TIME, { key: 'imports.csv' }],
  ])('%s: it is quarantined', async (_, object, where) => {
    const { outcome, left, quarantined } = await enforced(object, where);
    expect([outcome.kind, left, quarantined.length]).toEqual(['quarantined', [], 2]);
  });

  test('what S3 does not tell the age of', async () => {
    const { store, ports } = world({ rule: EXEMPTING });
    const written = upload(store, IN_TIME, 'import/2026.csv');
    const look = store.head.bind(store);
    const ageless = async (object: ObjectVersion): Promise<HeadAnswer> => {
      const answer = await look(object);
      return answer.status === 'found' ? { ...answer, head: { ...answer.head, lastModified: undefined } } : answer;
    };
    Object.assign(store, { head: ageless });
    await expect(enforceObject(written, ports)).resolves.toMatchObject({ kind: 'quarantined' });
  });

  test.each<[string, Partial<ObjectHead>]>([
    ['a multipart upload that began in time and ended later', { etag: '"d41d8cd98f00b204e9800998ecf8427e-2"' }],
    ['a replica of an older object', { replicationStatus: 'REPLICA' }],
  ])('%s: the event tells', async (_, described) => {
    const { outcome } = await writtenLate(described);
    expect(outcome).toMatchObject({ kind: 'reported', requested: 'report' });
  });

  test("what only its uploader's key opens: of an SSE-C object, S3 does not tell the age", async () => {
    const { outcome, left } = await enforced({ ...IN_TIME, encryption: SSE_C });
    expect(outcome).toMatchObject({ kind: 'tagged', requested: 'quarantine', violation: { observed: 'SSE-C' } });
    expect(left).toEqual([expect.objectContaining({ tags: { 's3-encryption-guard:violation': 'wrong-scheme' } })]);
  });
});

describe('the rule that is read anew decides on exemptions, too:', () => {
  test('one that was withdrawn spares nothing', async () => {
    await expect(enforced(IN_TIME, { cached: EXEMPTING, fresh: ruleWith() })).resolves.toMatchObject({
      outcome: { kind: 'quarantined' },
      left: [],
    });
  });

  test('one that was cut short spares no more than it says by now', async () => {
    const fresh = ruleWith({ ...EXEMPTION, until: '2027-03-01T00:00:00Z' });
    await expect(enforced(IN_TIME, { cached: EXEMPTING, fresh })).resolves.toMatchObject({ outcome: { kind: 'quarantined' } });
  });

  test('one that was added spares at once', async () => {
    await expect(enforced(IN_TIME, { cached: ruleWith(), fresh: EXEMPTING })).resolves.toMatchObject({
      outcome: { kind: 'exempt' },
      touched: [],
    });
  });
});

describe('an object is judged by the rule of its prefix', () => {
  const prefixRules = [{ prefix: 'logs/', accepted: [{ scheme: 'SSE-S3' }] as const }];
  const ruled: BucketRule = { declaration: declare([kms], { prefixRules }), action: 'quarantine' };

  test.each<[string, Upload, string]>([
    ['logs/2026', { encryption: SSE_S3 }, 'compliant'],
    ['logs/2026', { encryption: SSE_KMS }, 'quarantined'],
    ['logs', { encryption: SSE_S3 }, 'quarantined'],
    ['logs', { encryption: SSE_KMS }, 'compliant'],
  ])('%s, %j: %s', async (key, object, kind) => {
    await expect(enforced(object, { cached: ruled, key })).resolves.toMatchObject({ outcome: { kind } });
  });

  test('also of one that was added since the rule was cached', async () => {
    const situation = { cached: ruleWith(), fresh: ruled, key: 'logs/2026' };
    await expect(enforced({ encryption: SSE_S3 }, situation)).resolves.toMatchObject({ outcome: { kind: 'compliant' }, touched: [] });
  });
});

test('an object that client-side encryption is required for is acted upon where what lies beneath it is wrong', async () => {
  const declaration = declare([{ scheme: 'client-side', serverSide: kms, envelope: ENVELOPE }]);
  const wrong = await enforced(IN_TIME, { cached: { declaration, action: 'quarantine' } });
  expect(wrong.outcome).toMatchObject({ kind: 'quarantined', violation: { reason: 'wrong-scheme' } });
  const refuses = { read: 'AccessDenied: no kms:Decrypt' };
  const right = await enforced({ encryption: SSE_KMS, body: 'sealed', refuses }, { cached: { declaration, action: 'quarantine' } });
  expect(right).toMatchObject({ outcome: { kind: 'reported', violation: { reason: 'client-side-unverifiable' } }, touched: [] });
});
