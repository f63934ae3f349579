import { uncoveredBy } from '../../lambda/encryption-enforcer/after-removal';
import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { ThrottledError } from '../../lambda/shared/errors';
import { readReceipt } from '../../lambda/shared/receipt';
import { objectCreated, sqsEvent } from '../support/events';
import { BUCKET, QUARANTINE, SSE_KMS, SSE_S3, upload, type World, world } from '../support/lambda-enforcer-world';
import { intercepted } from '../support/lambda-intercepted-store';

const YEARS_AGO = new Date('2020-01-01T00:00:00Z');

async function receiptOfMoved(here: World) {
  const written = upload(here.store, { body: 'wrong', encryption: SSE_S3 });
  await processBatch(sqsEvent({ message: objectCreated(written) }), here.ports);
  const [key = ''] = here.store.keysOf(QUARANTINE).filter((each) => each.startsWith('receipts/'));
  return readReceipt((await here.store.readDocument(QUARANTINE, key)) ?? '');
}

describe('what the removal of a version uncovered', () => {
  test('can be told from its receipt alone, by whoever comes after one that could not tell', async () => {
    const here = world();
    const below = upload(here.store, { body: 'below', encryption: SSE_KMS, lastModified: YEARS_AGO });
    const { origin } = await receiptOfMoved(here);
    await expect(uncoveredBy(origin, here.store)).resolves.toBe(below.versionId);
  });

  test('is told by the next try where the one that removed it was throttled before it could look', async () => {
    const here = world();
    const below = upload(here.store, { body: 'below', encryption: SSE_KMS, lastModified: YEARS_AGO });
    const written = upload(here.store, { body: 'wrong', encryption: SSE_S3 });
    let [isRemoved, isThrottled] = [false, false];
    const store = intercepted(here.store, async ({ operation }, perform) => {
      isRemoved ||= operation === 'deleteVersion';
      if (operation !== 'head' || !isRemoved || isThrottled) return perform();
      isThrottled = true;
      throw new ThrottledError('SlowDown');
    });
    await processBatch(sqsEvent({ message: objectCreated(written) }), { ...here.ports, store });
    expect(here.reports.announced).toEqual([]);
    await processBatch(sqsEvent({ message: here.reports.sent[0]?.body }), here.ports);
    expect(here.reports.announced).toEqual([expect.objectContaining({ outcome: 'quarantined', uncovered: below.versionId })]);
  });

  test('is nothing by a receipt that does not say how old it was', async () => {
    const here = world();
    upload(here.store, { body: 'below', encryption: SSE_KMS, lastModified: YEARS_AGO });
    const { origin } = await receiptOfMoved(here);
    await expect(uncoveredBy({ ...origin, lastModified: undefined }, here.store)).resolves.toBeUndefined();
  });

  test('is nothing that was written since', async () => {
    const here = world();
    const { origin } = await receiptOfMoved(here);
    upload(here.store, { body: 'since', encryption: SSE_KMS, lastModified: new Date('2026-11-12T10:00:00Z') }, origin.key);
    expect(here.store.versionsOf(BUCKET, origin.key)).toHaveLength(1);
    await expect(uncoveredBy(origin, here.store)).resolves.toBeUndefined();
  });
});
