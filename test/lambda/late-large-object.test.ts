import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { RetryableError } from '../../lambda/shared/errors';
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

test('a copy whose completion took longer than the function had is not made again', async () => {
  const here = world();
  const written = upload(here.store, LARGE);
  await receive(here, objectCreated(written), EVENTS);
  const body = here.reports.sent[0]?.body ?? '';
  const timeout = () => {
    throw new RetryableError('no answer in time');
  };
  const { store, calls } = watched(meanwhile(here.store, 'after', 'completeCopy', timeout));
  const watching = { ...here, ports: { ...here.ports, store } };
  await expect(receive(watching, body, CONFIG.queues.largeObjectsArn)).resolves.toMatchObject({ batchItemFailures: [{}] });
  expect(calls.at(-1)?.operation).toBe('completeCopy');
  await expect(receive(watching, body, CONFIG.queues.largeObjectsArn)).resolves.toEqual({ batchItemFailures: [] });
  expect(here.reports.logs.at(-1)).toMatchObject({ outcome: 'quarantined' });
  expect(calls.filter(({ operation }) => operation === 'copyPart')).toHaveLength(12);
  expect(here.store.versionsOf(QUARANTINE, `objects/${BUCKET}/${written.key}/${written.versionId}`)).toHaveLength(1);
});
