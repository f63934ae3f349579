import { enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import type { EnvelopeRequirement } from '../../lib/domain/client-side/requirement';
import type { AcceptedEncryption, EncryptionRequirement } from '../../lib/domain/requirement';
import { ENVELOPE } from '../domain/sample-declarations';
import { CLIENT_SIDE } from '../support/client-side-objects';
import { S3EC } from '../support/client-side-world';
import type { Upload } from '../support/in-memory-object-store';
import { BUCKET, OTHER_KEY, REQUIRED_KEY, SSE_KMS, SSE_KMS_OTHER_KEY, upload } from '../support/lambda-enforcer-world';
import { enforced, given, KEY, KMS, LOCKED, UNDER_REQUIRED_KEY, WRONG } from '../support/lambda-reencryption';

const clientSide = (envelope: Partial<EnvelopeRequirement> = {}): EncryptionRequirement => ({
  scheme: 'client-side',
  serverSide: { scheme: 'SSE-KMS', keyArns: [REQUIRED_KEY] },
  envelope: { ...ENVELOPE, ...envelope },
});
const CLIENT: AcceptedEncryption = [clientSide()];
const OR_OTHER_KEY: AcceptedEncryption = [clientSide(), { scheme: 'SSE-KMS', keyArns: [OTHER_KEY] }];
const WITH_FILES: AcceptedEncryption = [clientSide({ formats: [S3EC], instructionFileSuffix: '.instruction' })];
const FILE = `${KEY}.instruction`;

describe('an object gets the first accepted encryption that S3 can give it:', () => {
  test.each<[string, AcceptedEncryption, Upload, object]>([
    ['a message whose server-side encryption is wrong', CLIENT, CLIENT_SIDE.message, SSE_KMS],
    ['an object of the S3 Encryption Client likewise', CLIENT, CLIENT_SIDE.v3, SSE_KMS],
    ['what no client encrypted, where something else is accepted as well', OR_OTHER_KEY, WRONG, SSE_KMS_OTHER_KEY],
    ['a forged message, where something else is accepted as well', OR_OTHER_KEY, CLIENT_SIDE.forgedMessage, SSE_KMS_OTHER_KEY],
    ['a message, where something else is accepted as well', OR_OTHER_KEY, CLIENT_SIDE.message, SSE_KMS],
    ['SSE-C required, and something else accepted', [{ scheme: 'SSE-C' }, ...KMS], WRONG, SSE_KMS],
  ])('%s', async (_, accepted, object, encryption) => {
    const { outcome, versions, written } = await enforced({ accepted, object });
    expect(outcome).toMatchObject({ kind: 're-encrypted', reducedBecause: undefined });
    const { body, metadata = {} } = object;
    expect(versions).toEqual([expect.objectContaining({ versionId: written.versionId, encryption, body, metadata })]);
  });

  test.each<[string, Upload]>([
    ['none', WRONG],
    ['a forged one', CLIENT_SIDE.forgedMessage],
    ['one without key commitment', CLIENT_SIDE.v2],
    ['one that S3 does not let be read', { ...CLIENT_SIDE.message, refuses: { read: 'AccessDenied: no' } }],
  ])('where only a client could mend it, it is quarantined: envelope: %s', async (_, object) => {
    const { outcome, versions } = await enforced({ accepted: CLIENT, object });
    expect(outcome).toMatchObject({ kind: 'quarantined', reducedBecause: expect.stringContaining('only its uploader has') });
    expect(versions).toEqual([]);
  });

  test('is a copy where in place is refused, and the copy is looked at as what it is: a message', async () => {
    const { outcome, versions, written, ...here } = await enforced({
      accepted: CLIENT,
      object: { ...CLIENT_SIDE.message, refuses: LOCKED },
    });
    expect(outcome).toMatchObject({ kind: 're-encrypted', encryptedAs: UNDER_REQUIRED_KEY });
    const [, copy] = versions;
    const event = { ...written, versionId: copy?.versionId, etag: copy?.etag };
    await expect(enforceObject(event, here.ports)).resolves.toMatchObject({ kind: 'compliant' });
  });
});

describe('what no envelope decides is not looked at for one:', () => {
  test.each<[string, AcceptedEncryption, boolean]>([
    ['server-side encryption comes first', [...KMS, clientSide()], false],
    ['client-side encryption comes first', OR_OTHER_KEY, true],
  ])('%s', async (_, accepted, read) => {
    const { calls } = await enforced({ accepted, object: CLIENT_SIDE.message });
    expect(calls.includes('readStart')).toBe(read);
  });
});

describe('an object under the wrong key whose envelope lies in an instruction file', () => {
  const lone = { ...CLIENT_SIDE.v3WithoutKey, encryption: SSE_KMS_OTHER_KEY, lastModified: new Date('2026-11-12T09:59:58Z') };
  const AFTER_GRACE = () => new Date('2026-11-12T10:11:00Z');

  test('waits for it, and is re-encrypted once it is there', async () => {
    const here = given({ accepted: WITH_FILES, object: lone });
    await expect(enforceObject(here.written, here.ports)).resolves.toMatchObject({ kind: 'waiting' });
    upload(here.store, { ...CLIENT_SIDE.instructionFile, encryption: SSE_KMS }, FILE);
    await expect(enforceObject(here.written, here.ports)).resolves.toMatchObject({ kind: 're-encrypted' });
    expect(here.store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining({ encryption: SSE_KMS })]);
  });

  test('is quarantined where it never comes', async () => {
    const here = given({ accepted: WITH_FILES, object: lone });
    const outcome = await enforceObject(here.written, { ...here.ports, now: AFTER_GRACE });
    expect(outcome).toMatchObject({ kind: 'quarantined', violation: { reason: 'wrong-key' } });
  });

  test('and the instruction file itself is re-encrypted beside its object', async () => {
    const here = given({ accepted: WITH_FILES, object: { ...lone, encryption: SSE_KMS } });
    const file = upload(here.store, { ...CLIENT_SIDE.instructionFile, encryption: SSE_KMS_OTHER_KEY }, FILE);
    await expect(enforceObject(file, here.ports)).resolves.toMatchObject({ kind: 're-encrypted' });
    expect(here.store.versionsOf(BUCKET, FILE)).toEqual([expect.objectContaining({ encryption: SSE_KMS })]);
  });
});

describe('where what is accepted besides needs no envelope,', () => {
  const OR_KMS: AcceptedEncryption = [...WITH_FILES, { scheme: 'SSE-KMS', keyArns: [OTHER_KEY] }];
  const written = new Date('2026-11-12T09:59:58Z');

  test('an instruction file is waited for all the same: which key an object gets is no matter of who comes first', async () => {
    const here = given({ accepted: OR_KMS, object: { ...CLIENT_SIDE.v3WithoutKey, lastModified: written } });
    await expect(enforceObject(here.written, here.ports)).resolves.toMatchObject({ kind: 'waiting' });
    upload(here.store, { ...CLIENT_SIDE.instructionFile, encryption: SSE_KMS }, FILE);
    await expect(enforceObject(here.written, here.ports)).resolves.toMatchObject({ kind: 're-encrypted', encryptedAs: UNDER_REQUIRED_KEY });
  });

  test('and where none comes, it gets that', async () => {
    const here = given({ accepted: OR_KMS, object: { ...CLIENT_SIDE.plain, lastModified: written } });
    const now = () => new Date('2026-11-12T10:11:00Z');
    await expect(enforceObject(here.written, { ...here.ports, now })).resolves.toMatchObject({ kind: 're-encrypted' });
    expect(here.store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining({ encryption: SSE_KMS_OTHER_KEY })]);
  });
});

test('what is encrypted as it would be, and wrong all the same, is quarantined, and never encrypted again and again', async () => {
  // No declaration comes to this, since synthesis refuses it: instruction files for one of two, which an earlier version may have deployed.
  const other = { ...clientSide({ formats: [S3EC], instructionFileSuffix: '.instruction' }), serverSide: { scheme: 'SSE-S3' } } as const;
  const accepted: AcceptedEncryption = [clientSide({ formats: [S3EC] }), other];
  const here = given({ accepted, object: { ...CLIENT_SIDE.v3WithoutKey, encryption: SSE_KMS_OTHER_KEY } });
  upload(here.store, { ...CLIENT_SIDE.instructionFile, encryption: SSE_KMS }, FILE);
  await expect(enforceObject(here.written, here.ports)).resolves.toMatchObject({ kind: 're-encrypted' });
  await expect(enforceObject(here.written, here.ports)).resolves.toMatchObject({ kind: 'quarantined' });
});
