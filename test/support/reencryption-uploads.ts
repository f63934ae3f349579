import { VIOLATION_TAG } from '../../lib/domain/contract';
import type { EncryptionFields } from '../../lib/domain/observation';
import type { Random } from './fault-random';
import type { InMemoryObjectStore, StoredVersion, Upload } from './in-memory-object-store';
import { BUCKET, OTHER_KEY, REQUIRED_KEY } from './lambda-enforcer-world';

export const KEY = 'a/key';

/** What a schedule requires: the one can be reached in place, the other by a copy only. */
export type Required = 'SSE-KMS' | 'DSSE-KMS';

export const AS_REQUIRED: Readonly<Record<Required, EncryptionFields>> = {
  'SSE-KMS': { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: REQUIRED_KEY },
  'DSSE-KMS': { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: REQUIRED_KEY },
};

const KINDS = {
  right: 20,
  'SSE-S3': 40,
  'other key': 20,
  /** In place S3 says no, and it lets nothing be deleted. */
  locked: 5,
  archived: 5,
  /** Left behind by an action of before. */
  'tagged before': 10,
} as const;

export interface Written {
  readonly id: string;
  readonly kind: keyof typeof KINDS;
  readonly body: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly versionId: string | undefined;
  readonly storedId: string;
  /** Without quotes. */
  readonly etag: string;
  /** Overwritten by whoever writes. */
  discarded: boolean;
}

export const isWrong = ({ kind }: Written) => kind !== 'right';

/** Writes one key again and again, and knows nothing of the enforcer. */
export class KeyWriter {
  readonly written: Written[] = [];

  constructor(
    private readonly store: InMemoryObjectStore,
    private readonly required: Required,
    private readonly random: Random,
    private readonly most: number,
  ) {}

  put(): void {
    if (this.written.length >= this.most) return;
    const id = `${this.written.length + 1}`;
    const kind = this.random.weighted(KINDS);
    const last = this.written.at(-1);
    // The same content again is the hard case: under SSE-S3 it has the same ETag.
    const body = last !== undefined && this.random.chance(0.3) ? last.body : `content ${id}`;
    const own: Readonly<Record<string, string>> = this.random.chance(0.5) ? { team: id } : {};
    const tags = kind === 'tagged before' ? { ...own, [VIOLATION_TAG]: 'wrong-scheme' } : own;
    const before = [...this.store.versionsOf(BUCKET, KEY)];
    const { versionId, etag } = this.store.put(BUCKET, KEY, { body, tags, metadata: { upload: id }, ...this.uploadOf(kind) });
    const after = this.store.versionsOf(BUCKET, KEY);
    for (const gone of before.filter((version) => !after.includes(version))) {
      const record = this.recordOf(gone);
      if (record !== undefined) record.discarded = true;
    }
    this.written.push({
      id,
      kind,
      body,
      tags: own,
      versionId,
      storedId: versionId ?? 'null',
      etag: etag.replaceAll('"', ''),
      discarded: false,
    });
  }

  recordOf({ metadata }: StoredVersion): Written | undefined {
    return this.written.find(({ id }) => id === metadata['upload']);
  }

  private uploadOf(kind: Written['kind']): Upload {
    switch (kind) {
      case 'right':
        return { encryption: AS_REQUIRED[this.required] };
      case 'other key':
        return { encryption: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: OTHER_KEY } };
      case 'locked':
        return { refuses: { rekey: 'AccessDenied: locked', delete: 'AccessDenied: locked' } };
      case 'archived':
        return { refuses: { copy: 'InvalidObjectState: archived' } };
      default:
        return {};
    }
  }
}
