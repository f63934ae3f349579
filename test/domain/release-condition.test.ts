import { type AtOldKey, type QuarantinedObject, releaseCondition } from '../../lib/domain/release-condition';

const CREATED = new Date('2026-11-12T10:00:00Z');
const of = (more: Partial<QuarantinedObject> = {}): QuarantinedObject => ({
  createdAt: CREATED,
  quarantinedAt: new Date('2026-11-12T10:00:30Z'),
  hasOwnVersion: true,
  releaseBegunAt: undefined,
  ...more,
});
const object = (more: Partial<Extract<AtOldKey, { status: 'object' }>> = {}): AtOldKey => ({
  status: 'object',
  etag: '"e1"',
  versionId: 'v1',
  lastModified: new Date('2026-11-12T09:59:59Z'),
  replicationStatus: undefined,
  hidesNullVersion: false,
  ...more,
});

test('where nothing lies, nothing may have come until the copy arrives', () => {
  expect(releaseCondition({ status: 'nothing' }, of(), false)).toEqual({ status: 'put', condition: { ifNoneMatch: true } });
  expect(releaseCondition({ status: 'nothing' }, of(), true)).toEqual({ status: 'put', condition: { ifNoneMatch: true } });
});

test('an older version that stays below may be covered, if it is that very one', () => {
  expect(releaseCondition(object(), of(), false)).toEqual({ status: 'put', condition: { ifMatch: '"e1"' } });
});

test.each<[string, AtOldKey, QuarantinedObject?]>([
  ['is newer', object({ lastModified: new Date('2026-11-12T10:00:01Z') })],
  ['is of the same second', object({ lastModified: CREATED })],
  ['has no date', object({ lastModified: undefined })],
  ['is met by an object without a date', object(), of({ createdAt: undefined })],
  ['was uploaded in parts', object({ etag: '"0123456789abcdef0123456789abcdef-3"' })],
  ['is a replica', object({ replicationStatus: 'REPLICA' })],
  ['is in a bucket without versions', object({ versionId: undefined })],
  ['is a null version', object({ versionId: 'null' })],
  ['hides a null version, which a copy would replace while versioning is suspended', object({ hidesNullVersion: true })],
  ['is an SSE-C object', { status: 'undescribed' }],
])('what lies there and %s is not overwritten', (_, there, quarantined = of()) => {
  expect(releaseCondition(there, quarantined, false)).toEqual({ status: 'refused', why: expect.stringContaining('"overwrite": true') });
});

test('told to, it overwrites what was looked at, and nothing that came since', () => {
  const there = object({ versionId: undefined, lastModified: new Date('2026-12-01T00:00:00Z') });
  expect(releaseCondition(there, of(), true)).toEqual({ status: 'put', condition: { ifMatch: '"e1"' } });
});

test('told to, it overwrites an SSE-C object, of which there is nothing to compare', () => {
  expect(releaseCondition({ status: 'undescribed' }, of(), true)).toEqual({ status: 'put', condition: undefined });
});

describe('a delete marker', () => {
  const marker = (date: string | undefined): AtOldKey => {
    return {
      status: 'delete-marker',
      versionId: 'm1',
      lastModified: date === undefined ? undefined : new Date(date),
      hidesNullVersion: false,
    };
  };
  const older = {
    status: 'delete-marker',
    versionId: 'm1',
    lastModified: new Date('2026-11-12T09:59:59Z'),
    hidesNullVersion: false,
  } as const;
  const PUT = { status: 'put', condition: { ifNoneMatch: true } };

  test.each<[string, string | undefined, QuarantinedObject?]>([
    ['that is newer', '2026-11-12T10:00:01Z'],
    ['of the same second', '2026-11-12T10:00:00Z'],
    ['without a date', undefined],
    ['on an object without a date', '2026-11-12T09:00:00Z', of({ createdAt: undefined })],
    ['laid long after the object without a version id of its own was moved', '2026-11-12T10:15:31Z', of({ hasOwnVersion: false })],
    [
      'that came since an earlier try to release it',
      '2026-11-12T10:00:50Z',
      of({ hasOwnVersion: false, releaseBegunAt: new Date('2026-11-12T10:00:50.5Z') }),
    ],
    ['without a date, on an object without a version id of its own', undefined, of({ hasOwnVersion: false })],
  ])('%s says that somebody wanted it gone', (_, date, quarantined = of()) => {
    const why = expect.stringMatching(/^a delete marker, m1, .*"overwrite": true$/);
    expect(releaseCondition(marker(date), quarantined, false)).toEqual({ status: 'refused', why });
    expect(releaseCondition(marker(date), quarantined, true)).toEqual(PUT);
  });

  test.each<[string, string, QuarantinedObject?]>([
    ['that is older was covered by the object before', '2026-11-12T09:59:59Z'],
    ['of a quarantine that could name no version is its own', '2026-11-12T10:00:31Z', of({ hasOwnVersion: false })],
    [
      'is its own where it came before an earlier try to release it',
      '2026-11-12T10:00:49Z',
      of({ hasOwnVersion: false, releaseBegunAt: new Date('2026-11-12T10:00:50.5Z') }),
    ],
    ['is so until the invocation has to end', '2026-11-12T10:15:30Z', of({ hasOwnVersion: false })],
  ])('%s', (_, date, quarantined = of()) => {
    expect(releaseCondition(marker(date), quarantined, false)).toEqual(PUT);
  });

  test('that is older, and hides a null version, is left on top of that unless told otherwise', () => {
    const hiding: AtOldKey = { ...older, hidesNullVersion: true };
    expect(releaseCondition(hiding, of(), false)).toEqual({ status: 'refused', why: expect.stringContaining('may be lost') });
    expect(releaseCondition(hiding, of(), true)).toEqual(PUT);
  });
});
