import { enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import type { WrittenObject } from '../../lambda/encryption-enforcer/parse-event';
import type { Upload, Versioning } from '../support/in-memory-object-store';
import { BUCKET, NOW, REQUIRED_KEY, SSE_KMS, SSE_KMS_OTHER_KEY, upload } from '../support/lambda-enforcer-world';
import { intercepted, meanwhile, watched } from '../support/lambda-intercepted-store';
import { DSSE, enforced, given, KEY, KMS, UNDER_REQUIRED_KEY, WRONG } from '../support/lambda-reencryption';

describe('an object that changes meanwhile', () => {
  const NEWER: Upload = { body: 'newer', encryption: SSE_KMS, tags: { team: 'red' } };

  test.each<Versioning>(['enabled', 'suspended', 'never'])(
    'a newer one is never overwritten nor covered (versioning %s)',
    async (versioning) => {
      const here = given({ accepted: DSSE, versioning });
      const store = meanwhile(here.store, 'before', 'copyAs', () => upload(here.store, NEWER));
      const outcome = await enforceObject(here.written, { ...here.ports, store });
      expect(['quarantined', 'superseded']).toContain(outcome.kind);
      expect(here.store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining(NEWER)]);
    },
  );
});

describe('a try that ended before it could tell', () => {
  const later = (object: WrittenObject, millis: number): WrittenObject => ({ ...object, writtenAt: new Date(Date.parse(NOW) - millis) });

  test('of an object in place is told by the next, which finds it compliant', async () => {
    const here = given();
    await enforceObject(here.written, here.ports);
    await expect(enforceObject(later(here.written, 720_000), here.ports)).resolves.toMatchObject({
      kind: 're-encrypted',
      requested: 'reencrypt',
      violation: { reason: 'wrong-scheme' },
      encryptedAs: UNDER_REQUIRED_KEY,
    });
  });

  test('of an object in place is told by a message that was sent anew at once', async () => {
    const here = given();
    await enforceObject(here.written, here.ports);
    const outcome = enforceObject({ ...later(here.written, 1_000), resends: 1 }, here.ports);
    await expect(outcome).resolves.toMatchObject({ kind: 're-encrypted' });
  });

  test('is not told if S3 then did it not, and somebody else has put it right in another way', async () => {
    const here = given({ accepted: [...KMS, { scheme: 'DSSE-KMS', keyArns: [REQUIRED_KEY] }] });
    await enforceObject(here.written, here.ports);
    const versions = here.store.versionsOf(BUCKET, KEY);
    versions[0] = {
      ...(versions[0] as (typeof versions)[number]),
      encryption: { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: REQUIRED_KEY },
    };
    await expect(enforceObject(later(here.written, 720_000), here.ports)).resolves.toMatchObject({ kind: 'compliant' });
  });

  test('of a copy is told from the receipt of its original', async () => {
    const here = given({ accepted: DSSE });
    const first = await enforceObject(here.written, here.ports);
    await expect(enforceObject(here.written, here.ports)).resolves.toMatchObject({
      kind: 're-encrypted',
      location: first.kind === 're-encrypted' ? first.location : 'none',
      replacedBy: here.store.versionsOf(BUCKET, KEY)[0]?.versionId,
    });
    expect(here.store.versionsOf(BUCKET, KEY)).toHaveLength(1);
  });

  /** A bucket in which a try died after the copy, before the original was moved. */
  async function covered() {
    const here = given({ accepted: DSSE });
    const store = { ...watched(here.store).store, copy: () => Promise.reject(new Error('dead')) };
    await expect(enforceObject(here.written, { ...here.ports, store })).rejects.toThrow('dead');
    const [, copy] = here.store.versionsOf(BUCKET, KEY);
    if (copy === undefined) throw new Error('there is no copy');
    return { ...here, copy };
  }

  test('after the copy, before the original was moved, is continued: no second copy is made, and the first one is told', async () => {
    const here = await covered();
    await expect(enforceObject(here.written, here.ports)).resolves.toMatchObject({
      kind: 're-encrypted',
      encryptedAs: `DSSE-KMS under ${REQUIRED_KEY}`,
      replacedBy: here.copy.versionId,
      location: expect.stringContaining('/objects/'),
    });
    expect(here.store.versionsOf(BUCKET, KEY)).toEqual([here.copy]);
    expect(here.copy).toMatchObject({ body: 'secret', tags: WRONG.tags });
  });

  test('because the answer to its copy was lost is no end: the repetition meets what the first one wrote', async () => {
    const here = given({ accepted: DSSE });
    const twice = intercepted(here.store, async (call, perform) => {
      if (call.operation === 'copyAs') await perform();
      return perform();
    });
    const outcome = await enforceObject(here.written, { ...here.ports, store: twice });
    const [copy] = here.store.versionsOf(BUCKET, KEY);
    expect(outcome).toMatchObject({ kind: 're-encrypted', replacedBy: copy?.versionId });
    expect(here.store.versionsOf(BUCKET, KEY)).toHaveLength(1);
  });

  const like = ({ copy }: Awaited<ReturnType<typeof covered>>): Upload => ({ ...WRONG, encryption: copy.encryption });

  test.each<[string, (here: Awaited<ReturnType<typeof covered>>) => Upload, string]>([
    ['of other content', (here) => ({ ...like(here), body: 'SECRET' }), 'quarantined'],
    ['of another length', (here) => ({ ...like(here), body: 'secrets' }), 'quarantined'],
    ['with other metadata', (here) => ({ ...like(here), metadata: { author: 'b' } }), 'quarantined'],
    ['that is wrong as well', () => WRONG, 'quarantined'],
    ['in which all of that is the same', like, 're-encrypted'],
  ])('does not take a later version %s for its copy, unless nobody can tell the two apart', async (_, later, kind) => {
    const here = await covered();
    upload(here.store, later(here));
    await expect(enforceObject(here.written, here.ports)).resolves.toMatchObject({ kind });
    expect(here.store.versionsOf(BUCKET, KEY)).toContainEqual(here.copy);
  });

  test('is not taken for done where S3 states no checksum that would prove it', async () => {
    const here = await covered();
    const store = { ...watched(here.store).store, headWithChecksum: here.store.head.bind(here.store) };
    await expect(enforceObject(here.written, { ...here.ports, store })).resolves.toMatchObject({ kind: 'quarantined' });
  });

  test('of an unversioned object is told from its receipt, which knows of the copy in quarantine only', async () => {
    const here = given({ versioning: 'never' });
    await enforceObject(here.written, here.ports);
    await expect(enforceObject(here.written, here.ports)).resolves.toMatchObject({
      kind: 'quarantined',
      requested: 'reencrypt',
      reducedBecause: expect.stringContaining('could not tell'),
    });
  });
});

describe('its own writes', () => {
  test('the event of a copy costs one HEAD, and ends as compliant', async () => {
    const here = given({ accepted: DSSE });
    await enforceObject(here.written, here.ports);
    const [copy] = here.store.versionsOf(BUCKET, KEY);
    const { store, calls } = watched(here.store);
    const written = {
      bucket: BUCKET,
      key: KEY,
      versionId: copy?.versionId,
      etag: copy?.etag.replaceAll('"', ''),
      writtenAt: new Date(NOW),
    };
    await expect(enforceObject(written, { ...here.ports, store })).resolves.toMatchObject({ kind: 'compliant' });
    expect(calls.map(({ operation }) => operation)).toEqual(['head']);
  });

  test('what CloudTrail tells of its own re-keying is compliant, and no violation again', async () => {
    const here = given();
    await enforceObject(here.written, here.ports);
    const rekeyed = { ...here.written, rekeyed: true, resends: 1, writtenAt: new Date(NOW) };
    await expect(enforceObject(rekeyed, here.ports)).resolves.toMatchObject({ kind: 'compliant' });
  });

  test('what somebody else re-keyed before is a violation of which the next try tells', async () => {
    const here = given({
      object: { ...WRONG, encryption: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: `${REQUIRED_KEY.slice(0, -1)}9` } },
    });
    const rekeyed = { ...here.written, rekeyed: true, resends: 1, writtenAt: new Date(Date.parse(NOW) - 60_000) };
    await enforceObject(rekeyed, here.ports);
    await expect(enforceObject(rekeyed, here.ports)).resolves.toMatchObject({ kind: 're-encrypted' });
  });
});

test('what is as required is not touched, and costs one HEAD', async () => {
  const { outcome, calls } = await enforced({ object: { ...WRONG, encryption: SSE_KMS_OTHER_KEY } });
  expect(outcome).toMatchObject({ kind: 'compliant' });
  // The event tells no time here, so that it may be a repetition.
  expect(calls).toEqual(['head', 'readDocument']);
});

/** What docs/guarantees.md says they cost. */
describe('the requests to S3 that it takes', () => {
  const VERIFY = ['head'];
  const FREE = ['tags'];
  const INTO_QUARANTINE = ['copy', 'headWithChecksum', 'headWithChecksum', 'putDocument'];

  test('in place are five, none of which moves a byte of the object', async () => {
    const { calls } = await enforced();
    expect(calls).toEqual([...VERIFY, ...FREE, 'putDocument', 'rekey', 'head']);
  });

  test('by a copy on top copy it twice', async () => {
    const { calls } = await enforced({ accepted: DSSE });
    expect(calls).toEqual([...VERIFY, ...FREE, 'head', 'head', 'copyAs', 'head', ...INTO_QUARANTINE, 'deleteVersion']);
  });

  test('by a copy in its place copy it twice', async () => {
    const { calls } = await enforced({ versioning: 'never' });
    expect(calls).toEqual([...VERIFY, ...FREE, 'head', ...INTO_QUARANTINE, 'copyAs', 'head']);
  });
});
