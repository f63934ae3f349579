import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { objectCreated, sqsEvent } from '../support/events';
import { BUCKET, NOW, REQUIRE_KMS, SSE_C, SSE_KMS, SSE_S3, upload, type World, world } from '../support/lambda-enforcer-world';
import { meanwhile } from '../support/lambda-intercepted-store';
import { ask, currentIn, emptying, KEY, quarantined, recordIn, releaseWorld } from '../support/release-world';

const WRONG = { body: 'secret', encryption: SSE_S3 };
const EARLIER = new Date('2026-11-12T09:58:00Z');

/** Written before versioning was on, so that its delete lays a marker on it. */
async function quarantinedLater(made: World): Promise<void> {
  const written = upload(made.store, WRONG, KEY);
  made.store.setVersioning(BUCKET, 'enabled');
  await processBatch(sqsEvent({ message: objectCreated(written) }), made.ports);
  expect(made.store.versionsOf(BUCKET, KEY).map(({ versionId, deleteMarker }) => [versionId === 'null', deleteMarker])).toEqual([
    [true, false],
    [false, true],
  ]);
}

describe('what lies under the old key', () => {
  test('and is older stays below', async () => {
    const made = await releaseWorld([{ body: 'older', lastModified: EARLIER, encryption: SSE_KMS }, WRONG]);
    await expect(ask(made)).resolves.toMatchObject({ status: 'released' });
    expect(made.store.versionsOf(BUCKET, KEY).map(({ body }) => body)).toEqual(['older', 'secret']);
  });

  test('and is newer is not overwritten, unless the request says so', async () => {
    const made = await releaseWorld([WRONG]);
    made.store.put(BUCKET, KEY, { body: 'newer', encryption: SSE_KMS });
    await expect(ask(made)).resolves.toMatchObject({ status: 'refused' });
    expect(currentIn(made)?.body).toBe('newer');
    await expect(ask(made, { overwrite: true })).resolves.toMatchObject({ status: 'released' });
    expect(currentIn(made)?.body).toBe('secret');
  });

  test.each([false, true])('and came between the look and the copy is not overwritten (overwrite %s)', async (overwrite) => {
    const made = await releaseWorld([{ body: 'older', lastModified: EARLIER, encryption: SSE_KMS }, WRONG]);
    const store = meanwhile(made.store, 'before', 'copyAs', () => made.store.put(BUCKET, KEY, { body: 'newer', encryption: SSE_KMS }));
    await expect(ask(made, { overwrite }, { store })).resolves.toMatchObject({
      status: 'refused',
      why: expect.stringContaining('changed'),
    });
    expect(currentIn(made)?.body).toBe('newer');
    expect(recordIn(made)?.state).toBe('begun');
    expect(made.events).toEqual([]);
  });

  test('and is a newer delete marker is left on top, unless the request says so: somebody wanted it gone', async () => {
    const made = await releaseWorld([WRONG]);
    const marker = made.store.remove(BUCKET, KEY);
    const dry = await ask(made, { dryRun: true });
    expect(dry).toMatchObject({
      status: 'refused',
      why: expect.stringContaining(`a delete marker, ${marker}, of 2026-11-12T11:00:00.000Z`),
    });
    expect(await ask(made)).toEqual(dry);
    expect(currentIn(made)?.deleteMarker).toBe(true);
    const onTopOf = `the delete marker ${marker} of 2026-11-12T11:00:00.000Z`;
    await expect(ask(made, { overwrite: true, dryRun: true })).resolves.toMatchObject({ status: 'would-release', onTopOf });
    await expect(ask(made, { overwrite: true })).resolves.toMatchObject({ status: 'released', onTopOf });
    expect(currentIn(made)?.body).toBe('secret');
  });

  test('and is a delete marker that is older than the object is covered again', async () => {
    const made = world({ rule: REQUIRE_KMS });
    made.store.now = () => EARLIER;
    made.store.remove(BUCKET, KEY);
    await quarantined(made, { ...WRONG, lastModified: new Date(NOW) });
    await expect(ask(emptying(made))).resolves.toMatchObject({ status: 'released', onTopOf: expect.stringMatching(/^the delete marker/) });
  });

  test('and nobody may know is put back on top of nothing', async () => {
    const made = await releaseWorld([WRONG]);
    const deleteMarkerOn = () => Promise.reject(new Error('AccessDenied'));
    const records = new Proxy(made.records, { get: (of, name) => (name === 'deleteMarkerOn' ? deleteMarkerOn : Reflect.get(of, name)) });
    await expect(ask(made, {}, { records })).resolves.toMatchObject({ status: 'failed', why: expect.stringContaining('AccessDenied') });
    expect(currentIn(made)).toBeUndefined();
  });

  test.each(['a version', 'a delete marker'])(
    'and is %s with an id on one without is left so where versioning is suspended: a copy would replace what lies below',
    async (top) => {
      const made = world({ versioning: 'never', rule: REQUIRE_KMS });
      made.store.now = () => EARLIER;
      made.store.put(BUCKET, KEY, { body: 'oldest', encryption: SSE_KMS });
      made.store.setVersioning(BUCKET, 'enabled');
      if (top === 'a version') made.store.put(BUCKET, KEY, { body: 'older', encryption: SSE_KMS });
      else made.store.remove(BUCKET, KEY);
      await quarantined(made, { ...WRONG, lastModified: new Date(NOW) });
      made.store.setVersioning(BUCKET, 'suspended');
      const filled = emptying(made);
      const why = expect.stringContaining('below what lies there is a version without an id of its own');
      await expect(ask(filled, { dryRun: true })).resolves.toMatchObject({ status: 'refused', why });
      await expect(ask(filled)).resolves.toMatchObject({ status: 'refused', why });
      expect(made.store.versionsOf(BUCKET, KEY).map(({ body }) => body)).toContain('oldest');
      await expect(ask(filled, { overwrite: true })).resolves.toMatchObject({ status: 'released' });
    },
  );

  test('and is the quarantined object itself, which S3 only hid, hinders nothing', async () => {
    const made = world({ versioning: 'never', rule: REQUIRE_KMS });
    await quarantinedLater(made);
    await expect(ask(emptying(made))).resolves.toMatchObject({ status: 'released' });
  });

  test('and is an SSE-C object is not overwritten, unless the request says so', async () => {
    const made = await releaseWorld([WRONG]);
    made.store.put(BUCKET, KEY, { body: 'theirs', encryption: SSE_C });
    await expect(ask(made)).resolves.toMatchObject({ status: 'refused' });
    await expect(ask(made, { overwrite: true })).resolves.toMatchObject({ status: 'released', onTopOf: 'an SSE-C object' });
  });
});
