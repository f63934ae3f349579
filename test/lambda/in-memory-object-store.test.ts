import type { ObjectVersion } from '../../lambda/shared/object-store';
import { InMemoryObjectStore, type Upload } from '../support/in-memory-object-store';
import type { Content, ContractUpload, StoreUnderTest } from '../support/lambda-contract-setting';
import { BUCKET, OTHER_KEY, QUARANTINE_KEY, SSE_C, SSE_KMS_OTHER_KEY, SSE_S3, world } from '../support/lambda-enforcer-world';
import { describeObjectStore } from '../support/object-store-contract';

const ENCRYPTION = { 'SSE-S3': SSE_S3, 'SSE-KMS': SSE_KMS_OTHER_KEY, 'SSE-C': SSE_C } as const;

/** The uploader's and the onlooker's side, on the same memory. */
function inMemory(): StoreUnderTest {
  const store = new InMemoryObjectStore();
  let buckets = 0;
  return {
    store,
    kmsKeyArn: OTHER_KEY,
    createBucket: async (versioning) => {
      buckets += 1;
      store.createBucket(`bucket-${buckets}`, versioning);
      return `bucket-${buckets}`;
    },
    setVersioning: async (bucket, versioning) => store.setVersioning(bucket, versioning),
    put: async (bucket, key, { encryption = 'SSE-S3', ...rest }: ContractUpload) =>
      store.put(bucket, key, { ...rest, encryption: ENCRYPTION[encryption] }),
    remove: async (bucket, key) => store.remove(bucket, key),
    content: async (object) => contentIn(store, object),
    versionIds: async (bucket, key) =>
      store
        .versionsOf(bucket, key)
        .filter(({ deleteMarker }) => !deleteMarker)
        .map(({ versionId }) => versionId),
  };
}

function contentIn(store: InMemoryObjectStore, { bucket, key, versionId }: ObjectVersion): Content {
  const versions = store.versionsOf(bucket, key).filter((version) => versionId === undefined || version.versionId === versionId);
  const { body, metadata, tags } = versions.at(-1) ?? { body: 'absent', metadata: {}, tags: {} };
  return { body, metadata, tags };
}

describeObjectStore('the in-memory store', inMemory);

describe('the in-memory store refuses, as S3 does,', () => {
  const target = { bucket: 'quarantine-bucket', key: 'copy', kmsKeyArn: QUARANTINE_KEY };

  function uploaded(upload: Upload) {
    const { store } = world();
    return { store, object: { bucket: BUCKET, key: 'object', ...store.put(BUCKET, 'object', upload) } };
  }

  test('to copy more than 5 GiB in one request', async () => {
    const most = uploaded({ size: 5 * 1024 ** 3 });
    await expect(most.store.copy(most.object, most.object.etag, target)).resolves.toMatchObject({ status: 'copied' });
    const more = uploaded({ size: 5 * 1024 ** 3 + 1 });
    await expect(more.store.copy(more.object, more.object.etag, target)).resolves.toMatchObject({ status: 'refused' });
  });

  test('what the test says it refuses, and then does nothing', async () => {
    const { store, object } = uploaded({
      tags: { a: 'b' },
      refuses: { copy: 'InvalidObjectState', delete: 'AccessDenied', tags: 'AccessDenied' },
    });
    await expect(store.copy(object, object.etag, target)).resolves.toEqual({ status: 'refused', why: 'InvalidObjectState' });
    await expect(store.deleteVersion({ ...object, versionId: object.versionId ?? '' })).resolves.toMatchObject({ status: 'refused' });
    await expect(store.deleteCurrent(object, object.etag)).resolves.toMatchObject({ status: 'refused' });
    await expect(store.tags(object)).resolves.toMatchObject({ status: 'refused' });
    await expect(store.replaceTags(object, {})).resolves.toMatchObject({ status: 'refused' });
    expect(store.versionsOf(BUCKET, 'object')).toEqual([expect.objectContaining({ versionId: object.versionId, tags: { a: 'b' } })]);
    expect(store.keysOf('quarantine-bucket')).toEqual([]);
  });
});
