/** One version of one object of the canary's bucket. */
export interface Canary {
  readonly key: string;
  readonly versionId: string;
}

/** What the canary asks of S3. */
export interface CanaryBucket {
  /** Writes an object that is not encrypted as the bucket requires. */
  writeWrongObject(key: string): Promise<Canary>;
  /** Whether that very version is no longer there. */
  isGone(canary: Canary): Promise<boolean>;
}

export interface CanaryPorts {
  readonly bucket: CanaryBucket;
  readonly patienceMillis: number;
  readonly now: () => Date;
  readonly wait: (millis: number) => Promise<void>;
}

export interface CanaryResult extends Canary {
  readonly caught: boolean;
  /** From the write to when it was seen to be gone, or given up. */
  readonly waitedMillis: number;
}

const MILLIS_BETWEEN_LOOKS = 1_000;

/**
 * Writes a wrong object, and watches whether it leaves the bucket in time. In one invocation, so that nothing has to be remembered of
 * an earlier one, and the answer is about this object and no other. Nobody but the enforcer has a reason to delete it.
 */
export async function releaseCanary(key: string, { bucket, patienceMillis, now, wait }: CanaryPorts): Promise<CanaryResult> {
  const writtenAt = now().getTime();
  const canary = await bucket.writeWrongObject(key);
  for (;;) {
    const caught = await bucket.isGone(canary);
    const waitedMillis = now().getTime() - writtenAt;
    if (caught || waitedMillis >= patienceMillis) return { ...canary, caught, waitedMillis };
    await wait(Math.min(MILLIS_BETWEEN_LOOKS, patienceMillis - waitedMillis));
  }
}
