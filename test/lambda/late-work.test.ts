import { setTimeout as wait } from 'node:timers/promises';
import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import type { ObjectStore } from '../../lambda/shared/object-store';
import { declare } from '../domain/sample-declarations';
import { objectCreated, sqsEvent } from '../support/events';
import { BUCKET, REQUIRE_KMS, rulesThatSay, SSE_S3, upload, world } from '../support/lambda-enforcer-world';
import { intercepted, type Operation, watched } from '../support/lambda-intercepted-store';

const ACCEPT_S3 = { ...REQUIRE_KMS, declaration: declare([{ scheme: 'SSE-S3' }]) };
/** What the invocation has, besides its margin of 5 s. */
const REMAINING = () => 5_050;

/** One operation takes longer than the invocation has. */
const slow = (store: ObjectStore, slowOne: Operation) =>
  intercepted(store, async ({ operation }, perform) => {
    if (operation === slowOne) await wait(200);
    return perform();
  });

/** Lambda freezes what an invocation left behind; the next one thaws it. */
test.each<Operation>(['head', 'copy', 'headWithChecksum', 'putDocument'])(
  'an invocation that ended during %s does not remove what the next one has accepted under a newer rule',
  async (operation) => {
    const here = world();
    const written = upload(here.store, { body: 'x', encryption: SSE_S3 });
    const event = sqsEvent({ m: objectCreated(written) });
    const { store, calls } = watched(slow(here.store, operation));
    const late = await processBatch(event, { ...here.ports, store, remainingMillis: REMAINING });
    expect(late.batchItemFailures).toHaveLength(1);
    const asked = calls.length;

    await expect(processBatch(event, { ...here.ports, rules: rulesThatSay(ACCEPT_S3) })).resolves.toEqual({ batchItemFailures: [] });
    expect(here.reports.logs.at(-1)).toMatchObject({ outcome: 'compliant' });
    await wait(300);
    expect(calls).toHaveLength(asked);
    expect(here.store.versionsOf(BUCKET, written.key)).toHaveLength(1);
  },
);

test('what comes too late is an error that says so, and not a report', async () => {
  const here = world();
  const written = upload(here.store, { body: 'x', encryption: SSE_S3 });
  await processBatch(sqsEvent({ m: objectCreated(written) }), {
    ...here.ports,
    store: slow(here.store, 'deleteVersion'),
    remainingMillis: REMAINING,
  });
  await wait(300);
  expect(here.reports.announced).toEqual([]);
  expect(String(here.reports.errors[0]?.error)).toContain('no result before the function has to end');
});
