import { type BatchPorts, processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { rulesForInvocation } from '../../lambda/shared/bucket-rules';
import { MalformedEventError, RetryableError } from '../../lambda/shared/errors';
import { notification, objectCreated, objectDeleted, sqsEvent, testEvent } from '../support/events';
import { BUCKET, QUARANTINE, REQUIRED_KEY, SSE_C, SSE_KMS, SSE_S3, upload, type World, world } from '../support/lambda-enforcer-world';
import { intercepted, meanwhile, watched } from '../support/lambda-intercepted-store';

const failuresOf = async (messages: Readonly<Record<string, unknown>>, ports: BatchPorts) =>
  (await processBatch(sqsEvent(messages), ports)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

/** An object that is wrong, and one that is right. */
function twoObjects({ store }: World) {
  return { wrong: upload(store, { body: 'secret', encryption: SSE_S3 }, 'wrong'), right: upload(store, { encryption: SSE_KMS }, 'right') };
}

test('a batch without failures answers with an empty list, and each object is reported once', async () => {
  const here = world();
  const { wrong, right } = twoObjects(here);
  const answer = await processBatch(sqsEvent({ a: objectCreated(wrong), b: notification(right) }), here.ports);
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(here.reports.logs.map(({ key, outcome }) => [key, outcome]).sort()).toEqual([
    ['right', 'compliant'],
    ['wrong', 'quarantined'],
  ]);
});

test('an empty batch is none', async () => {
  await expect(processBatch({ Records: [] }, world().ports)).resolves.toEqual({ batchItemFailures: [] });
});

test('messages without written objects are done, and logged', async () => {
  const here = world();
  const messages = { deleted: objectDeleted({ bucket: BUCKET, key: 'k' }), test: testEvent(BUCKET) };
  await expect(failuresOf(messages, here.ports)).resolves.toEqual([]);
  const logs = [{ messageId: 'deleted' }, { messageId: 'test' }];
  expect(here.reports).toEqual({ logs, errors: [], counts: [], measured: [], sent: [], announced: [] });
});

test('a message without a result when the function has to end is tried again, and does not hold up its neighbours', async () => {
  const here = world();
  const { wrong, right } = twoObjects(here);
  const hangingCopy = intercepted(here.store, (call, perform) => (call.operation === 'copy' ? new Promise(() => {}) : perform()));
  const ports = { ...here.ports, store: hangingCopy, remainingMillis: () => 5_100 };
  await expect(failuresOf({ a: objectCreated(wrong), b: objectCreated(right) }, ports)).resolves.toEqual(['a']);
  expect(here.reports.logs).toMatchObject([{ key: 'right', outcome: 'compliant' }]);
});

test.each([0, 1, 2])('a message that is no event fails alone, at place %d of three', async (bad) => {
  const here = world();
  const { wrong, right } = twoObjects(here);
  const messages = [['first', objectCreated(wrong)] as const, ['second', objectCreated(right)] as const].map(([id, body]) => [
    id,
    body as unknown,
  ]);
  messages.splice(bad, 0, ['bad', 'no event']);
  await expect(failuresOf(Object.fromEntries(messages), here.ports)).resolves.toEqual(['bad']);
  expect(here.reports.logs).toHaveLength(2);
  expect(here.reports.errors).toEqual([{ error: expect.any(MalformedEventError), fields: { messageId: 'bad', receives: '1' } }]);
});

test('a notification with one bad record fails whole: none of its objects is touched', async () => {
  const here = world();
  const { wrong } = twoObjects(here);
  const { Records } = notification(wrong);
  await expect(failuresOf({ mixed: { Records: [...Records, { eventName: 'ObjectCreated:Put' }] } }, here.ports)).resolves.toEqual([
    'mixed',
  ]);
  expect(here.reports.logs).toEqual([]);
  expect(here.store.versionsOf(BUCKET, 'wrong')).toHaveLength(1);
});

test('of a notification whose second object fails, the first is done, and the whole message is tried again', async () => {
  const here = world();
  const { wrong, right } = twoObjects(here);
  const store = meanwhile(here.store, 'before', 'copy', () => {
    throw new RetryableError('SlowDown');
  });
  const messages = { several: notification(right, wrong) };
  await expect(failuresOf(messages, { ...here.ports, store })).resolves.toEqual(['several']);
  expect(here.reports.logs.map(({ key }) => key)).toEqual(['right']);
  await expect(failuresOf(messages, here.ports)).resolves.toEqual([]);
  expect(here.reports.logs.map(({ key }) => key)).toEqual(['right', 'right', 'wrong']);
});

test('one object that fails fails its message only, whatever was thrown', async () => {
  for (const thrown of [new RetryableError('SlowDown'), new TypeError('a defect'), 'text', undefined]) {
    const here = world();
    const { wrong, right } = twoObjects(here);
    const broken = async () => {
      throw thrown;
    };
    Object.assign(here.store, { copy: broken });
    await expect(failuresOf({ a: objectCreated(wrong), b: objectCreated(right) }, here.ports)).resolves.toEqual(['a']);
    expect(here.reports.errors).toEqual([{ error: thrown, fields: { messageId: 'a', receives: '1' } }]);
    expect(here.reports.logs).toEqual([expect.objectContaining({ key: 'right', outcome: 'compliant' })]);
  }
});

test('an event of a bucket without a rule fails, and its object is not looked at', async () => {
  const here = world();
  const { wrong } = twoObjects(here);
  const { store, calls } = watched(here.store);
  const rules = rulesForInvocation(async () => undefined, '/prefix');
  await expect(failuresOf({ a: objectCreated(wrong) }, { ...here.ports, store, rules })).resolves.toEqual(['a']);
  expect(here.reports.errors[0]?.error).toBeInstanceOf(RetryableError);
  expect(calls).toEqual([]);
});

test('a batch of ten reads the rule of its bucket once cached and once anew', async () => {
  const here = world();
  const reads: [string, boolean][] = [];
  const accept = [{ scheme: 'SSE-KMS', keys: [0] }];
  const document = { version: 2, action: 'report', keys: [REQUIRED_KEY], accept, headersRequired: false };
  const rules = rulesForInvocation(async (name, { fresh }) => {
    reads.push([name, fresh]);
    return JSON.stringify(document);
  }, '/prefix');
  const objects = Array.from({ length: 10 }, (_, at) => [`m${at}`, objectCreated(upload(here.store, { encryption: SSE_S3 }, `key-${at}`))]);
  await expect(failuresOf(Object.fromEntries(objects), { ...here.ports, rules })).resolves.toEqual([]);
  expect(here.reports.announced).toHaveLength(10);
  expect(reads.sort()).toEqual([
    [`/prefix/${BUCKET}`, false],
    [`/prefix/${BUCKET}`, true],
  ]);
});

test('the same event twice in one batch moves the object once', async () => {
  const here = world();
  const { wrong } = twoObjects(here);
  await expect(failuresOf({ a: objectCreated(wrong), b: objectCreated(wrong) }, here.ports)).resolves.toEqual([]);
  expect(here.store.versionsOf(BUCKET, 'wrong')).toEqual([]);
  expect(here.reports.announced.length).toBeGreaterThanOrEqual(1);
});

describe('a violation that could not be announced', () => {
  async function movedButNotAnnounced(versioning: 'never' | 'enabled') {
    const here = world({ versioning });
    const { wrong } = twoObjects(here);
    const announce = async () => {
      throw new RetryableError('EventBridge did not take it');
    };
    await expect(failuresOf({ a: objectCreated(wrong) }, { ...here.ports, announce })).resolves.toEqual(['a']);
    expect(here.store.versionsOf(BUCKET, 'wrong')).toEqual([]);
    expect(here.reports).toMatchObject({ counts: [], announced: [] });
    return { here, wrong };
  }

  const event = { bucket: BUCKET, key: 'wrong', outcome: 'quarantined', reason: 'wrong-scheme' };

  test.each(['never', 'enabled'] as const)('is announced by the next try, from the receipt (versioning %s)', async (versioning) => {
    const { here, wrong } = await movedButNotAnnounced(versioning);
    await expect(failuresOf({ a: objectCreated(wrong) }, here.ports)).resolves.toEqual([]);
    expect(here.reports.announced).toEqual([
      expect.objectContaining({ ...event, location: expect.stringContaining(`s3://${QUARANTINE}/`) }),
    ]);
    expect(here.reports.counts).toEqual([`NonCompliantObjects ${BUCKET}`, `QuarantinedObjects ${BUCKET}`]);
  });

  test.each([
    ['never', 'SSE-KMS', SSE_KMS],
    ['never', 'SSE-S3', SSE_S3],
    ['never', 'SSE-C', SSE_C],
    ['enabled', 'SSE-KMS', SSE_KMS],
    ['enabled', 'SSE-C', SSE_C],
  ] as const)('is announced even if the key was written anew meanwhile (versioning %s, %s)', async (versioning, _, encryption) => {
    const { here, wrong } = await movedButNotAnnounced(versioning);
    upload(here.store, { body: 'written anew', encryption }, 'wrong');
    await expect(failuresOf({ a: objectCreated(wrong) }, here.ports)).resolves.toEqual([]);
    expect(here.reports.announced).toEqual([expect.objectContaining(event)]);
    expect(here.store.versionsOf(BUCKET, 'wrong')).toEqual([expect.objectContaining({ body: 'written anew' })]);
  });
});
