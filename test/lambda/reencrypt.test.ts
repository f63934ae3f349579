import { enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import { ENVELOPE } from '../domain/sample-declarations';
import { FOREIGN_ACCOUNT_KEY } from '../domain/sample-keys';
import type { Upload, Versioning } from '../support/in-memory-object-store';
import { BUCKET, QUARANTINE, REQUIRED_KEY, SSE_C, SSE_KMS, SSE_KMS_OTHER_KEY, SSE_S3, upload } from '../support/lambda-enforcer-world';
import { meanwhile } from '../support/lambda-intercepted-store';
import {
  DSSE,
  enforced,
  type Given,
  given,
  KEY,
  LOCKED,
  TAG,
  UNDER_REQUIRED_KEY,
  WRONG,
  whatIsThere,
} from '../support/lambda-reencryption';

describe('in place', () => {
  test.each<[string, Upload]>([
    ['SSE-S3', WRONG],
    [
      'SSE-KMS under a wrong key',
      { ...WRONG, encryption: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: `${REQUIRED_KEY.slice(0, -1)}9` } },
    ],
    ['an object over 5 GiB', { ...WRONG, size: 6 * 1024 ** 3 }],
    ['an archived object', { ...WRONG, refuses: { copy: 'InvalidObjectState' } }],
  ])('%s: the same version is as required, under the first key, and nothing was copied', async (_, object) => {
    const { outcome, versions, copies, written, calls } = await enforced({ object });
    expect(outcome).toMatchObject({
      kind: 're-encrypted',
      requested: 'reencrypt',
      encryptedAs: UNDER_REQUIRED_KEY,
      reducedBecause: undefined,
    });
    const { body, metadata, tags, annotations } = object;
    expect(versions).toEqual([
      expect.objectContaining({
        versionId: written.versionId,
        etag: `"${written.etag}"`,
        encryption: SSE_KMS,
        body,
        metadata,
        tags,
        annotations,
      }),
    ]);
    expect(copies).toEqual([]);
    expect(calls.filter((call) => call.startsWith('copy') || call.startsWith('delete'))).toEqual([]);
  });

  test('what is confirmed is that very version, once it is done', async () => {
    const { calls } = await enforced();
    expect(calls.slice(calls.indexOf('rekey'))).toEqual(['rekey', 'head']);
  });

  test('a version that lies below others is mended where it is', async () => {
    const here = given();
    const newer = upload(here.store, { body: 'newer', encryption: SSE_KMS });
    await expect(enforceObject(here.written, here.ports)).resolves.toMatchObject({ kind: 're-encrypted', reducedBecause: undefined });
    expect(here.store.versionsOf(BUCKET, KEY)).toEqual([
      expect.objectContaining({ versionId: here.written.versionId, encryption: SSE_KMS, body: 'secret' }),
      expect.objectContaining({ versionId: newer.versionId, body: 'newer' }),
    ]);
  });

  test('what S3 says is done, and HEAD does not show, is tried again and not told', async () => {
    const here = given();
    Object.assign(here.store, { rekey: async () => ({ status: 'rekeyed' }) });
    await expect(enforceObject(here.written, here.ports)).rejects.toThrow('is not found to be SSE-KMS');
    expect(here.store.versionsOf(BUCKET, KEY)).toHaveLength(1);
  });

  test('the violation tag of an earlier try does not stay on what is as required', async () => {
    const { versions } = await enforced({ object: { ...WRONG, tags: { team: 'blue', [TAG]: 'wrong-scheme' } } });
    expect(versions).toEqual([expect.objectContaining({ encryption: SSE_KMS, tags: { team: 'blue' } })]);
  });

  test('a version that somebody else deletes first is superseded', async () => {
    const here = given();
    const store = meanwhile(
      here.store,
      'before',
      'rekey',
      () => void here.store.deleteVersion({ ...here.written, versionId: here.written.versionId ?? '' }),
    );
    await expect(enforceObject(here.written, { ...here.ports, store })).resolves.toMatchObject({ kind: 'superseded' });
  });

  test.each<[string, Given]>([
    ['a null version, which could be another by then', { versioning: 'never' }],
    ['DSSE-KMS before', { object: { ...WRONG, encryption: { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: REQUIRED_KEY } } }],
    ['DSSE-KMS required', { accepted: DSSE }],
    ['SSE-S3 required', { accepted: [{ scheme: 'SSE-S3' }], object: { ...WRONG, encryption: SSE_KMS_OTHER_KEY } }],
    ['a key of another account', { accepted: [{ scheme: 'SSE-KMS', keyArns: [FOREIGN_ACCOUNT_KEY] }] }],
  ])('is not tried with %s', async (_, setting) => {
    const { outcome, calls } = await enforced(setting);
    expect(outcome).toMatchObject({ kind: 're-encrypted' });
    expect(calls).not.toContain('rekey');
  });
});

describe('a copy onto itself', () => {
  test.each<[string, Given, object]>([
    ['where S3 refuses in place', { object: { ...WRONG, refuses: { rekey: 'AccessDenied' } } }, SSE_KMS],
    ['of an object that was never encrypted', { object: { ...WRONG, encryption: {} } }, SSE_KMS],
    ['for DSSE-KMS', { accepted: DSSE }, { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: REQUIRED_KEY }],
  ])('%s lies on top, with all that describes it, and the original is in quarantine', async (_, setting, encryption) => {
    const { outcome, versions, copies, written } = await enforced(setting);
    const { body, metadata, tags, annotations } = WRONG;
    expect(versions).toEqual([expect.objectContaining({ encryption, body, metadata, tags, annotations })]);
    const [{ versionId: replacedBy } = { versionId: '' }] = versions;
    expect(replacedBy).not.toBe(written.versionId);
    expect(copies).toEqual([expect.objectContaining({ body, metadata, tags })]);
    const location = expect.stringMatching(`^s3://${QUARANTINE}/objects/.*/${written.versionId}$`);
    expect(outcome).toMatchObject({ kind: 're-encrypted', replacedBy, location, reducedBecause: undefined });
    expect(outcome).not.toHaveProperty('uncovered');
  });

  test('has the storage class and the redirect of its original', async () => {
    const notCopied = { storageClass: 'STANDARD_IA', websiteRedirectLocation: '/elsewhere' };
    const { versions } = await enforced({ accepted: DSSE, object: { ...WRONG, notCopied } });
    expect(versions).toEqual([expect.objectContaining({ notCopied })]);
  });

  test.each<Versioning>(['never', 'suspended'])(
    'of a null version (versioning %s) takes its place, after it is safe in quarantine',
    async (versioning) => {
      const { outcome, versions, copies, calls } = await enforced({ versioning });
      expect(versions).toEqual([expect.objectContaining({ encryption: SSE_KMS, body: 'secret', tags: WRONG.tags })]);
      expect(copies).toEqual([expect.objectContaining({ body: 'secret' })]);
      expect(outcome).toMatchObject({
        kind: 're-encrypted',
        location: expect.any(String),
        replacedBy: undefined,
        reducedBecause: undefined,
      });
      const [copy, confirmed, receipt, onto] = ['copy', 'headWithChecksum', 'putDocument', 'copyAs'].map((call) =>
        calls.indexOf(call as never),
      );
      expect([copy, confirmed, receipt, onto]).toEqual([copy, confirmed, receipt, onto].sort((a = 0, b = 0) => a - b));
      expect(calls.filter((call) => call.startsWith('delete'))).toEqual([]);
    },
  );

  test('of a null version from before versioning lies on top of it, and it says that it remains', async () => {
    const here = given({ versioning: 'never' });
    here.store.setVersioning(BUCKET, 'enabled');
    const outcome = await enforceObject(here.written, here.ports);
    const { versions, copies } = whatIsThere(here);
    expect(versions.map(({ versionId, encryption }) => [versionId === 'null', encryption])).toEqual([
      [true, SSE_S3],
      [false, SSE_KMS],
    ]);
    expect(copies).toHaveLength(1);
    expect(outcome).toMatchObject({ kind: 're-encrypted', reducedBecause: expect.stringContaining('null version remains') });
  });

  test('leaves a locked original below it, closed, and says so', async () => {
    const { outcome, versions, copies, written } = await enforced({ object: { ...WRONG, refuses: LOCKED } });
    expect(versions).toEqual([
      expect.objectContaining({ versionId: written.versionId, encryption: SSE_S3, tags: { team: 'blue', [TAG]: 'wrong-scheme' } }),
      expect.objectContaining({ encryption: SSE_KMS, tags: { team: 'blue' } }),
    ]);
    expect(copies).toHaveLength(1);
    const reducedBecause = 'the version before it stays: copied, but not deleted: AccessDenied: Object Lock';
    expect(outcome).toMatchObject({ kind: 're-encrypted', reducedBecause, location: expect.any(String) });
  });

  test('that is smaller than its original is no reason to move that', async () => {
    const here = given({ accepted: DSSE });
    const encryption = { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: REQUIRED_KEY };
    const smaller = async () =>
      ({ status: 'copied', versionId: here.store.put(BUCKET, KEY, { body: 'sec', encryption }).versionId }) as const;
    Object.assign(here.store, { copyAs: smaller });
    await expect(enforceObject(here.written, here.ports)).rejects.toThrow('is not found to be DSSE-KMS');
    expect(here.store.versionsOf(BUCKET, KEY)[0]).toMatchObject({ versionId: here.written.versionId });
  });

  test('which S3 says is made, and HEAD does not show to be as required, is no reason to move the original', async () => {
    const here = given({ accepted: DSSE });
    const wrongly = async () => ({ status: 'copied', versionId: here.store.put(BUCKET, KEY, WRONG).versionId }) as const;
    Object.assign(here.store, { copyAs: wrongly });
    await expect(enforceObject(here.written, here.ports)).rejects.toThrow('is not found to be DSSE-KMS');
    expect(here.store.versionsOf(BUCKET, KEY)[0]).toMatchObject({ versionId: here.written.versionId });
  });
});

describe('what cannot be encrypted anew goes on to quarantine, tag and report, with each reason:', () => {
  const OVER_5_GIB = { ...WRONG, size: 6 * 1024 ** 3 };

  test.each<[string, Given, object]>([
    [
      'SSE-C before: nobody else has the key',
      { object: { ...WRONG, encryption: SSE_C } },
      { kind: 'tagged', reducedBecause: expect.stringContaining('SSE-C object') },
    ],
    [
      'SSE-C required',
      { accepted: [{ scheme: 'SSE-C' }] },
      { kind: 'quarantined', reducedBecause: expect.stringContaining('only its uploader has') },
    ],
    [
      'client-side encryption required, and the client did not encrypt',
      { accepted: [{ scheme: 'client-side', serverSide: { scheme: 'SSE-KMS', keyArns: [REQUIRED_KEY] }, envelope: ENVELOPE }] },
      { kind: 'quarantined', reducedBecause: expect.stringContaining('only its uploader has') },
    ],
    [
      'archived, for DSSE-KMS',
      { accepted: DSSE, object: { ...WRONG, refuses: { copy: 'InvalidObjectState: archived' } } },
      { kind: 'tagged', reducedBecause: 'not encrypted anew: InvalidObjectState: archived; not copied: InvalidObjectState: archived' },
    ],
    ['over 5 GiB, for DSSE-KMS', { accepted: DSSE, object: OVER_5_GIB }, { kind: 'unfinished' }],
  ])('%s', async (_, setting, expected) => {
    const { outcome, versions } = await enforced(setting);
    expect(outcome).toMatchObject(expected);
    expect(versions.every(({ encryption }) => encryption.ServerSideEncryption !== 'aws:kms:dsse')).toBe(true);
  });

  test('a version that is not the current one: a copy of it would be', async () => {
    const here = given({ accepted: DSSE });
    const newer = upload(here.store, { body: 'newer', encryption: { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: REQUIRED_KEY } });
    const outcome = await enforceObject(here.written, here.ports);
    expect(outcome).toMatchObject({ kind: 'quarantined', reducedBecause: expect.stringContaining('not the current version') });
    expect(here.store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining({ versionId: newer.versionId })]);
  });

  test('a version above one without a version id, which a copy would replace for good where versioning is suspended', async () => {
    const here = given({ accepted: DSSE, versioning: 'suspended', object: { body: 'from before', encryption: SSE_S3 } });
    here.store.setVersioning(BUCKET, 'enabled');
    const above = upload(here.store, WRONG);
    here.store.setVersioning(BUCKET, 'suspended');
    const outcome = await enforceObject(above, here.ports);
    expect(outcome).toMatchObject({ kind: 'quarantined', reducedBecause: expect.stringContaining('without an id of its own lies below') });
    expect(here.store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining({ versionId: 'null', body: 'from before' })]);
  });

  test('a version below one with the same content, hence the same ETag', async () => {
    const here = given({ accepted: DSSE });
    const newer = upload(here.store, { ...WRONG, metadata: { author: 'b' } });
    await expect(enforceObject(here.written, here.ports)).resolves.toMatchObject({ kind: 'quarantined' });
    expect(here.store.versionsOf(BUCKET, KEY)).toEqual([
      expect.objectContaining({ versionId: newer.versionId, metadata: { author: 'b' } }),
    ]);
  });
});
