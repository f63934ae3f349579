import type { Deployment } from './deployment';
import { invoke } from './engine/lambda-api';
import { formatTable, shorten, visible } from './table';
import type { Upload } from './uploads/upload';
import { awaitVerdicts } from './verdicts';
import type { Verified } from './verify';
import { contentAt } from './whereabouts';

/** One request to the function that releases and discards, or a look at what came of it. */
export interface ReleaseStep {
  readonly object: string;
  readonly step: string;
  readonly expected: string;
  readonly observed: string;
  readonly ok: boolean;
}

interface Answer {
  readonly results: readonly { readonly status: string; readonly versionId?: string }[];
}

const PATIENCE_MILLIS = 30_000;

/** Puts one quarantined object back and discards another, as docs/operator-runbook.md says, each asked for twice. */
export async function releaseAndDiscard(
  verified: readonly Verified[],
  deployment: Deployment,
  signal: AbortSignal,
): Promise<ReleaseStep[] | undefined> {
  const { ReleaseFunction: functionName } = deployment;
  const moved = verified.filter(({ upload, verdict }) => {
    return upload.bucket === deployment.KmsBucket && upload.good === undefined && verdict?.outcome === 'quarantined';
  });
  const [back, away] = moved;
  // An engine that refuses what the policy denies has nothing in quarantine.
  if (functionName === undefined || back?.verdict?.location === undefined || away?.verdict?.location === undefined) return undefined;
  const ask = async (action: string, receipt: string, dryRun: boolean) => {
    const request = { action, receipt, dryRun, reason: 'the demo shows it', requestedBy: 'npm start' };
    const [result] = (await invoke<Answer>(functionName, request)).results;
    return result ?? { status: 'no result' };
  };
  const steps: ReleaseStep[] = [];
  const add = (upload: Upload, step: string, expected: string, observed: string) =>
    steps.push({ object: upload.key, step, expected, observed, ok: expected === observed });

  const { location } = back.verdict;
  add(back.upload, 'release, dry run', 'would-release', (await ask('release', location, true)).status);
  const { status, versionId } = await ask('release', location, false);
  add(back.upload, 'release', 'released', status);
  add(back.upload, 'what lies there', 'the same bytes, under the required key', await contentNow(back.upload, deployment));
  add(
    back.upload,
    'verdict on it',
    'compliant',
    await verdictOn({ ...back.upload, versionId, answeredAt: Date.now() }, deployment, signal),
  );
  add(back.upload, 'release again', 'already-released', (await ask('release', location, false)).status);

  const discarded = away.verdict.location;
  add(away.upload, 'discard, dry run', 'would-discard', (await ask('discard', discarded, true)).status);
  add(away.upload, 'discard', 'discarded', (await ask('discard', discarded, false)).status);
  add(away.upload, 'discard again', 'already-discarded', (await ask('discard', discarded, false)).status);
  add(away.upload, 'release', 'refused', (await ask('release', discarded, false)).status);
  return steps;
}

async function contentNow({ bucket, key, content }: Upload, { KmsBucketKey }: Deployment): Promise<string> {
  const there = await contentAt(bucket, key);
  const bytes = there?.sha256 === content.sha256 ? 'the same bytes' : 'other bytes, or none';
  return `${bytes}, under ${there?.keyArn === KmsBucketKey ? 'the required key' : (there?.keyArn ?? 'none')}`;
}

async function verdictOn(upload: Upload, { EnforcerLogs }: Deployment, signal: AbortSignal): Promise<string> {
  const verdicts = await awaitVerdicts(EnforcerLogs, [upload], { timeoutMillis: PATIENCE_MILLIS, signal, onVerdict: () => undefined });
  return verdicts.get(upload)?.outcome ?? 'none';
}

/** What came of each request. */
export function printReleases(steps: readonly ReleaseStep[]): void {
  const cells = steps.map(({ object, step, expected, observed, ok }) => [
    shorten(visible(object), 30),
    step,
    expected,
    visible(observed),
    ok ? '✓' : '✗',
  ]);
  console.log(`\nOut of quarantine: one object is put back, another is discarded\n${formatTable(COLUMNS, cells)}\n`);
  console.log(`${steps.filter(({ ok }) => ok).length} of ${steps.length} steps out of quarantine ended as expected.\n`);
}

const COLUMNS = ['object', 'step', 'expected', 'observed', ''];
