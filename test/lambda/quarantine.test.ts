import { enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import { RetryableError } from '../../lambda/shared/errors';
import type { StoredVersion, Upload } from '../support/in-memory-object-store';
import { isReceipt } from '../support/lambda-custody';
import { BUCKET, OTHER_KEY, QUARANTINE, QUARANTINE_KEY, SSE_S3, upload, type World, world } from '../support/lambda-enforcer-world';
import { meanwhile, watched } from '../support/lambda-intercepted-store';

const KEY = 'reports/2026.csv';
const WRONG: Upload = { body: 'secret', encryption: SSE_S3 };

function copyIn({ store }: World): StoredVersion[] {
  const key = store.keysOf(QUARANTINE).find((name) => !isReceipt(name)) ?? 'no copy';
  return store.versionsOf(QUARANTINE, key);
}

/** Changes the newest copy as soon as it is made. */
function tampering(here: World, change: (copy: StoredVersion) => StoredVersion[]) {
  return meanwhile(here.store, 'after', 'copy', () => {
    const copies = copyIn(here);
    const newest = copies.pop();
    if (newest !== undefined) copies.push(...change(newest));
  });
}

describe('a copy that is not confirmed leaves the original where it is:', () => {
  test.each<[string, (copy: StoredVersion) => StoredVersion[], RegExp]>([
    ['it is not there', () => [], /gone/],
    ['it is smaller', (copy) => [{ ...copy, size: 5 }], /5 bytes, the original 6/],
    ['it is larger', (copy) => [{ ...copy, size: 7 }], /7 bytes, the original 6/],
    [
      'it is under another key',
      (copy) => [{ ...copy, encryption: { ...copy.encryption, SSEKMSKeyId: OTHER_KEY } }],
      /encrypted with aws:kms/,
    ],
    ['it is not under KMS', (copy) => [{ ...copy, encryption: SSE_S3 }], /encrypted with AES256/],
    [
      'it is under DSSE-KMS',
      (copy) => [{ ...copy, encryption: { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: QUARANTINE_KEY } }],
      /encrypted with aws:kms:dsse/,
    ],
    ['it has no key', (copy) => [{ ...copy, encryption: { ServerSideEncryption: 'aws:kms' } }], /encrypted with aws:kms/],
    ['it is SSE-C', (copy) => [{ ...copy, encryption: { SSECustomerAlgorithm: 'AES256' } }], /bad-request/],
    ['a delete marker took its place', (copy) => [{ ...copy, deleteMarker: true }], /gone/],
  ])('%s', async (_, change, why) => {
    const here = world();
    const written = upload(here.store, WRONG);
    const failure = enforceObject(written, { ...here.ports, store: tampering(here, change) });
    await expect(failure).rejects.toThrow(RetryableError);
    await expect(failure).rejects.toThrow(why);
    expect(here.store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining(WRONG)]);
    expect(here.store.keysOf(QUARANTINE).filter(isReceipt)).toEqual([]);
  });
});

test.each(['never', 'suspended'] as const)('nothing is moved into a quarantine with versioning %s', async (versioning) => {
  const { store, ports } = world();
  store.createBucket(QUARANTINE, versioning);
  const failure = enforceObject(upload(store, WRONG), ports);
  await expect(failure).rejects.toThrow(RetryableError);
  await expect(failure).rejects.toThrow(/quarantine-bucket is not versioned/);
  expect(store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining(WRONG)]);
});

test('the steps come in this order: copy, look at that very copy and the checksum of the original, receipt, delete, look what is left', async () => {
  const { store: memory, ports } = world();
  const written = upload(memory, WRONG);
  const { store, calls } = watched(memory);
  await enforceObject(written, { ...ports, store });
  expect(calls.map(({ operation }) => operation)).toEqual([
    'head',
    'copy',
    'headWithChecksum',
    'headWithChecksum',
    'putDocument',
    'deleteVersion',
    'head',
  ]);
  const copy = memory.versionsOf(QUARANTINE, `objects/${BUCKET}/${KEY}/${written.versionId}`)[0];
  expect(calls[2]?.args[0]).toMatchObject({ bucket: QUARANTINE, versionId: copy?.versionId });
});

test('an ETag that differs between an object and its copy is no fault', async () => {
  const here = world();
  const written = upload(here.store, WRONG);
  await expect(enforceObject(written, here.ports)).resolves.toMatchObject({ kind: 'quarantined' });
  expect(copyIn(here)[0]?.etag).not.toBe(`"${written.etag}"`);
});

test('a newer version that is made while an older one is moved stays', async () => {
  const { store, ports } = world();
  const written = upload(store, WRONG);
  const writing = meanwhile(store, 'before', 'deleteVersion', () => upload(store, { body: 'newer', encryption: SSE_S3 }));
  await expect(enforceObject(written, { ...ports, store: writing })).resolves.toMatchObject({ kind: 'quarantined' });
  expect(store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining({ body: 'newer' })]);
});

test('the same object written twice leaves two copies', async () => {
  const here = world({ versioning: 'never' });
  for (const author of ['ann', 'bob']) {
    const written = upload(here.store, { ...WRONG, metadata: { author } });
    await expect(enforceObject(written, here.ports)).resolves.toMatchObject({ kind: 'quarantined' });
  }
  expect(copyIn(here).map(({ metadata }) => metadata)).toEqual([{ author: 'ann' }, { author: 'bob' }]);
});

test('the location names the object of the receipt, also where the key is too long to be part of it', async () => {
  const { store, ports } = world();
  const key = `${'ü'.repeat(500)}/end`;
  const written = upload(store, WRONG, key);
  const outcome = await enforceObject(written, ports);
  const receiptKey = store.keysOf(QUARANTINE).find(isReceipt) ?? '';
  const receipt = JSON.parse(store.versionsOf(QUARANTINE, receiptKey)[0]?.body ?? '{}');
  expect(receipt).toMatchObject({ origin: { bucket: BUCKET, key, versionId: written.versionId } });
  expect(outcome).toMatchObject({ location: `s3://${receipt.copy.bucket}/${receipt.copy.key}` });
});
