import { enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { RetryableError } from '../../lambda/shared/errors';
import type { Checksum, HeadAnswer, ObjectStore, ObjectVersion } from '../../lambda/shared/object-store';
import { objectCreated, sqsEvent } from '../support/events';
import type { Upload } from '../support/in-memory-object-store';
import { isReceipt } from '../support/lambda-custody';
import { BUCKET, QUARANTINE, SSE_KMS, SSE_S3, upload, type World, world } from '../support/lambda-enforcer-world';
import { intercepted, meanwhile } from '../support/lambda-intercepted-store';

const KEY = 'reports/2026.csv';
const WRONG: Upload = { body: 'secret', encryption: SSE_S3, tags: { team: 'blue' } };

describe('checksums of the whole content', () => {
  const CRC: Checksum = { algorithm: 'ChecksumCRC64NVME', value: 'AAAA' };

  /** A store that states these checksums, whatever the content. */
  function stating(store: ObjectStore, original: Checksum | 'forbidden' | undefined, copy: Checksum | undefined): ObjectStore {
    return intercepted(store, async ({ operation, args }, perform) => {
      const answer = await perform();
      if (operation !== 'headWithChecksum') return answer;
      const checksum = (args[0] as ObjectVersion).bucket === QUARANTINE ? copy : original;
      const head = answer as HeadAnswer & { status: 'found' };
      return (checksum === 'forbidden' ? { status: 'forbidden' } : { ...head, head: { ...head.head, checksum } }) as typeof answer;
    });
  }

  async function quarantined(original: Checksum | 'forbidden' | undefined, copy: Checksum | undefined) {
    const { store, ports } = world();
    const written = upload(store, WRONG);
    const outcome = enforceObject(written, { ...ports, store: stating(store, original, copy) });
    return { outcome, store };
  }

  test('that differ leave the original, and write no receipt', async () => {
    const { outcome, store } = await quarantined(CRC, { ...CRC, value: 'BBBB' });
    await expect(outcome).rejects.toThrow(RetryableError);
    await expect(outcome).rejects.toThrow(/its ChecksumCRC64NVME is BBBB, that of the original AAAA/);
    expect(store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining(WRONG)]);
    expect(store.keysOf(QUARANTINE).filter(isReceipt)).toEqual([]);
  });

  test.each<[string, Checksum | 'forbidden' | undefined, Checksum | undefined]>([
    ['that are the same', CRC, CRC],
    ['of which the original has none', undefined, CRC],
    ['of which the copy has none', CRC, undefined],
    ['of which there are none', undefined, undefined],
    ['of different algorithms', { algorithm: 'ChecksumSHA256', value: 'BBBB' }, CRC],
    ['that may not be read', 'forbidden', CRC],
  ])('%s are no fault', async (_, original, copy) => {
    const { outcome, store } = await quarantined(original, copy);
    await expect(outcome).resolves.toMatchObject({ kind: 'quarantined' });
    expect(store.versionsOf(BUCKET, KEY)).toEqual([]);
  });
});

describe('a copy that S3 refuses', () => {
  const ARCHIVED: Upload = { ...WRONG, refuses: { copy: 'InvalidObjectState: archived' } };
  const note = (written: { versionId?: string | undefined }) => `refusals/${BUCKET}/${KEY}/${written.versionId}.json`;

  test('leaves a note in quarantine, and the object is tagged', async () => {
    const { store, ports } = world();
    const written = upload(store, ARCHIVED);
    await expect(enforceObject(written, ports)).resolves.toMatchObject({ kind: 'tagged' });
    const [version] = store.versionsOf(QUARANTINE, note(written));
    expect(JSON.parse(version?.body ?? '')).toEqual({ refused: 'InvalidObjectState: archived' });
  });

  test('is tried again, and the object neither tagged nor reported, if the quarantine takes nothing at all', async () => {
    const here = world();
    const written = upload(here.store, ARCHIVED);
    const closed = meanwhile(here.store, 'before', 'putDocument', () => {
      throw new RetryableError('S3 answered 403: AccessDenied');
    });
    const messages = sqsEvent({ a: objectCreated(written) });
    const answer = await processBatch(messages, { ...here.ports, store: closed });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }] });
    expect(here.store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining({ tags: { team: 'blue' } })]);
    expect(here.reports).toMatchObject({ announced: [], measured: [], logs: [] });
  });

  test('leaves its note also where the key is as long as keys can be', async () => {
    const { store, ports } = world();
    for (let length = 900; length <= 1024; length++) {
      await expect(enforceObject(upload(store, ARCHIVED, 'k'.repeat(length)), ports)).resolves.toMatchObject({ kind: 'tagged' });
    }
    for (const key of store.keysOf(QUARANTINE)) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1024);
  });
});

describe('the version that comes to light when the one on top is moved', () => {
  const at = (time: string) => ({ lastModified: new Date(`2026-11-${time}Z`) });
  const older = { body: 'older', encryption: SSE_S3, ...at('10T10:00:00') };
  const wrong = { ...WRONG, ...at('12T09:00:00') };

  async function moved(before: (here: World) => unknown, after: (here: World) => unknown = () => undefined) {
    const here = world();
    before(here);
    const written = upload(here.store, wrong);
    after(here);
    return { here, outcome: await enforceObject(written, here.ports) };
  }

  test('is named', async () => {
    const { here, outcome } = await moved(({ store }) => upload(store, older));
    const [left] = here.store.versionsOf(BUCKET, KEY);
    expect(outcome).toMatchObject({ kind: 'quarantined', uncovered: left?.versionId });
  });

  test('is named if it is a null version', async () => {
    const { store, ports } = world({ versioning: 'never' });
    upload(store, older);
    store.setVersioning(BUCKET, 'enabled');
    await expect(enforceObject(upload(store, wrong), ports)).resolves.toMatchObject({ kind: 'quarantined', uncovered: 'null' });
  });

  test.each<[string, (here: World) => unknown, (here: World) => unknown]>([
    ['there was no other', () => undefined, () => undefined],
    ['a newer one is on top', ({ store }) => upload(store, older), ({ store }) => upload(store, { ...older, ...at('12T09:30:00') })],
    ['another is of the same second', ({ store }) => upload(store, { ...older, lastModified: wrong.lastModified }), () => undefined],
    ['a delete marker is below', ({ store }) => [upload(store, older), store.remove(BUCKET, KEY)], () => undefined],
    ['a delete marker is on top', ({ store }) => upload(store, older), ({ store }) => store.remove(BUCKET, KEY)],
  ])('is not named where %s', async (_, before, after) => {
    const { outcome } = await moved(before, after);
    expect(outcome).toMatchObject({ kind: 'quarantined', uncovered: undefined });
  });

  test('does not come to light where nothing is moved', async () => {
    const here = world();
    upload(here.store, older);
    const written = upload(here.store, { ...wrong, refuses: { copy: 'InvalidObjectState: archived' } });
    await expect(enforceObject(written, here.ports)).resolves.not.toHaveProperty('uncovered');
  });

  test('is told in the violation event', async () => {
    const { store, ports, reports } = world();
    const [left, written] = [upload(store, older), upload(store, wrong)];
    await processBatch(sqsEvent({ a: objectCreated(written) }), ports);
    expect(reports.announced).toEqual([expect.objectContaining({ versionId: written.versionId, uncovered: left.versionId })]);
  });
});

describe('a receipt of the same place', () => {
  const before = new Date('2026-11-12T09:59:59Z');
  const after = new Date('2026-11-12T10:00:01Z');

  async function goneAfterReceipt(versioning: 'never' | 'enabled') {
    const { store, ports } = world({ versioning });
    const written = upload(store, WRONG);
    await enforceObject(written, ports);
    return { store, ports, written };
  }

  test('that is older than the event is not about it: the same content was written again, and is gone', async () => {
    const { ports, written } = await goneAfterReceipt('never');
    await expect(enforceObject({ ...written, writtenAt: after }, ports)).resolves.toEqual({ kind: 'gone' });
  });

  test('that is older than the event does not hide what was written again in another way', async () => {
    const { store, ports, written } = await goneAfterReceipt('never');
    upload(store, { body: 'newer', encryption: SSE_KMS });
    await expect(enforceObject({ ...written, writtenAt: after }, ports)).resolves.toEqual({ kind: 'gone' });
  });

  test.each<[string, Date | undefined]>([
    ['that is newer than the event', before],
    ['whose event does not say when', undefined],
  ])('%s is', async (_, writtenAt) => {
    const { ports, written } = await goneAfterReceipt('never');
    await expect(enforceObject({ ...written, writtenAt }, ports)).resolves.toMatchObject({ kind: 'quarantined' });
  });

  test('with a version id is about that version, whatever the clocks say', async () => {
    const { ports, written } = await goneAfterReceipt('enabled');
    await expect(enforceObject({ ...written, writtenAt: after }, ports)).resolves.toMatchObject({ kind: 'quarantined' });
  });
});
