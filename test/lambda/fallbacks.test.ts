import { enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import type { BucketRule } from '../../lib/domain/bucket-rule';
import { declare, ENVELOPE } from '../domain/sample-declarations';
import type { Upload } from '../support/in-memory-object-store';
import { BUCKET, QUARANTINE, REQUIRE_KMS, REQUIRED_KEY, SSE_C, SSE_S3, upload, world } from '../support/lambda-enforcer-world';
import { meanwhile } from '../support/lambda-intercepted-store';

const KEY = 'reports/2026.csv';
const WRONG: Upload = { body: 'secret', encryption: SSE_S3, tags: { team: 'blue' } };
const VIOLATION_TAG = 's3-encryption-guard:violation';
const tenTags = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`tag-${at}`, 'value']));
const tagRule: BucketRule = { ...REQUIRE_KMS, action: 'tag' };

async function enforced(object: Upload, rule: BucketRule = REQUIRE_KMS) {
  const { store, ports } = world({ rule });
  const outcome = await enforceObject(upload(store, object), ports);
  return { outcome, left: store.versionsOf(BUCKET, KEY), quarantined: store.keysOf(QUARANTINE) };
}

describe('an object that cannot be moved is tagged, and the outcome says why:', () => {
  test.each<[string, Upload, RegExp]>([
    [
      'an archived one',
      { ...WRONG, refuses: { copy: 'InvalidObjectState: the operation is not valid' } },
      /not copied: InvalidObjectState/,
    ],
    [
      'one under a disabled key',
      { ...WRONG, refuses: { copy: 'KMS.DisabledException: key is disabled' } },
      /not copied: KMS.DisabledException/,
    ],
    ['an SSE-C one', { ...WRONG, encryption: SSE_C }, /SSE-C object/],
  ])('%s', async (_, object, why) => {
    const { outcome, left, quarantined } = await enforced(object);
    expect(outcome).toMatchObject({ kind: 'tagged', requested: 'quarantine', reducedBecause: expect.stringMatching(why) });
    expect(outcome).not.toHaveProperty('location', expect.anything());
    expect(left).toEqual([expect.objectContaining({ body: 'secret', tags: { team: 'blue', [VIOLATION_TAG]: 'wrong-scheme' } })]);
    expect(quarantined.filter((place) => !place.startsWith('refusals/'))).toEqual([]);
  });

  test('one of exactly 5 GiB is moved', async () => {
    await expect(enforced({ ...WRONG, size: 5 * 1024 ** 3 })).resolves.toMatchObject({ outcome: { kind: 'quarantined' }, left: [] });
  });

  test('one that S3 does not let go, under Object Lock, with the place of its copy', async () => {
    const { outcome, left, quarantined } = await enforced({
      ...WRONG,
      refuses: { delete: 'AccessDenied: object protected by object lock' },
    });
    const copyKey = quarantined.find((key) => key.startsWith('objects/'));
    expect(outcome).toMatchObject({
      kind: 'tagged',
      requested: 'quarantine',
      location: `s3://${QUARANTINE}/${copyKey}`,
      reducedBecause: 'copied, but not deleted: AccessDenied: object protected by object lock',
    });
    expect(left).toEqual([expect.objectContaining({ body: 'secret', tags: { team: 'blue', [VIOLATION_TAG]: 'wrong-scheme' } })]);
    expect(quarantined).toEqual([copyKey, `${copyKey?.replace('objects/', 'receipts/')}.json`]);
  });
});

describe('an object that cannot be tagged is reported, and the outcome says why:', () => {
  test('one with ten tags keeps them', async () => {
    const { outcome, left } = await enforced({ ...WRONG, tags: tenTags }, tagRule);
    expect(outcome).toMatchObject({ kind: 'reported', requested: 'tag', reducedBecause: expect.stringMatching(/not tagged: .*10 tags/) });
    expect(left).toEqual([expect.objectContaining({ tags: tenTags })]);
  });

  test('one that can neither be copied nor tagged, with both reasons', async () => {
    const { outcome, left } = await enforced({ ...WRONG, tags: tenTags, refuses: { copy: 'InvalidObjectState: archived' } });
    const reducedBecause = expect.stringMatching(/not copied: InvalidObjectState: archived; not tagged: .*10 tags/);
    expect(outcome).toMatchObject({ kind: 'reported', requested: 'quarantine', reducedBecause });
    expect(left).toEqual([expect.objectContaining({ tags: tenTags })]);
  });

  test('one that can neither be deleted nor tagged, with the place of its copy', async () => {
    const { outcome } = await enforced({ ...WRONG, refuses: { delete: 'AccessDenied: locked', tags: 'AccessDenied: no' } });
    const reducedBecause = 'copied, but not deleted: AccessDenied: locked; not tagged: AccessDenied: no';
    const location = expect.stringContaining(`s3://${QUARANTINE}/objects/`);
    expect(outcome).toMatchObject({ kind: 'reported', requested: 'quarantine', reducedBecause, location });
  });
});

describe('an object is left alone where its violation is not proven, and the outcome says so:', () => {
  const clientSide: BucketRule = {
    declaration: declare([{ scheme: 'client-side', serverSide: { scheme: 'SSE-S3' }, envelope: ENVELOPE }]),
    action: 'quarantine',
  };

  test.each<[string, Upload, BucketRule, string]>([
    ['aws:fsx', { ...WRONG, encryption: { ServerSideEncryption: 'aws:fsx' } }, REQUIRE_KMS, 'unknown-encryption'],
    ['aws:backup', { ...WRONG, encryption: { ServerSideEncryption: 'aws:backup' } }, tagRule, 'unknown-encryption'],
    ['SSE-KMS without a key', { ...WRONG, encryption: { ServerSideEncryption: 'aws:kms' } }, REQUIRE_KMS, 'key-unidentified'],
    [
      'client-side encryption that cannot be read',
      { ...WRONG, refuses: { read: 'InvalidObjectState: archived' } },
      clientSide,
      'client-side-unverifiable',
    ],
  ])('%s', async (_, object, rule, reason) => {
    const { outcome, left, quarantined } = await enforced(object, rule);
    const reducedBecause = expect.stringContaining(reason);
    expect(outcome).toMatchObject({ kind: 'reported', requested: rule.action, violation: { reason }, reducedBecause });
    expect(left).toEqual([expect.objectContaining(object)]);
    expect(quarantined).toEqual([]);
  });

  test('a version that S3 does not describe', async () => {
    const { store, ports } = world();
    const written = upload(store, WRONG);
    const unreadable = async () => ({ status: 'bad-request' }) as const;
    Object.assign(store, { head: unreadable, headWithThrowAwayKey: unreadable });
    await expect(enforceObject(written, ports)).resolves.toMatchObject({ kind: 'reported', violation: { reason: 'unreadable' } });
    expect(store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining(WRONG)]);
  });

  test('a null version below another one, for it cannot be hit safely', async () => {
    const { store, ports } = world({ versioning: 'never' });
    const written = upload(store, WRONG);
    store.setVersioning(BUCKET, 'enabled');
    upload(store, { body: 'newer', encryption: SSE_S3 });
    const outcome = await enforceObject(written, ports);
    const violation = { reason: 'wrong-scheme', expected: `SSE-KMS under ${REQUIRED_KEY}` };
    expect(outcome).toMatchObject({
      kind: 'reported',
      requested: 'quarantine',
      violation,
      reducedBecause: expect.stringContaining('null version'),
    });
    expect(store.versionsOf(BUCKET, KEY).map(({ body, tags }) => ({ body, tags }))).toEqual([
      { body: 'secret', tags: { team: 'blue' } },
      { body: 'newer', tags: {} },
    ]);
  });
});

describe('an object that changes while it is acted on', () => {
  const NEWER: Upload = { body: 'newer', encryption: SSE_S3, tags: { team: 'red' } };

  test.each([
    ['before the copy', 'before', 'copy', 0],
    ['after the copy', 'after', 'copy', 2],
    ['before the delete', 'before', 'deleteCurrent', 2],
  ] as const)('is superseded if it is overwritten %s, and the newer object is untouched', async (_, when, operation, inQuarantine) => {
    for (const versioning of ['never', 'suspended'] as const) {
      const { store, ports } = world({ versioning });
      const written = upload(store, WRONG);
      const overwriting = meanwhile(store, when, operation, () => upload(store, NEWER));
      const outcome = await enforceObject(written, { ...ports, store: overwriting });
      expect(outcome).toMatchObject({ kind: 'superseded', violation: { reason: 'wrong-scheme' } });
      expect(store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining(NEWER)]);
      expect(store.keysOf(QUARANTINE)).toHaveLength(inQuarantine);
    }
  });

  test.each(['copy', 'tags', 'replaceTags'] as const)(
    'is superseded, which is a violation all the same, if it is deleted before its %s',
    async (operation) => {
      const { store, ports } = world({ versioning: 'never', rule: operation === 'copy' ? REQUIRE_KMS : tagRule });
      const written = upload(store, WRONG);
      const deleting = meanwhile(store, 'before', operation, () => store.remove(BUCKET, KEY));
      await expect(enforceObject(written, { ...ports, store: deleting })).resolves.toMatchObject({
        kind: 'superseded',
        violation: { reason: 'wrong-scheme' },
      });
      expect(store.keysOf(QUARANTINE)).toEqual([]);
    },
  );

  test('is quarantined if somebody else deletes it after its copy', async () => {
    const { store, ports } = world({ versioning: 'never' });
    const written = upload(store, WRONG);
    const deleting = meanwhile(store, 'before', 'deleteCurrent', () => store.remove(BUCKET, KEY));
    await expect(enforceObject(written, { ...ports, store: deleting })).resolves.toMatchObject({ kind: 'quarantined' });
  });
});
