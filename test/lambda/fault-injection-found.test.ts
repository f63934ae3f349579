import { observe } from '../../lambda/encryption-enforcer/observe';
import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { tag } from '../../lambda/encryption-enforcer/tag';
import { type EventObject, objectCreated, sqsEvent } from '../support/events';
import type { Versioning } from '../support/in-memory-object-store';
import { BUCKET, SSE_C, SSE_S3, upload, type World, world } from '../support/lambda-enforcer-world';
import { intercepted, watched } from '../support/lambda-intercepted-store';
import { DSSE, given } from '../support/lambda-reencryption';

/** What the schedules of fault-injection.test.ts found, in as few steps as it takes. */

const LOCATION = expect.stringMatching(/^s3:\/\/quarantine-bucket\/objects\//);

/** Both have seen the object; then one does the whole of its work, and dies before it can tell, while the other waits for its copy to quarantine. */
async function outrun(here: World, written: EventObject): Promise<void> {
  const event = sqsEvent({ message: objectCreated(written) });
  const dying = { ...here.ports, announce: () => Promise.reject(new Error('dead')) };
  let isFirst = true;
  const store = intercepted(here.store, async (call, perform) => {
    if (call.operation === 'copy' && isFirst) {
      isFirst = false;
      expect((await processBatch(event, dying)).batchItemFailures).toHaveLength(1);
    }
    return perform();
  });
  expect((await processBatch(event, { ...here.ports, store })).batchItemFailures).toEqual([]);
}

test.each<Versioning>(['never', 'enabled', 'suspended'])(
  'a try that finds the object moved by another, which died before it could tell, tells it itself (versioning %s)',
  async (versioning) => {
    const here = world({ versioning });
    await outrun(here, upload(here.store, { body: 'secret', encryption: SSE_S3 }));
    expect(here.reports.announced).toEqual([expect.objectContaining({ outcome: 'quarantined', location: LOCATION })]);
  },
);

test('a try that laid its copy on top, and finds the original moved by another, tells where that lies', async () => {
  const here = given({ accepted: DSSE });
  await outrun(here, here.written);
  expect(here.reports.announced).toEqual([expect.objectContaining({ outcome: 're-encrypted', location: LOCATION })]);
});

test('another object in the place of the one to be tagged keeps what it says of itself', async () => {
  const { store: memory } = world({ versioning: 'never' });
  upload(memory, { body: 'older', encryption: SSE_S3 });
  const older = await observe({ bucket: BUCKET, key: 'reports/2026.csv' }, memory);
  const tags = { 's3-encryption-guard:violation': 'wrong-scheme', team: 'blue' };
  upload(memory, { body: 'newer', encryption: SSE_C, tags });
  const { store, calls } = watched(memory);
  if (older === undefined) throw new Error('the object is there');
  await expect(tag(older, 'wrong-key', store)).resolves.toEqual({ status: 'changed' });
  expect(memory.versionsOf(BUCKET, 'reports/2026.csv')).toEqual([expect.objectContaining({ tags })]);
  expect(calls.map(({ operation }) => operation)).not.toContain('replaceTags');
});
