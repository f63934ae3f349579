import { enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import { RetryableError } from '../../lambda/shared/errors';
import type { BucketRule } from '../../lib/domain/bucket-rule';
import type { EncryptionFields } from '../../lib/domain/observation';
import type { EncryptionRequirement } from '../../lib/domain/requirement';
import { declare } from '../domain/sample-declarations';
import type { Upload } from '../support/in-memory-object-store';
import {
  BUCKET,
  NOW,
  OTHER_KEY,
  QUARANTINE,
  QUARANTINE_KEY,
  REQUIRE_KMS,
  REQUIRED_KEY,
  rulesThatSay,
  SSE_C,
  SSE_KMS,
  SSE_KMS_OTHER_KEY,
  SSE_S3,
  upload,
  world,
} from '../support/lambda-enforcer-world';
import { watched } from '../support/lambda-intercepted-store';

const KEY = 'reports/2026.csv';
const WRONG: Upload = { body: 'secret', encryption: SSE_S3, metadata: { author: 'ann' }, tags: { team: 'blue' } };
const NOT_TOUCHED = ['head', 'headWithThrowAwayKey', 'readDocument'];
const only = (action: BucketRule['action']): BucketRule => ({ ...REQUIRE_KMS, action });

/** One object, one enforcer; the outcome, and everything that is there afterwards. */
async function enforced(object: Upload, rule: BucketRule) {
  const { store, ports } = world({ rule });
  const written = upload(store, object);
  const { store: watchedStore, calls } = watched(store);
  const outcome = await enforceObject(written, { ...ports, store: watchedStore });
  const operations = calls.map(({ operation }) => operation);
  return { store, written, outcome, touched: operations.filter((operation) => !NOT_TOUCHED.includes(operation)) };
}

describe('an object that is encrypted as required is compliant and not touched:', () => {
  test.each<[EncryptionRequirement['scheme'], EncryptionFields, EncryptionRequirement]>([
    ['SSE-S3', SSE_S3, { scheme: 'SSE-S3' }],
    ['SSE-KMS', SSE_KMS, { scheme: 'SSE-KMS', keyArns: [OTHER_KEY, REQUIRED_KEY] }],
    ['DSSE-KMS', { ...SSE_KMS, ServerSideEncryption: 'aws:kms:dsse' }, { scheme: 'DSSE-KMS', keyArns: [REQUIRED_KEY] }],
    ['SSE-C', SSE_C, { scheme: 'SSE-C' }],
  ])('%s', async (scheme, encryption, requirement) => {
    const { outcome, touched } = await enforced({ encryption }, { declaration: declare([requirement]), action: 'quarantine' });
    expect(outcome).toEqual({ kind: 'compliant', scheme });
    expect(touched).toEqual([]);
  });
});

test('an object that is not there is gone, whether or not the event has an ETag', async () => {
  const { ports } = world();
  await expect(enforceObject({ bucket: BUCKET, key: KEY, versionId: 'v1', etag: 'e1' }, ports)).resolves.toEqual({ kind: 'gone' });
  await expect(enforceObject({ bucket: BUCKET, key: KEY, versionId: 'v1' }, ports)).resolves.toEqual({ kind: 'gone' });
});

describe('an object whose key SQS did not deliver as it is', () => {
  /** As SQS may write what it takes for no character. */
  const garbled = (key: string) => key.replace(/[\ufffe\uffff]/g, '\ufffd');

  test.each(['enabled', 'never'] as const)('is not gone, but unverified: versioning %s', async (versioning) => {
    const { store, ports } = world({ versioning });
    const written = upload(store, WRONG, 'reports/\uffff.csv');
    await expect(enforceObject({ ...written, key: garbled(written.key) }, ports)).rejects.toThrow(RetryableError);
  });

  test('is not taken for another that has the key as it came', async () => {
    const { store, ports } = world({ versioning: 'never' });
    const written = upload(store, WRONG, 'reports/\uffff.csv');
    upload(store, { body: 'other', encryption: SSE_KMS }, garbled(written.key));
    await expect(enforceObject({ ...written, key: garbled(written.key) }, ports)).rejects.toThrow(RetryableError);
  });

  test('has nothing to do with one that really has such a key', async () => {
    const { store, ports } = world();
    const written = upload(store, WRONG, 'reports/\ufffd.csv');
    await expect(enforceObject(written, ports)).resolves.toMatchObject({ kind: 'quarantined' });
    await expect(enforceObject(written, ports)).resolves.toMatchObject({ kind: 'quarantined' });
  });
});

test('an object is reported, and no more, if that is what the rule says', async () => {
  const { outcome, touched } = await enforced({ encryption: SSE_KMS_OTHER_KEY }, only('report'));
  expect(outcome).toEqual({
    kind: 'reported',
    requested: 'report',
    scheme: 'SSE-KMS',
    violation: {
      compliant: false,
      reason: 'wrong-key',
      expected: `SSE-KMS under ${REQUIRED_KEY}`,
      observed: `SSE-KMS under ${OTHER_KEY}`,
    },
  });
  expect(touched).toEqual([]);
});

test('an object is tagged beside its own tags, and stays, if that is what the rule says', async () => {
  const { outcome, store } = await enforced(WRONG, only('tag'));
  expect(outcome).toMatchObject({ kind: 'tagged', requested: 'tag', violation: { reason: 'wrong-scheme' } });
  expect(outcome).not.toHaveProperty('reducedBecause', expect.anything());
  const tags = { team: 'blue', 's3-encryption-guard:violation': 'wrong-scheme' };
  expect(store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining({ body: 'secret', tags })]);
  expect(store.keysOf(QUARANTINE)).toEqual([]);
});

describe('an object is quarantined:', () => {
  test('a copy with metadata and tags lies under the quarantine key, a receipt beside it, and the original is gone', async () => {
    const { outcome, store, written } = await enforced(WRONG, only('quarantine'));
    const objectKey = `objects/${BUCKET}/${KEY}/${written.versionId}`;
    expect(outcome).toMatchObject({ kind: 'quarantined', requested: 'quarantine', location: `s3://${QUARANTINE}/${objectKey}` });
    expect(outcome).not.toHaveProperty('reducedBecause', expect.anything());
    expect(store.versionsOf(BUCKET, KEY)).toEqual([]);
    const encryption = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: QUARANTINE_KEY };
    const copies = store.versionsOf(QUARANTINE, objectKey);
    expect(copies).toEqual([expect.objectContaining({ ...WRONG, encryption })]);
    const receipt = store.versionsOf(QUARANTINE, `receipts/${BUCKET}/${KEY}/${written.versionId}.json`).at(-1);
    expect(receipt?.encryption).toEqual(encryption);
    expect(JSON.parse(receipt?.body ?? '')).toEqual({
      version: 1,
      quarantinedAt: NOW,
      enforcer: 'Stack-Enforcer-AB12CD34',
      origin: {
        bucket: BUCKET,
        key: KEY,
        versionId: written.versionId,
        etag: `"${written.etag}"`,
        size: 6,
        lastModified: '2026-11-12T09:59:00.000Z',
      },
      copy: { bucket: QUARANTINE, key: objectKey, versionId: copies[0]?.versionId },
      violation: { compliant: false, reason: 'wrong-scheme', expected: `SSE-KMS under ${REQUIRED_KEY}`, observed: 'SSE-S3' },
    });
  });

  test('only the version of the event, between an older and a newer one', async () => {
    const { store, ports } = world();
    const older = upload(store, { body: 'older', encryption: SSE_S3 });
    const written = upload(store, WRONG);
    const newer = upload(store, { body: 'newer', encryption: SSE_S3 });
    await expect(enforceObject(written, ports)).resolves.toMatchObject({ kind: 'quarantined' });
    expect(store.versionsOf(BUCKET, KEY).map(({ versionId }) => versionId)).toEqual([older.versionId, newer.versionId]);
  });

  test('in a bucket without versions', async () => {
    const { store, ports } = world({ versioning: 'never' });
    const written = upload(store, WRONG);
    const location = `s3://${QUARANTINE}/objects/${BUCKET}/${KEY}/etag-${written.etag}-20261112T095900Z`;
    await expect(enforceObject(written, ports)).resolves.toMatchObject({ kind: 'quarantined', location });
    expect(store.keysOf(BUCKET)).toEqual([]);
    expect(store.keysOf(QUARANTINE)).toHaveLength(2);
  });

  test('in a bucket with suspended versioning, under a null marker that keeps nothing', async () => {
    const { store, ports } = world({ versioning: 'suspended' });
    const outcome = await enforceObject(upload(store, WRONG), ports);
    expect(outcome).toMatchObject({ kind: 'quarantined' });
    expect(outcome).not.toHaveProperty('reducedBecause', expect.anything());
    expect(store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining({ deleteMarker: true, versionId: 'null' })]);
  });

  test('from before versioning: hidden by a delete marker, and the outcome says what remains', async () => {
    const { store, ports } = world({ versioning: 'never' });
    const written = upload(store, WRONG);
    store.setVersioning(BUCKET, 'enabled');
    const outcome = await enforceObject(written, ports);
    const [remaining, marker] = store.versionsOf(BUCKET, KEY);
    expect(remaining).toMatchObject({ versionId: 'null', body: 'secret' });
    expect(marker).toMatchObject({ deleteMarker: true });
    expect(outcome).toMatchObject({ kind: 'quarantined', reducedBecause: expect.stringContaining('the null version remains') });
  });

  test('and a second delivery of its event changes nothing and says the same', async () => {
    for (const versioning of ['never', 'enabled', 'suspended'] as const) {
      const { store, ports } = world({ versioning });
      const written = upload(store, WRONG);
      const first = await enforceObject(written, ports);
      const before = JSON.stringify(store.keysOf(QUARANTINE).map((key) => store.versionsOf(QUARANTINE, key)));
      await expect(enforceObject(written, ports)).resolves.toEqual({ ...first, scheme: undefined, reducedBecause: undefined });
      expect(JSON.stringify(store.keysOf(QUARANTINE).map((key) => store.versionsOf(QUARANTINE, key)))).toBe(before);
    }
  });
});

describe('the rule is read anew before an object is touched, and the new one decides:', () => {
  async function enforcedBetween(cached: BucketRule, fresh: BucketRule) {
    const { store, ports } = world();
    const written = upload(store, WRONG);
    const outcome = await enforceObject(written, { ...ports, rules: rulesThatSay(cached, fresh) });
    return { outcome, remains: store.versionsOf(BUCKET, KEY) };
  }

  test('an object that is right by now is compliant', async () => {
    const { outcome, remains } = await enforcedBetween(only('quarantine'), {
      declaration: declare([{ scheme: 'SSE-S3' }]),
      action: 'quarantine',
    });
    expect(outcome).toEqual({ kind: 'compliant', scheme: 'SSE-S3' });
    expect(remains).toEqual([expect.objectContaining(WRONG)]);
  });

  test('a gentler action is taken', async () => {
    const { outcome, remains } = await enforcedBetween(only('quarantine'), only('report'));
    expect(outcome).toMatchObject({ kind: 'reported', requested: 'report' });
    expect(remains).toEqual([expect.objectContaining(WRONG)]);
  });

  test('another requirement gives the reason', async () => {
    const { outcome } = await enforcedBetween(only('report'), { declaration: declare([{ scheme: 'SSE-C' }]), action: 'report' });
    expect(outcome).toMatchObject({ violation: { expected: 'SSE-C' } });
  });
});

describe('without a rule there is no verdict, even for an object that looks right:', () => {
  const noRule = async () => {
    throw new RetryableError('there is no such parameter');
  };

  test.each<[string, EncryptionFields, 'cached' | 'fresh']>([
    ['no cached rule, right object', SSE_KMS, 'cached'],
    ['no cached rule, wrong object', SSE_S3, 'cached'],
    ['no fresh rule, wrong object', SSE_S3, 'fresh'],
  ])('%s', async (_, encryption, missing) => {
    const { store, ports } = world();
    const written = upload(store, { body: 'x', encryption });
    const rules = { ...rulesThatSay(REQUIRE_KMS), [missing]: noRule };
    await expect(enforceObject(written, { ...ports, rules })).rejects.toThrow(RetryableError);
    expect(store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining({ body: 'x', tags: {} })]);
    expect(store.keysOf(QUARANTINE)).toEqual([]);
  });
});
