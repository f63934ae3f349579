import type { Random } from './fault-random';
import type { InMemoryObjectStore, Versioning } from './in-memory-object-store';
import { SSE_KMS, SSE_S3 } from './lambda-enforcer-world';

export interface Place {
  readonly bucket: string;
  readonly key: string;
  readonly before: Date;
}

/** What lay under a key before. Where versioning is suspended, it may have been on, so that a version with an id lies on one without. */
export function layHistory(store: InMemoryObjectStore, { bucket, key, before }: Place, versioning: Versioning, random: Random): void {
  const lay = (body: string, seconds: number) =>
    store.put(bucket, key, {
      body,
      encryption: random.pick([SSE_KMS, SSE_S3]),
      lastModified: new Date(before.getTime() - seconds * 1_000),
    });
  if (versioning !== 'suspended' || random.chance(0.5)) {
    lay('older', 5);
    return;
  }
  lay('oldest', 10);
  store.setVersioning(bucket, 'enabled');
  if (random.chance(0.7)) lay('older', 5);
  else store.remove(bucket, key);
  store.setVersioning(bucket, 'suspended');
}
