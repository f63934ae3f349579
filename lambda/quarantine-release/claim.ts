import { isDeepStrictEqual } from 'node:util';
import { RetryableError } from '../shared/errors';
import type { ReleaseRecord, ReleaseRecords } from './release-record';
import type { ReleasePorts, Told } from './result';

/** A request that was sent may be served for so long after its sender is gone: S3 is given as long to copy 5 GB. */
export const LATE_MILLIS = 120_000;

type Existing = Awaited<ReturnType<ReleaseRecords['read']>>;

/** One invocation's hold on a release or discard. Every write is on top of the last one that was seen, or fails. */
export class Claim {
  /** Undefined where another invocation was faster. */
  static async take(key: string, record: ReleaseRecord, on: Existing, records: ReleaseRecords): Promise<Claim | undefined> {
    const etag = await written(key, record, on?.etag, records);
    return etag === undefined ? undefined : new Claim(key, record, etag, records);
  }

  private constructor(
    private readonly key: string,
    public record: ReleaseRecord,
    private etag: string,
    private readonly records: ReleaseRecords,
  ) {}

  /** @throws RetryableError where somebody else has taken over */
  async update(changes: Partial<ReleaseRecord>): Promise<void> {
    const record = { ...this.record, ...changes };
    const etag = await written(this.key, record, this.etag, this.records);
    if (etag === undefined) throw new RetryableError(`another invocation has taken over ${this.key}`);
    this.record = record;
    this.etag = etag;
  }
}

/** The SDK repeats a request whose answer was lost; the repetition is then refused, because of the first. */
async function written(key: string, record: ReleaseRecord, on: string | undefined, records: ReleaseRecords): Promise<string | undefined> {
  const etag = await records.write(key, record, on === undefined ? { ifNoneMatch: true } : { ifMatch: on });
  if (etag !== undefined) return etag;
  const there = await records.read(key);
  return isDeepStrictEqual(there?.record, JSON.parse(JSON.stringify(record))) ? there?.etag : undefined;
}

/**
 * Does something that no other invocation does at the same time.
 *
 * @param hindrance - of the twin. Either claims first and then looks at the other, so that at least one of the two sees the other
 */
export async function claimed(
  { key, record, existing }: { readonly key: string; readonly record: ReleaseRecord; readonly existing: Existing },
  hindrance: () => Promise<Told | undefined>,
  act: (claim: Claim) => Promise<Told>,
  { records, now, logError }: ReleasePorts,
): Promise<Told> {
  const claim = await Claim.take(key, record, existing, records);
  if (claim === undefined) return { status: 'busy', why: 'another invocation was faster; look again in a moment' };
  const holdFor = (millis: number) => claim.update({ heldUntil: new Date(now().getTime() + millis).toISOString() });
  try {
    const hindered = await hindrance();
    const told = hindered ?? (await act(claim));
    if (claim.record.state === 'begun') await holdFor(0);
    return told;
  } catch (error) {
    // If that fails as well, the claim is held a little longer.
    await holdFor(LATE_MILLIS).catch((again: unknown) => logError('claim not shortened', again, { record: key }));
    throw error;
  }
}

export function busy({ heldUntil, requestedBy }: ReleaseRecord): Told {
  return { status: 'busy', why: `an invocation for ${requestedBy} may be at it until ${heldUntil}; look again then` };
}

/** Whether an invocation may be at it still. */
export function isHeld(existing: Existing, now: Date): existing is NonNullable<Existing> {
  return existing?.record.state === 'begun' && Date.parse(existing.record.heldUntil) > now.getTime();
}
