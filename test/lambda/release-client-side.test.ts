import { enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import type { EnvelopeRequirement } from '../../lib/domain/client-side/requirement';
import type { EncryptionRequirement } from '../../lib/domain/requirement';
import { declare, ENVELOPE } from '../domain/sample-declarations';
import { CLIENT_SIDE } from '../support/client-side-objects';
import { S3EC } from '../support/client-side-world';
import type { Upload } from '../support/in-memory-object-store';
import { BUCKET, REQUIRED_KEY, SSE_KMS, SSE_KMS_OTHER_KEY, upload } from '../support/lambda-enforcer-world';
import { watched } from '../support/lambda-intercepted-store';
import { ask, currentIn, KEY, LATER, receiptIn, releaseWorld } from '../support/release-world';

const BENEATH = { scheme: 'SSE-KMS', keyArns: [REQUIRED_KEY] } as const;
const FILES = { formats: [S3EC], instructionFileSuffix: '.instruction' } as const;

/** A bucket that requires client-side encryption over SSE-KMS, and a quarantine that its enforcer has filled. */
function quarantineOf(object: Upload, envelope: Partial<EnvelopeRequirement> = {}) {
  const required: EncryptionRequirement = { scheme: 'client-side', serverSide: BENEATH, envelope: { ...ENVELOPE, ...envelope } };
  return releaseWorld([{ ...object, encryption: SSE_KMS_OTHER_KEY }], { rule: { declaration: declare([required]), action: 'quarantine' } });
}

test.each<[string, Upload]>([
  ['a message', CLIENT_SIDE.message],
  ['an object of the S3 Encryption Client', CLIENT_SIDE.v3],
])('%s that was quarantined for what S3 did beneath is put back as required, and the verifier says so', async (_, object) => {
  const made = await quarantineOf(object);
  const result = await ask(made);
  const { metadata = {}, body } = object;
  expect(currentIn(made)).toMatchObject({ encryption: SSE_KMS, metadata, body });
  const event = { bucket: BUCKET, key: KEY, versionId: result.versionId, etag: currentIn(made)?.etag };
  await expect(enforceObject(event, made.ports)).resolves.toEqual({ kind: 'compliant', scheme: 'SSE-KMS' });
});

test.each<[string, Upload, string]>([
  ['plain', CLIENT_SIDE.plain, 'no envelope'],
  ['a forged message', CLIENT_SIDE.forgedMessage, 'malformed envelope'],
  ['a bare marker', CLIENT_SIDE.bareMarker, 'malformed envelope'],
])('what no client encrypted as required stays in quarantine, and what was found is told: %s', async (_, object, found) => {
  const made = await quarantineOf(object);
  const why = expect.stringMatching(`which no copy can become \\(found: ${found}`);
  await expect(ask(made)).resolves.toMatchObject({ status: 'refused', why });
  expect(currentIn(made)).toBeUndefined();
});

test('the envelope is read from the very copy that the receipt names', async () => {
  const made = await quarantineOf(CLIENT_SIDE.message);
  const { copy } = receiptIn(made);
  const { store, calls } = watched(made.store);
  await ask(made, { dryRun: true }, { store });
  const reads = calls.filter(({ operation }) => operation === 'readStart').map(({ args: [from] }) => from);
  expect(reads).toEqual([copy]);
});

test('an instruction file is looked for beside the place that the object goes back to', async () => {
  const late = { ...CLIENT_SIDE.v3WithoutKey, lastModified: new Date('2026-11-12T09:00:00Z') };
  const made = await quarantineOf(late, FILES);
  await expect(ask(made)).resolves.toMatchObject({
    status: 'refused',
    why: expect.stringContaining(`no instruction file ${KEY}.instruction`),
  });
  upload(made.store, { ...CLIENT_SIDE.instructionFile, encryption: SSE_KMS, lastModified: new Date(LATER) }, `${KEY}.instruction`);
  await expect(ask(made)).resolves.toMatchObject({ status: 'released' });
});
