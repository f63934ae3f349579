import { createHash } from 'node:crypto';
import type { CompleteAnswer, CopiedPart, MultipartCopy, PartAnswer, PartRange, StartAnswer } from '../../lambda/shared/object-store';
import type { StoredVersion, Upload } from './in-memory-buckets';

type Place = MultipartCopy['target'];

interface OpenUpload {
  readonly target: Place;
  readonly upload: Upload;
  readonly parts: Map<number, PartRange & { readonly etag: string; readonly of: StoredVersion }>;
}

/** Multipart uploads of the in-memory store. What is completed holds the content only if its parts are all of one object, and lie end to end. */
export class InMemoryMultipart {
  private readonly open = new Map<string, OpenUpload>();
  private started = 0;
  private copied = 0;

  constructor(private readonly put: (target: Place, upload: Upload) => string | undefined) {}

  start(target: Place, upload: Upload): StartAnswer {
    this.started += 1;
    const uploadId = `upload-${this.started}`;
    this.open.set(uploadId, { target, upload, parts: new Map() });
    return { status: 'started', uploadId };
  }

  find(target: Place): MultipartCopy | undefined {
    const found = [...this.open].find(([, each]) => each.target.bucket === target.bucket && each.target.key === target.key);
    return found && { target, uploadId: found[0] };
  }

  has({ uploadId }: MultipartCopy): boolean {
    return this.open.has(uploadId);
  }

  parts({ uploadId }: MultipartCopy): readonly CopiedPart[] | undefined {
    const upload = this.open.get(uploadId);
    return upload && [...upload.parts.values()].map(({ number, etag }) => ({ number, etag }));
  }

  copyPart(original: StoredVersion, { uploadId }: MultipartCopy, range: PartRange): PartAnswer {
    const upload = this.open.get(uploadId);
    if (upload === undefined) return { status: 'upload-gone' };
    // Under SSE-KMS, the same bytes have another ETag each time.
    this.copied += 1;
    const etag = createHash('md5').update(`part-${this.copied}`).digest('hex');
    upload.parts.set(range.number, { ...range, etag, of: original });
    return { status: 'copied', part: { number: range.number, etag } };
  }

  complete({ uploadId }: MultipartCopy, named: readonly CopiedPart[]): CompleteAnswer {
    const upload = this.open.get(uploadId);
    if (upload === undefined) return { status: 'upload-gone' };
    const inOrder = [...named].sort((a, b) => a.number - b.number);
    const parts = inOrder.flatMap(({ number, etag }) => {
      const part = upload.parts.get(number);
      return part?.etag === etag ? [part] : [];
    });
    if (parts.length < named.length) return { status: 'part-changed' };
    this.open.delete(uploadId);
    const [first] = parts;
    const size = parts.reduce((sum, part) => sum + part.last - part.first + 1, 0);
    const whole = parts.every((part, at) => part.of.etag === first?.of.etag && part.first === (parts[at - 1]?.last ?? -1) + 1);
    const body = whole && size === first?.of.size ? first.of.body : 'parts of something';
    return { status: 'copied', versionId: this.put(upload.target, { ...upload.upload, body, size }) };
  }

  abandon({ uploadId }: MultipartCopy): void {
    this.open.delete(uploadId);
  }

  /** How many are neither completed nor given up. */
  get openUploads(): number {
    return this.open.size;
  }
}
