import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import type { BucketRule } from '../../lib/domain/bucket-rule';
import { objectCreated, sqsRecord } from '../support/events';
import type { Upload } from '../support/in-memory-object-store';
import { Custody, guardingCustody, isReceipt } from '../support/lambda-custody';
import { BUCKET, CONFIG, QUARANTINE, REQUIRE_KMS, SSE_C, SSE_S3, upload, type World, world } from '../support/lambda-enforcer-world';
import { intercepted, watched } from '../support/lambda-intercepted-store';

const GiB = 1024 ** 3;
const LARGE: Upload = { body: 'large', size: 20 * GiB, encryption: SSE_S3, metadata: { author: 'ann' }, tags: { team: 'blue' } };
const PARTS = 40;
const { largeObjectsArn: LARGE_OBJECTS } = CONFIG.queues;
const EVENTS = 'arn:aws:sqs:eu-west-1:111122223333:events';

async function receive({ ports }: World, body: unknown, eventSourceARN: string) {
  const answer = await processBatch({ Records: [{ ...sqsRecord('m', body), eventSourceARN }] }, ports);
  expect(answer).toEqual({ batchItemFailures: [] });
}

/** Parts take 20 ms each, and an invocation has 50 ms for them. Each loss of content stops the test. */
function inHaste(here: World): { world: World; copied: () => number } {
  const guarded = intercepted(here.store, guardingCustody(new Custody(here.store), [LARGE]));
  const slow = intercepted(guarded, async ({ operation }, perform) => {
    if (operation === 'copyPart') await new Promise((resolve) => setTimeout(resolve, 20));
    return perform();
  });
  const { store, calls } = watched(slow);
  return {
    world: { ...here, ports: { ...here.ports, store, remainingMillis: () => 15_050 } },
    copied: () => calls.filter(({ operation }) => operation === 'copyPart').length,
  };
}

test('an object larger than 5 GiB is left as it is by the queue of events, and goes to the queue of its own at once', async () => {
  const here = world();
  const written = upload(here.store, { ...LARGE, size: 5 * GiB + 1 });
  const { store, calls } = watched(here.store);
  await receive({ ...here, ports: { ...here.ports, store } }, objectCreated(written), EVENTS);
  expect(here.reports.sent).toEqual([{ queue: 'large-objects', body: expect.any(String), delaySeconds: 0 }]);
  expect(calls.map(({ operation }) => operation)).toEqual(['head']);
  expect(here.reports).toMatchObject({ announced: [], errors: [] });
  expect(here.reports.measured).toEqual([{ metric: 'UnfinishedAge', value: expect.any(Number), bucket: BUCKET }]);
  expect(here.reports.logs).toEqual([{ bucket: BUCKET, key: written.key, resends: 0 }]);
});

test('one of exactly 5 GiB is moved at once', async () => {
  const here = world();
  await receive(here, objectCreated(upload(here.store, { ...LARGE, size: 5 * GiB })), EVENTS);
  expect(here.reports.sent).toEqual([]);
  expect(here.reports.announced).toEqual([expect.objectContaining({ outcome: 'quarantined' })]);
});

test.each<[string, BucketRule['action'], Partial<Upload>, string]>([
  ['one that is only to be reported', 'report', {}, 'reported'],
  ['one that is only to be tagged', 'tag', {}, 'tagged'],
  ['an SSE-C one, which cannot be copied', 'quarantine', { encryption: SSE_C }, 'tagged'],
])('%s is done at once, however large', async (_, action, more, outcome) => {
  const here = world({ rule: { ...REQUIRE_KMS, action } });
  await receive(here, objectCreated(upload(here.store, { ...LARGE, ...more })), EVENTS);
  expect(here.reports.sent).toEqual([]);
  expect(here.reports.announced).toEqual([expect.objectContaining({ outcome })]);
});

describe.each(['enabled', 'never', 'suspended'] as const)('in a bucket with versioning %s,', (versioning) => {
  test('a large object is moved over several invocations, each of which goes on where the last one ended', async () => {
    const here = world({ versioning });
    const written = upload(here.store, LARGE);
    const custody = new Custody(here.store);
    await receive(here, objectCreated(written), EVENTS);
    const copied: number[] = [];
    for (let sent = 0; sent < here.reports.sent.length; sent++) {
      const { world: hasty, copied: count } = inHaste(here);
      await receive(hasty, here.reports.sent[sent]?.body, LARGE_OBJECTS);
      copied.push(count());
      if (copied.length > PARTS) throw new Error('it does not come to an end');
    }
    expect(copied.length).toBeGreaterThan(1);
    expect(copied.reduce((sum, count) => sum + count, 0)).toBe(PARTS);
    const [copy, ...others] = custody.inQuarantine('large');
    expect(others).toEqual([]);
    expect(copy).toMatchObject({ size: LARGE.size, metadata: LARGE.metadata, tags: LARGE.tags });
    expect(custody.receiptsFor('large')).toEqual([expect.objectContaining({ origin: expect.objectContaining({ size: LARGE.size }) })]);
    expect(here.reports.announced).toEqual([expect.objectContaining({ key: written.key, outcome: 'quarantined' })]);
    expect(here.store.multipart.openUploads).toBe(0);
    expect(custody.inSource('large')).toEqual([]);
  });
});

test('the original stays until its copy is whole and confirmed', async () => {
  const here = world();
  const written = upload(here.store, LARGE);
  const store = intercepted(here.store, guardingCustody(new Custody(here.store), [LARGE]));
  await receive({ ...here, ports: { ...here.ports, store } }, objectCreated(written), LARGE_OBJECTS);
  expect(here.store.versionsOf(BUCKET, written.key)).toEqual([]);
  expect(here.store.keysOf(QUARANTINE).filter(isReceipt)).toHaveLength(1);
});

test('one that the rule accepts by now is not copied further', async () => {
  const here = world();
  const written = upload(here.store, LARGE);
  await receive(here, objectCreated(written), EVENTS);
  const rules = world({ rule: { ...REQUIRE_KMS, action: 'report' } }).ports.rules;
  await receive({ ...here, ports: { ...here.ports, rules } }, here.reports.sent[0]?.body, LARGE_OBJECTS);
  expect(here.reports.announced).toEqual([expect.objectContaining({ outcome: 'reported' })]);
  expect(here.store.keysOf(QUARANTINE)).toEqual([]);
});

test('one that was deleted while it waited is gone', async () => {
  const here = world();
  const written = upload(here.store, LARGE);
  await receive(here, objectCreated(written), EVENTS);
  await here.store.deleteVersion({ ...written, versionId: written.versionId ?? '' });
  await receive(here, here.reports.sent[0]?.body, LARGE_OBJECTS);
  expect(here.reports.logs.at(-1)).toMatchObject({ outcome: 'gone' });
});
