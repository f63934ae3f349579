import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { RetryableError } from '../../lambda/shared/errors';
import type { Tags } from '../../lambda/shared/object-store';
import { objectCreated, sqsRecord } from '../support/events';
import { BUCKET, CONFIG, QUARANTINE, SSE_S3, upload, type World, world } from '../support/lambda-enforcer-world';
import { intercepted, meanwhile, watched } from '../support/lambda-intercepted-store';

const LARGE = { body: 'large', size: 6 * 1024 ** 3, encryption: SSE_S3 };
const EVENTS = 'arn:aws:sqs:eu-west-1:111122223333:events';

const receive = ({ ports }: World, body: unknown, eventSourceARN: string) =>
  processBatch({ Records: [{ ...sqsRecord('message', body), eventSourceARN }] }, ports);

/** So that the time for large objects is up. */
const slowly = async <T>(perform: () => Promise<T>) => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  return perform();
};

/** The event of an object that was written weeks ago: it has lain among the dead letters, or was replayed from an archive. */
const lateEvent = (written: Parameters<typeof objectCreated>[0]) => ({ ...objectCreated(written), time: '2026-10-01T00:00:00Z' });

test('a large object whose event comes weeks late is quarantined all the same', async () => {
  const here = world();
  const written = upload(here.store, LARGE);
  await expect(receive(here, lateEvent(written), EVENTS)).resolves.toEqual({ batchItemFailures: [] });
  const [sent] = here.reports.sent;
  await expect(receive(here, sent?.body, CONFIG.queues.largeObjectsArn)).resolves.toEqual({ batchItemFailures: [] });
  expect(here.reports.logs.at(-1)).toMatchObject({ outcome: 'quarantined' });
  expect(here.store.versionsOf(BUCKET, written.key)).toEqual([]);
  expect(here.store.keysOf(QUARANTINE)).toHaveLength(2);
});

test('its message is given up three days after it was sent anew for the first time', async () => {
  const here = world();
  const written = upload(here.store, LARGE);
  await receive(here, lateEvent(written), EVENTS);
  const body = here.reports.sent[0]?.body ?? '';
  const after = async (now: string) => {
    const store = intercepted(here.store, ({ operation }, perform) => (operation === 'copiedParts' ? slowly(perform) : perform()));
    const ports = { ...here.ports, store, now: () => new Date(now), remainingMillis: () => 15_001 };
    return (await receive({ ...here, ports }, body, CONFIG.queues.largeObjectsArn)).batchItemFailures.length;
  };
  await expect(after('2026-11-15T10:00:00.000Z')).resolves.toBe(0);
  expect(JSON.parse(here.reports.sent[1]?.body ?? '').detail).toMatchObject({ resends: 2, resentSince: '2026-11-12T10:00:00.000Z' });
  await expect(after('2026-11-15T10:00:00.001Z')).resolves.toBe(1);
  expect(String(here.reports.errors[0]?.error)).toMatch(/sent anew 1 times since 2026-11-12T10:00:00.000Z; the object is given up/);
});

test('a large object of which nothing could be copied, since another try is at it, is not looked at again at once', async () => {
  const here = world();
  const written = upload(here.store, LARGE);
  const store = intercepted(here.store, ({ operation }, perform) =>
    operation === 'copiedParts' ? Promise.resolve(undefined as never) : perform(),
  );
  await receive({ ...here, ports: { ...here.ports, store } }, objectCreated(written), CONFIG.queues.largeObjectsArn);
  expect(here.reports.sent).toEqual([expect.objectContaining({ queue: 'large-objects', delaySeconds: 10 })]);
});

const CUT_OFF = new RetryableError('no answer in time');
const copiesOf = (here: World) =>
  here.store
    .keysOf(QUARANTINE)
    .filter((key) => key.startsWith('objects/'))
    .flatMap((key) => here.store.versionsOf(QUARANTINE, key));

describe.each(['enabled', 'never', 'suspended'] as const)(
  'a copy that was completed, with nobody left to hear it, where versioning is %s,',
  (versioning) => {
    test('is not made again', async () => {
      const here = world({ versioning });
      const written = upload(here.store, LARGE);
      const timeout = () => {
        throw CUT_OFF;
      };
      const { store, calls } = watched(meanwhile(here.store, 'after', 'completeCopy', timeout));
      const watching = { ...here, ports: { ...here.ports, store } };
      await expect(receive(watching, objectCreated(written), CONFIG.queues.largeObjectsArn)).resolves.toMatchObject({
        batchItemFailures: [{}],
      });
      expect(calls.at(-1)?.operation).toBe('completeCopy');
      await expect(receive(watching, objectCreated(written), CONFIG.queues.largeObjectsArn)).resolves.toEqual({ batchItemFailures: [] });
      expect(here.reports.logs.at(-1)).toMatchObject({ outcome: 'quarantined' });
      expect(calls.filter(({ operation }) => operation === 'copyPart')).toHaveLength(12);
      expect(copiesOf(here)).toHaveLength(1);
    });
  },
);

describe('while a large object is copied in parts,', () => {
  const receiveWith = (here: World, change: (memory: World['store']) => void, body: unknown) => {
    const store = meanwhile(here.store, 'before', 'completeCopy', () => change(here.store));
    return receive({ ...here, ports: { ...here.ports, store } }, body, CONFIG.queues.largeObjectsArn);
  };

  test.each<Tags>([{ GuardDutyMalwareScanStatus: 'THREATS_FOUND' }, {}])('tags that are set on it come along: %j', async (tags) => {
    const here = world();
    const written = upload(here.store, { ...LARGE, tags: { team: 'blue' } });
    await receiveWith(here, (memory) => memory.describe(written, { tags, annotations: [] }), objectCreated(written));
    expect(here.store.versionsOf(BUCKET, written.key)).toEqual([]);
    expect(copiesOf(here)).toEqual([expect.objectContaining({ tags })]);
  });

  test('an annotation that it gets keeps it where it is, tagged, beside its copy', async () => {
    const here = world();
    const written = upload(here.store, LARGE);
    await receiveWith(here, (memory) => memory.describe(written, { tags: {}, annotations: ['summary'] }), objectCreated(written));
    const [original] = here.store.versionsOf(BUCKET, written.key);
    expect(original).toMatchObject({ annotations: ['summary'], tags: { 's3-encryption-guard:violation': 'wrong-scheme' } });
    const reducedBecause = 'copied, but not deleted: it has annotations, which a copy in parts leaves behind';
    expect(here.reports.announced).toEqual([expect.objectContaining({ outcome: 'tagged', reducedBecause, location: expect.any(String) })]);
    expect(copiesOf(here)).toHaveLength(1);
  });

  test('the end of leave to read its tags keeps it where it is', async () => {
    const here = world();
    const written = upload(here.store, LARGE);
    const store = intercepted(here.store, async ({ operation, args }, perform) => {
      const isSource = operation === 'tags' && (args[0] as { bucket: string }).bucket === BUCKET;
      return isSource ? ({ status: 'refused', why: 'AccessDenied' } as never) : perform();
    });
    await receive({ ...here, ports: { ...here.ports, store } }, objectCreated(written), CONFIG.queues.largeObjectsArn);
    expect(here.store.versionsOf(BUCKET, written.key)).toHaveLength(1);
    expect(here.reports.announced).toEqual([expect.objectContaining({ outcome: 'reported' })]);
  });

  test('a quarantine that no longer takes tags keeps it where it is, and the message is tried again', async () => {
    const here = world();
    const written = upload(here.store, LARGE);
    const store = intercepted(here.store, async ({ operation }, perform) =>
      operation === 'replaceTags' ? ({ status: 'refused', why: 'AccessDenied' } as never) : perform(),
    );
    const tagging = meanwhile(store, 'before', 'completeCopy', () => here.store.describe(written, { tags: { a: 'b' }, annotations: [] }));
    const receiving = receive({ ...here, ports: { ...here.ports, store: tagging } }, objectCreated(written), CONFIG.queues.largeObjectsArn);
    await expect(receiving).resolves.toMatchObject({ batchItemFailures: [{}] });
    expect(here.store.versionsOf(BUCKET, written.key)).toHaveLength(1);
  });

  test.each(['never', 'suspended'] as const)(
    'the same bytes that are written again are moved with what is said of them now, not with what was begun before (versioning %s)',
    async (versioning) => {
      const here = world({ versioning });
      const first = upload(here.store, { ...LARGE, metadata: { invoice: '1' }, tags: { owner: 'ann' } });
      let parts = 0;
      const cut = intercepted(here.store, async ({ operation }, perform) => {
        parts += operation === 'copyPart' ? 1 : 0;
        if (parts > 3) throw CUT_OFF;
        return perform();
      });
      await receive({ ...here, ports: { ...here.ports, store: cut } }, objectCreated(first), CONFIG.queues.largeObjectsArn);
      const said = { metadata: { invoice: '2' }, tags: { owner: 'bob' } };
      // As old as the copy that was begun, or older: an object in parts has the date of the beginning of its upload.
      const second = upload(here.store, { ...LARGE, ...said, lastModified: new Date('2026-11-12T09:58:00Z') });
      expect(second.etag).toBe(first.etag);
      await receive(here, objectCreated(second), CONFIG.queues.largeObjectsArn);
      expect(here.reports.logs.at(-1)).toMatchObject({ outcome: 'quarantined' });
      expect(here.store.versionsOf(BUCKET, second.key).filter(({ deleteMarker }) => !deleteMarker)).toEqual([]);
      expect(copiesOf(here)).toEqual([expect.objectContaining(said)]);
    },
  );
});
