import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { RetryableError, ThrottledError } from '../../lambda/shared/errors';
import { notification, objectCreated, sqsRecord } from '../support/events';
import { BUCKET, CONFIG, REQUIRE_KMS, rulesThatSay, SSE_KMS, SSE_S3, upload, type World, world } from '../support/lambda-enforcer-world';
import { meanwhile, type Operation } from '../support/lambda-intercepted-store';

const EVENTS = 'arn:aws:sqs:eu-west-1:111122223333:events';
const WRONG = { body: 'secret', encryption: SSE_S3 };

const throwing = (error: unknown) => () => {
  throw error;
};

/** The first call of the operation fails. */
const failingOnce = ({ store }: World, operation: Operation, error: unknown) => meanwhile(store, 'before', operation, throwing(error));

async function deliver({ ports }: World, body: unknown, more: Partial<World['ports']> = {}, eventSourceARN = EVENTS) {
  const answer = await processBatch({ Records: [{ ...sqsRecord('m', body), eventSourceARN }] }, { ...ports, ...more });
  return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

describe('a message whose object is throttled', () => {
  test.each<Operation>(['head', 'copy', 'headWithChecksum', 'putDocument', 'deleteVersion'])(
    'by %s is done, and sent anew with a delay, without a report',
    async (operation) => {
      const here = world();
      const written = upload(here.store, WRONG);
      const store = failingOnce(here, operation, new ThrottledError('SlowDown'));
      await expect(deliver(here, objectCreated(written), { store })).resolves.toEqual([]);
      const [sent, ...others] = here.reports.sent;
      expect(others).toEqual([]);
      expect(sent).toMatchObject({ queue: 'events', delaySeconds: 8 });
      expect(here.reports).toMatchObject({ errors: [], announced: [] });
      // Written ten hours before, as its event says: what an alarm sees of it meanwhile.
      expect(here.reports.measured).toEqual([{ metric: 'WaitingAge', value: 36_000_000, bucket: BUCKET }]);
      expect(here.reports.logs).toEqual([expect.objectContaining({ bucket: BUCKET, delaySeconds: 8, why: 'SlowDown' })]);

      await expect(deliver(here, sent?.body)).resolves.toEqual([]);
      expect(here.reports.announced).toEqual([expect.objectContaining({ key: written.key, outcome: 'quarantined' })]);
      expect(here.store.versionsOf(BUCKET, written.key)).toEqual([]);
    },
  );

  test('waits longer each time', async () => {
    const here = world();
    let body: unknown = objectCreated(upload(here.store, WRONG));
    for (let time = 0; time < 9; time++) {
      const store = failingOnce(here, 'head', new ThrottledError('SlowDown'));
      await expect(deliver(here, body, { store })).resolves.toEqual([]);
      body = here.reports.sent.at(-1)?.body;
    }
    expect(here.reports.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([8, 15, 30, 60, 120, 240, 480, 675, 675]);
  });

  test('from the queue of large objects goes back there', async () => {
    const here = world();
    const written = upload(here.store, WRONG);
    const store = failingOnce(here, 'head', new ThrottledError('SlowDown'));
    await expect(deliver(here, objectCreated(written), { store }, CONFIG.queues.largeObjectsArn)).resolves.toEqual([]);
    expect(here.reports.sent).toEqual([expect.objectContaining({ queue: 'large-objects', delaySeconds: 8 })]);
  });

  test('by SSM is sent anew as well', async () => {
    const here = world();
    const written = upload(here.store, WRONG);
    const rules = { ...rulesThatSay(REQUIRE_KMS), cached: async () => throwing(new ThrottledError('ThrottlingException'))() };
    await expect(deliver(here, objectCreated(written), { rules })).resolves.toEqual([]);
    expect(here.reports.sent).toHaveLength(1);
  });

  test('fails if it cannot be sent anew: then SQS has it still', async () => {
    const here = world();
    const written = upload(here.store, WRONG);
    const store = failingOnce(here, 'head', new ThrottledError('SlowDown'));
    const send = async () => throwing(new Error('SQS does not take it'))();
    await expect(deliver(here, objectCreated(written), { store, send })).resolves.toEqual(['m']);
    expect(String(here.reports.errors[0]?.error)).toContain('SQS does not take it');
  });

  test('of several objects is sent anew for that object only', async () => {
    const here = world();
    const [wrong, right] = [upload(here.store, WRONG, 'wrong'), upload(here.store, { encryption: SSE_KMS }, 'right')];
    const store = failingOnce(here, 'copy', new ThrottledError('SlowDown'));
    await expect(deliver(here, notification(wrong, right), { store })).resolves.toEqual([]);
    expect(here.reports.logs.filter(({ outcome }) => outcome !== undefined)).toEqual([expect.objectContaining({ key: 'right' })]);
    expect(here.reports.sent.map(({ body }) => JSON.parse(body).detail.key)).toEqual(['wrong']);
  });
});

test.each<[string, unknown]>([
  ['an outage', new RetryableError('S3 answered 500')],
  ['a defect', new TypeError('undefined is not a function')],
])('a message whose object meets %s fails, and is not sent anew', async (_, error) => {
  const here = world();
  const store = failingOnce(here, 'head', error);
  await expect(deliver(here, objectCreated(upload(here.store, WRONG)), { store })).resolves.toEqual(['m']);
  expect(here.reports.sent).toEqual([]);
});

test('a violation event that EventBridge throttles fails the message: the object is moved already', async () => {
  const here = world();
  const announce = async () => throwing(new ThrottledError('ThrottlingException'))();
  await expect(deliver(here, objectCreated(upload(here.store, WRONG)), { announce })).resolves.toEqual(['m']);
  expect(here.reports.sent).toEqual([]);
});
