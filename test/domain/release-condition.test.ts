import { type AtOldKey, releaseCondition } from '../../lib/domain/release-condition';

const QUARANTINED = new Date('2026-11-12T10:00:00Z');
const object = (more: Partial<Extract<AtOldKey, { status: 'object' }>> = {}): AtOldKey => ({
  status: 'object',
  etag: '"e1"',
  versionId: 'v1',
  lastModified: new Date('2026-11-12T09:59:59Z'),
  replicationStatus: undefined,
  ...more,
});

test('where nothing lies, nothing may have come until the copy arrives', () => {
  expect(releaseCondition({ status: 'nothing' }, QUARANTINED, false)).toEqual({ status: 'put', condition: { ifNoneMatch: true } });
  expect(releaseCondition({ status: 'nothing' }, QUARANTINED, true)).toEqual({ status: 'put', condition: { ifNoneMatch: true } });
});

test('an older version that stays below may be covered, if it is that very one', () => {
  expect(releaseCondition(object(), QUARANTINED, false)).toEqual({ status: 'put', condition: { ifMatch: '"e1"' } });
});

test.each<[string, AtOldKey, Date | undefined]>([
  ['is newer', object({ lastModified: new Date('2026-11-12T10:00:01Z') }), QUARANTINED],
  ['is of the same second', object({ lastModified: QUARANTINED }), QUARANTINED],
  ['has no date', object({ lastModified: undefined }), QUARANTINED],
  ['is met by an object without a date', object(), undefined],
  ['was uploaded in parts', object({ etag: '"0123456789abcdef0123456789abcdef-3"' }), QUARANTINED],
  ['is a replica', object({ replicationStatus: 'REPLICA' }), QUARANTINED],
  ['is in a bucket without versions', object({ versionId: undefined }), QUARANTINED],
  ['is a null version', object({ versionId: 'null' }), QUARANTINED],
  ['is an SSE-C object', { status: 'undescribed' }, QUARANTINED],
])('what lies there and %s is not overwritten', (_, there, date) => {
  expect(releaseCondition(there, date, false)).toEqual({ status: 'refused', why: expect.stringContaining('"overwrite": true') });
});

test('told to, it overwrites what was looked at, and nothing that came since', () => {
  const there = object({ versionId: undefined, lastModified: new Date('2026-12-01T00:00:00Z') });
  expect(releaseCondition(there, QUARANTINED, true)).toEqual({ status: 'put', condition: { ifMatch: '"e1"' } });
});

test('told to, it overwrites an SSE-C object, of which there is nothing to compare', () => {
  expect(releaseCondition({ status: 'undescribed' }, QUARANTINED, true)).toEqual({ status: 'put', condition: undefined });
});
