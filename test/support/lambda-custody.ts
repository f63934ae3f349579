import type { ObjectVersion } from '../../lambda/shared/object-store';
import type { InMemoryObjectStore, StoredVersion, Upload } from './in-memory-object-store';
import { BUCKET, QUARANTINE } from './lambda-enforcer-world';
import type { Around } from './lambda-intercepted-store';

/** `hashed-receipts/` where the key of the object is too long to be part of it. */
export function isReceipt(key: string): boolean {
  return /^(hashed-)?receipts\//.test(key);
}

/** Objects of one bucket and of its quarantine that hold certain content, wherever that is. */
export class Custody {
  constructor(private readonly store: InMemoryObjectStore) {}

  allInSource(): string[] {
    const versions = this.store.keysOf(BUCKET).flatMap((key) => this.store.versionsOf(BUCKET, key));
    return versions.filter(({ deleteMarker }) => !deleteMarker).map(({ body }) => body);
  }

  inSource(body: string): StoredVersion[] {
    return this.holding(BUCKET, body);
  }

  inQuarantine(body: string): StoredVersion[] {
    return this.holding(QUARANTINE, body);
  }

  /** Receipts that name a copy, which is there, of this content. */
  receiptsFor(body: string): unknown[] {
    const copies = new Set(this.inQuarantine(body).map(({ versionId }) => versionId));
    return this.store
      .keysOf(QUARANTINE)
      .filter(isReceipt)
      .map((key) => JSON.parse(this.store.versionsOf(QUARANTINE, key).at(-1)?.body ?? '{}'))
      .filter((receipt) => copies.has(receipt.copy.versionId));
  }

  private holding(bucket: string, body: string): StoredVersion[] {
    return this.store
      .keysOf(bucket)
      .flatMap((key) => this.store.versionsOf(bucket, key))
      .filter((version) => !version.deleteMarker && version.body === body);
  }
}

/**
 * Stops the test at the first moment at which content is lost, and at a delete of content of which no copy was looked at
 * and found. Knows what was uploaded, nothing of how the enforcer works.
 */
export function guardingCustody(custody: Custody, uploads: readonly Upload[]): Around {
  const confirmed = new Set<string>();
  return async ({ operation, args }, perform) => {
    const before = custody.allInSource();
    const safe = before.filter((body) => isSafe(custody, body, confirmed));
    const performing = perform();
    // The effect is there at once; only its answer is waited for.
    const after = custody.allInSource();
    const unsafe = before.find((body) => !after.includes(body) && !safe.includes(body));
    if (unsafe !== undefined) throw new Error(`"${unsafe}" went by ${operation} before a copy was confirmed and its receipt written`);
    for (const { body = '' } of uploads) {
      if (custody.inSource(body).length + custody.inQuarantine(body).length === 0) throw new Error(`"${body}" is lost after ${operation}`);
    }
    const answer = await performing;
    const object = args[0] as ObjectVersion;
    const isFound = (answer as { status?: string } | undefined)?.status === 'found';
    if ((operation === 'head' || operation === 'headWithChecksum') && object.bucket === QUARANTINE && isFound)
      confirmed.add(object.versionId ?? '');
    return answer;
  };
}

function isSafe(custody: Custody, body: string, confirmed: ReadonlySet<string>): boolean {
  return custody.inQuarantine(body).some(({ versionId }) => confirmed.has(versionId)) && custody.receiptsFor(body).length > 0;
}
