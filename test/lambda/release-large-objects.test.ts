import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { declare } from '../domain/sample-declarations';
import { objectCreated, sqsRecord } from '../support/events';
import { BUCKET, CONFIG, REQUIRE_KMS, rulesThatSay, SSE_KMS, SSE_S3, upload } from '../support/lambda-enforcer-world';
import { ask, currentIn, KEY, releaseWorld } from '../support/release-world';

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
