import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { RetryableError } from '../../lambda/shared/errors';
import { declare } from '../domain/sample-declarations';
import { objectCreated, sqsRecord } from '../support/events';
import { BUCKET, CONFIG, QUARANTINE, REQUIRE_KMS, rulesThatSay, SSE_KMS, SSE_S3, upload } from '../support/lambda-enforcer-world';
import { intercepted, watched } from '../support/lambda-intercepted-store';
import { ask, currentIn, KEY, receiptIn, releaseWorld } from '../support/release-world';

const LARGE = { body: 'large', size: 20 * 1024 ** 3, encryption: SSE_S3 };
const TIME_IS_UP = AbortSignal.abort();

/** A large object in quarantine, whose release has begun as `REQUIRE_KMS` says, and is not finished. */
async function begun() {
  const made = await releaseWorld([]);
  const event = { ...sqsRecord('m', objectCreated(upload(made.store, LARGE, KEY))), eventSourceARN: CONFIG.queues.largeObjectsArn };
  await processBatch({ Records: [event] }, { ...made.ports, remainingMillis: () => 900_000 });
  await expect(ask(made, {}, { timeIsUp: TIME_IS_UP })).resolves.toMatchObject({ status: 'unfinished' });
  return made;
}

test('what is copied in parts goes on in the upload that was begun', async () => {
  const made = await begun();
  await expect(ask(made)).resolves.toMatchObject({ status: 'released' });
  expect(currentIn(made)).toMatchObject({ body: 'large', encryption: SSE_KMS });
});

test('what is copied in parts begins anew where another encryption is required meanwhile, and leaves no part behind', async () => {
  const made = await begun();
  const rules = rulesThatSay(REQUIRE_KMS, { ...REQUIRE_KMS, declaration: declare([{ scheme: 'SSE-S3' }]) });
  await expect(ask(made, {}, { rules })).resolves.toMatchObject({ status: 'released', encryption: 'SSE-S3' });
  expect(currentIn(made)).toMatchObject({ body: 'large', encryption: SSE_S3 });
  expect(made.store.multipart.find({ bucket: BUCKET, key: KEY })).toBeUndefined();
});

describe('a copy that is discarded while its release is not finished', () => {
  test('takes the parts that were copied along', async () => {
    const made = await begun();
    expect(made.store.multipart.openUploads).toBe(1);
    await expect(ask(made, { action: 'discard' })).resolves.toMatchObject({ status: 'discarded' });
    expect(made.store.multipart.openUploads).toBe(0);
  });

  test('stays in a dry run, and so do the parts', async () => {
    const made = await begun();
    await expect(ask(made, { action: 'discard', dryRun: true })).resolves.toMatchObject({ status: 'would-discard' });
    expect(made.store.multipart.openUploads).toBe(1);
  });

  test.each(['refused', 'without effect'])('is deleted after the parts only: giving these up %s, nothing is deleted', async (how) => {
    const made = await begun();
    const store = intercepted(made.store, async (call, perform) => {
      if (call.operation !== 'abandonCopy') return perform();
      if (how === 'refused') throw new RetryableError('S3 answered 403: AccessDenied');
      return undefined as never;
    });
    const why = how === 'refused' ? 'AccessDenied' : 'not given up yet';
    await expect(ask(made, { action: 'discard' }, { store })).resolves.toMatchObject({
      status: 'failed',
      why: expect.stringContaining(why),
    });
    expect(made.store.versionsOf(QUARANTINE, receiptIn(made).copy.key)).toHaveLength(1);
  });

  test('has nothing to give up once it was released', async () => {
    const made = await begun();
    await ask(made);
    const { store, calls } = watched(made.store);
    await expect(ask(made, { action: 'discard' }, { store })).resolves.toMatchObject({ status: 'discarded' });
    expect(calls.map(({ operation }) => operation)).toEqual(['readDocument', 'deleteVersion']);
  });
});
