import type { ReleaseRecord } from '../../lambda/quarantine-release/release-record';
import { RetryableError } from '../../lambda/shared/errors';
import { BUCKET, QUARANTINE } from '../support/lambda-enforcer-world';
import { intercepted, watched } from '../support/lambda-intercepted-store';
import { ask, currentIn, LATER, receiptIn, releaseWorld } from '../support/release-world';

const DISCARD = { action: 'discard' };
const minutesLater = (minutes: number) => () => new Date(Date.parse(LATER) + minutes * 60_000);
type Made = Awaited<ReturnType<typeof releaseWorld>>;

const copiesIn = (made: Made) => made.store.versionsOf(QUARANTINE, receiptIn(made).copy.key);

function recordIn(made: Made): ReleaseRecord | undefined {
  const key = made.store.keysOf(QUARANTINE).find((each) => each.startsWith('discards/'));
  return key === undefined ? undefined : JSON.parse(made.store.versionsOf(QUARANTINE, key).at(-1)?.body ?? '');
}

test('what is discarded is gone for good, and its receipt stays, with the record of who and why', async () => {
  const made = await releaseWorld();
  await expect(ask(made, DISCARD)).resolves.toMatchObject({ status: 'discarded', why: '1 versions were deleted for good' });
  expect(copiesIn(made)).toEqual([]);
  const { origin, copy } = receiptIn(made);
  expect(recordIn(made)).toMatchObject({
    action: 'discard',
    state: 'done',
    origin,
    copy,
    reason: 'false alarm',
    requestedBy: 'Ada',
    doneAt: LATER,
  });
  expect(made.events).toEqual([expect.objectContaining({ outcome: 'discarded', bucket: BUCKET, why: 'false alarm' })]);
  expect(made.reports.logs).toContainEqual(expect.objectContaining({ outcome: 'discarded' }));
  expect(made.measured).toEqual([`DiscardedObjects ${BUCKET}`]);
});

test('repetitions of the copy, and the delete marker of its lifecycle, go with it; copies of others stay', async () => {
  const made = await releaseWorld();
  const { key } = receiptIn(made).copy;
  made.store.put(QUARANTINE, key, { body: 'secret' });
  made.store.put(QUARANTINE, `${key}2`, { body: 'another' });
  made.store.remove(QUARANTINE, key);
  await expect(ask(made, DISCARD)).resolves.toMatchObject({ status: 'discarded' });
  expect(copiesIn(made)).toEqual([]);
  expect(made.store.versionsOf(QUARANTINE, `${key}2`)).toHaveLength(1);
});

test('a dry run, which is the default, deletes nothing', async () => {
  const made = await releaseWorld();
  const { store, calls } = watched(made.store);
  await expect(ask(made, { ...DISCARD, dryRun: undefined }, { store })).resolves.toMatchObject({ status: 'would-discard' });
  expect(calls.map(({ operation }) => operation)).toEqual(['readDocument']);
  expect(copiesIn(made)).toHaveLength(1);
  expect(recordIn(made)).toBeUndefined();
});

test.each([true, false])('what Object Lock keeps is refused, with why, and nothing of it is deleted (dry run %s)', async (dryRun) => {
  const made = await releaseWorld();
  const { key, versionId } = receiptIn(made).copy;
  made.store.put(QUARANTINE, key, { body: 'secret' });
  made.records.locks.set(versionId, 'GOVERNANCE retention until 2027');
  const result = await ask(made, { ...DISCARD, dryRun });
  expect(result).toMatchObject({ status: 'refused', why: `version ${versionId} is locked: GOVERNANCE retention until 2027` });
  expect(copiesIn(made)).toHaveLength(2);
});

test('what S3 refuses to delete is told, and not recorded as discarded', async () => {
  const made = await releaseWorld();
  const store = intercepted(made.store, async ({ operation }, perform) => {
    if (operation !== 'deleteVersion') return perform();
    return { status: 'refused', why: 'AccessDenied' } as Awaited<ReturnType<typeof perform>>;
  });
  await expect(ask(made, DISCARD, { store })).resolves.toMatchObject({ status: 'refused', why: expect.stringContaining('AccessDenied') });
  expect(recordIn(made)?.state).toBe('begun');
  expect(made.events).toEqual([]);
});

test('discarded again, it is said to be, and nothing is done', async () => {
  const made = await releaseWorld();
  await ask(made, DISCARD);
  await expect(ask(made, DISCARD)).resolves.toMatchObject({ status: 'already-discarded' });
  expect(made.events).toHaveLength(1);
});

test('a try that died after the delete is finished by the next', async () => {
  const made = await releaseWorld();
  const store = intercepted(made.store, async ({ operation }, perform) => {
    const answer = await perform();
    if (operation === 'deleteVersion') throw new RetryableError('the answer is lost');
    return answer;
  });
  await expect(ask(made, DISCARD, { store })).resolves.toMatchObject({ status: 'failed' });
  await expect(ask(made, DISCARD, { now: minutesLater(3) })).resolves.toMatchObject({ status: 'discarded' });
  expect(made.events).toHaveLength(1);
});

test('what was discarded is not released, and what is gone is not discarded', async () => {
  const made = await releaseWorld();
  await ask(made, DISCARD);
  await expect(ask(made)).resolves.toMatchObject({ status: 'refused', why: expect.stringContaining('it was discarded at') });
  const expired = await releaseWorld();
  const { copy } = receiptIn(expired);
  await expired.store.deleteVersion(copy);
  await expect(ask(expired)).resolves.toMatchObject({ status: 'refused', why: expect.stringContaining('retention has ended') });
  await expect(ask(expired, DISCARD)).resolves.toMatchObject({ status: 'refused', why: expect.stringContaining('retention has ended') });
});

test('what was released may be discarded', async () => {
  const made = await releaseWorld();
  await ask(made);
  await expect(ask(made, DISCARD)).resolves.toMatchObject({ status: 'discarded' });
  expect(currentIn(made)?.body).toBe('secret');
});

test.each([
  ['released', 'copyAs', {}, DISCARD],
  ['discarded', 'deleteVersion', DISCARD, {}],
] as const)('while an object is %s, its twin waits', async (status, operation, first, second) => {
  const made = await releaseWorld();
  let twin: Promise<unknown> | undefined;
  const store = intercepted(made.store, async (call, perform) => {
    if (call.operation === operation) twin ??= ask(made, second, { requestId: 'request-2' });
    await twin;
    return perform();
  });
  await expect(ask(made, first, { store })).resolves.toMatchObject({ status });
  await expect(twin).resolves.toMatchObject({ status: 'busy', why: expect.stringContaining('Ada') });
});
