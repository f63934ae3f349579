import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { RetryableError, ThrottledError } from '../../lambda/shared/errors';
import { objectCreated, sqsEvent } from '../support/events';
import { BUCKET, REQUIRE_KMS, SSE_KMS, SSE_S3, upload, world } from '../support/lambda-enforcer-world';
import { intercepted, meanwhile, watched } from '../support/lambda-intercepted-store';

const TAGGING = { ...REQUIRE_KMS, action: 'tag' } as const;
const TAG = 's3-encryption-guard:violation';
const WRONG = { body: 'wrong', encryption: SSE_S3 };
const RIGHT = { body: 'right', encryption: SSE_KMS, tags: { owner: 'ann' } };

/** A wrong object was tagged just after a right one had taken its place, and whoever tagged it did not get to look again. */
async function tagged(failure: Error) {
  const here = world({ versioning: 'never', rule: TAGGING });
  const written = upload(here.store, WRONG);
  let hasTagged = false;
  const store = intercepted(here.store, async ({ operation }, perform) => {
    if (operation === 'replaceTags') {
      upload(here.store, RIGHT);
      hasTagged = true;
      return perform();
    }
    if (operation === 'head' && hasTagged) throw failure;
    return perform();
  });
  const first = await processBatch(sqsEvent({ m: objectCreated(written) }), { ...here.ports, store });
  const tags = () => here.store.versionsOf(BUCKET, written.key)[0]?.tags;
  expect(tags()).toMatchObject({ [TAG]: 'wrong-scheme' });
  const again = here.reports.sent[0]?.body ?? objectCreated(written);
  return { here, written, first, again, tags };
}

test.each<[string, Error]>([
  ['died', new RetryableError('died')],
  ['was throttled', new ThrottledError('SlowDown')],
])('a right object is not left closed by the tag of an earlier one, whose try %s', async (_, failure) => {
  const { here, again, tags } = await tagged(failure);
  await expect(processBatch(sqsEvent({ m: again }), here.ports)).resolves.toEqual({ batchItemFailures: [] });
  expect(tags()).not.toHaveProperty(TAG);
  // The right object is judged by an event of its own; that it is right was not asked here.
  expect(here.reports.logs.at(-1)).toMatchObject({ outcome: 'gone' });
});

test('another object that takes its place meanwhile is judged, and keeps no tag that is not its own', async () => {
  const { here, again, tags } = await tagged(new RetryableError('died'));
  const store = meanwhile(here.store, 'after', 'replaceTags', () => void upload(here.store, { ...WRONG, body: 'wrong again' }));
  await expect(processBatch(sqsEvent({ m: again }), { ...here.ports, store })).resolves.toMatchObject({ batchItemFailures: [{}] });
  await processBatch(sqsEvent({ m: again }), here.ports);
  expect(tags()).toMatchObject({ [TAG]: 'wrong-scheme' });
});

test('if the tag may not be taken off, somebody is told', async () => {
  const { here, again } = await tagged(new RetryableError('died'));
  const store = intercepted(here.store, async ({ operation }, perform) =>
    operation === 'replaceTags' ? ({ status: 'refused', why: 'AccessDenied' } as never) : perform(),
  );
  await expect(processBatch(sqsEvent({ m: again }), { ...here.ports, store })).resolves.toMatchObject({ batchItemFailures: [{}] });
  expect(String(here.reports.errors.at(-1)?.error)).toContain('AccessDenied');
});

test('an object that is what its event says, and right, costs no more than its HEAD', async () => {
  const here = world({ versioning: 'never', rule: TAGGING });
  const written = upload(here.store, RIGHT);
  const { store, calls } = watched(here.store);
  await processBatch(sqsEvent({ m: objectCreated(written) }), { ...here.ports, store });
  expect(calls.map(({ operation }) => operation)).toEqual(['head']);
});

test('where nothing is ever tagged, there is no tag to look for', async () => {
  const here = world({ versioning: 'never', rule: { ...REQUIRE_KMS, action: 'report' } });
  const written = upload(here.store, WRONG);
  upload(here.store, RIGHT);
  const { store, calls } = watched(here.store);
  await processBatch(sqsEvent({ m: objectCreated(written) }), { ...here.ports, store });
  expect(calls.map(({ operation }) => operation)).not.toContain('tags');
  expect(here.reports.logs.at(-1)).toMatchObject({ outcome: 'gone' });
});

test('a version that is still there is not called quarantined, whatever ETag a message names', async () => {
  const here = world();
  const written = upload(here.store, WRONG);
  const store = intercepted(here.store, async ({ operation }, perform) =>
    operation === 'deleteVersion' ? ({ status: 'refused', why: 'AccessDenied' } as never) : perform(),
  );
  for (const etag of [written.etag, 'forged']) {
    await processBatch(sqsEvent({ m: objectCreated({ ...written, etag }) }), { ...here.ports, store });
    expect(here.reports.announced.at(-1)).toMatchObject({ outcome: 'tagged' });
  }
  expect(here.store.versionsOf(BUCKET, written.key)).toHaveLength(1);
});
