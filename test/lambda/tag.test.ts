import { observe, type SeenObject } from '../../lambda/encryption-enforcer/observe';
import { tag } from '../../lambda/encryption-enforcer/tag';
import type { ObjectStore } from '../../lambda/shared/object-store';
import type { InMemoryObjectStore, Upload } from '../support/in-memory-object-store';
import { BUCKET, SSE_C, SSE_KMS, SSE_S3, upload, world } from '../support/lambda-enforcer-world';
import { meanwhile, watched } from '../support/lambda-intercepted-store';

const KEY = 'reports/2026.csv';
const VIOLATION_TAG = 's3-encryption-guard:violation';
const tagsNamed = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`tag-${at}`, 'value']));

async function seen(store: InMemoryObjectStore, object: Upload): Promise<SeenObject> {
  const observed = await observe(upload(store, object), store);
  if (observed === undefined) throw new Error('the object is there');
  return observed;
}

function tagsAt(store: InMemoryObjectStore, at = -1) {
  return store.versionsOf(BUCKET, KEY).at(at)?.tags;
}

test('the reason is tagged beside the tags of the object', async () => {
  const { store } = world();
  const object = await seen(store, { encryption: SSE_S3, tags: tagsNamed(9) });
  await expect(tag(object, 'wrong-key', store)).resolves.toEqual({ status: 'tagged' });
  expect(tagsAt(store)).toEqual({ ...tagsNamed(9), [VIOLATION_TAG]: 'wrong-key' });
});

test('a version keeps its tag to itself', async () => {
  const { store } = world();
  const object = await seen(store, { encryption: SSE_S3 });
  upload(store, { encryption: SSE_KMS });
  await expect(tag(object, 'wrong-scheme', store)).resolves.toEqual({ status: 'tagged' });
  expect([tagsAt(store, 0), tagsAt(store, 1)]).toEqual([{ [VIOLATION_TAG]: 'wrong-scheme' }, {}]);
});

test('ten tags are not cut to nine', async () => {
  const { store } = world();
  const object = await seen(store, { encryption: SSE_S3, tags: tagsNamed(10) });
  await expect(tag(object, 'wrong-key', store)).resolves.toMatchObject({ status: 'refused', why: expect.stringContaining('10 tags') });
  expect(tagsAt(store)).toEqual(tagsNamed(10));
});

test('ten tags, one of which is an older reason, get the new reason', async () => {
  const { store } = world();
  const object = await seen(store, { encryption: SSE_S3, tags: { ...tagsNamed(9), [VIOLATION_TAG]: 'wrong-key' } });
  await expect(tag(object, 'wrong-scheme', store)).resolves.toEqual({ status: 'tagged' });
  expect(tagsAt(store)).toEqual({ ...tagsNamed(9), [VIOLATION_TAG]: 'wrong-scheme' });
});

test('an object that has the tag already is not written to', async () => {
  const { store: memory } = world();
  const object = await seen(memory, { encryption: SSE_S3, tags: { ...tagsNamed(9), [VIOLATION_TAG]: 'wrong-key' } });
  const { store, calls } = watched(memory);
  await expect(tag(object, 'wrong-key', store)).resolves.toEqual({ status: 'tagged' });
  expect(calls.map(({ operation }) => operation)).toEqual(['tags']);
});

test('what S3 refuses is passed on: reading the tags, and writing them', async () => {
  const { store } = world();
  const object = await seen(store, { encryption: SSE_S3, refuses: { tags: 'AccessDenied: no' } });
  await expect(tag(object, 'wrong-key', store)).resolves.toEqual({ status: 'refused', why: 'AccessDenied: no' });
  const tags: ObjectStore['tags'] = async () => ({ status: 'found', tags: {} });
  await expect(tag(object, 'wrong-key', Object.assign(store, { tags }))).resolves.toEqual({ status: 'refused', why: 'AccessDenied: no' });
});

describe('an object without a version of its own that is overwritten as it is tagged:', () => {
  const OLD: Upload = { body: 'old', encryption: SSE_S3, tags: { team: 'blue' } };
  const NEWER: Upload = { body: 'newer', encryption: SSE_KMS, tags: {} };

  test.each(['never', 'suspended'] as const)('the newer object does not keep the tag (versioning %s)', async (versioning) => {
    const { store } = world({ versioning });
    const object = await seen(store, { ...OLD, tags: {} });
    const overwriting = meanwhile(store, 'before', 'replaceTags', () => upload(store, NEWER));
    await expect(tag(object, 'wrong-scheme', overwriting)).resolves.toEqual({ status: 'changed' });
    expect(store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining(NEWER)]);
  });

  test('the newer object does not keep the tag of an SSE-C object either', async () => {
    const { store } = world({ versioning: 'never' });
    const object = await seen(store, { body: 'old', encryption: SSE_C });
    const overwriting = meanwhile(store, 'before', 'replaceTags', () => upload(store, NEWER));
    await expect(tag(object, 'wrong-scheme', overwriting)).resolves.toEqual({ status: 'changed' });
    expect(store.versionsOf(BUCKET, KEY)).toEqual([expect.objectContaining(NEWER)]);
  });

  test('an object overwritten after its tag arrived takes the tag with it', async () => {
    const { store } = world({ versioning: 'never' });
    const object = await seen(store, OLD);
    const overwriting = meanwhile(store, 'after', 'replaceTags', () => upload(store, { ...NEWER, tags: { team: 'red' } }));
    await expect(tag(object, 'wrong-scheme', overwriting)).resolves.toEqual({ status: 'changed' });
    expect(tagsAt(store)).toEqual({ team: 'red' });
  });

  test('an SSE-C object that stays is tagged', async () => {
    const { store } = world({ versioning: 'never' });
    const object = await seen(store, { body: 'old', encryption: SSE_C, tags: { team: 'blue' } });
    await expect(tag(object, 'wrong-scheme', store)).resolves.toEqual({ status: 'tagged' });
    expect(tagsAt(store)).toEqual({ team: 'blue', [VIOLATION_TAG]: 'wrong-scheme' });
  });
});

test.each(['tags', 'replaceTags'] as const)('an object that is deleted before its %s is gone', async (operation) => {
  for (const versioning of ['never', 'suspended'] as const) {
    const { store } = world({ versioning });
    const object = await seen(store, { encryption: SSE_S3 });
    const deleting = meanwhile(store, 'before', operation, () => store.remove(BUCKET, KEY));
    await expect(tag(object, 'wrong-scheme', deleting)).resolves.toEqual({ status: 'gone' });
  }
});

test('an object that is deleted after it was tagged is gone', async () => {
  const { store } = world({ versioning: 'never' });
  const object = await seen(store, { encryption: SSE_S3 });
  const deleting = meanwhile(store, 'after', 'replaceTags', () => store.remove(BUCKET, KEY));
  await expect(tag(object, 'wrong-scheme', deleting)).resolves.toEqual({ status: 'gone' });
});

describe('an SSE-C object without a version of its own, of which S3 tells an id only with its tags,', () => {
  const CLOSED: Upload = { body: 'old', encryption: SSE_C };

  async function below(store: InMemoryObjectStore) {
    const object = await seen(store, CLOSED);
    store.setVersioning(BUCKET, 'enabled');
    return object;
  }

  test('is not tagged where another SSE-C version lies on top', async () => {
    const { store } = world({ versioning: 'never' });
    const object = await below(store);
    const above = upload(store, { body: 'new', encryption: SSE_C, tags: { team: 'red' } });
    const why = `version ${above.versionId} lies on top of the null version`;
    await expect(tag(object, 'wrong-scheme', store)).resolves.toEqual({ status: 'refused', why });
    expect([tagsAt(store, 0), tagsAt(store, 1)]).toEqual([{}, { team: 'red' }]);
  });

  test('gets its tag taken back where another is laid on top at that moment', async () => {
    const { store } = world({ versioning: 'never' });
    const object = await below(store);
    const covering = meanwhile(store, 'before', 'replaceTags', () => upload(store, { body: 'new', encryption: SSE_C }));
    await expect(tag(object, 'wrong-scheme', covering)).resolves.toEqual({ status: 'changed' });
    expect([tagsAt(store, 0), tagsAt(store, 1)]).toEqual([{}, {}]);
  });
});
