import type { Deployment } from './deployment';
import { isRefused, type Upload } from './uploads/upload';
import { awaitVerdicts, type Verdict } from './verdicts';
import { type Whereabouts, whereaboutsOf } from './whereabouts';

/** An upload, the verdict on it, and where it was found. */
export interface Verified {
  readonly upload: Upload;
  /** Absent if none came in time. */
  readonly verdict?: Verdict | undefined;
  /** Absent if nothing was uploaded. */
  readonly whereabouts?: Whereabouts;
}

const VERDICT_WITHIN_MILLIS = 60_000;
const PROGRESS_EVERY = 10;

export async function verify(uploads: readonly Upload[], deployment: Deployment, signal: AbortSignal): Promise<Verified[]> {
  const stored = uploads.filter((each) => !isRefused(each));
  let count = 0;
  const onVerdict = () => {
    count += 1;
    if (count % PROGRESS_EVERY === 0 || count === stored.length) console.log(`  ${count} of ${stored.length} verdicts`);
  };
  const verdicts = await awaitVerdicts(deployment.EnforcerLogs, stored, { timeoutMillis: VERDICT_WITHIN_MILLIS, signal, onVerdict });
  return Promise.all(uploads.map((each) => lookUp(each, verdicts.get(each), deployment)));
}

async function lookUp(upload: Upload, verdict: Verdict | undefined, deployment: Deployment): Promise<Verified> {
  if (isRefused(upload)) return { upload };
  return { upload, verdict, whereabouts: await whereaboutsOf(upload, verdict?.location, deployment) };
}
