import { join } from 'node:path';
import type { Action } from '../lib/domain/action';
import { encodeRule } from '../lib/domain/bucket-rule';
import { ENVIRONMENT } from '../lib/domain/contract';
import { serverSideRequirement } from '../lib/domain/requirement';
import { runNode } from './node-process';
import { BENCH_KEY, LAMBDA_ENV, VERIFY_APPS } from './verify-loads';

/** What the stub of a versioned bucket was asked in one run, warm-up included. */
export interface Asked {
  /** By kind. */
  readonly requests: Readonly<Record<string, number>>;
  /** Inside S3. */
  readonly bytesCopied: number;
  /** Copies, receipts and notes. */
  readonly bytesQuarantined: number;
  readonly dsseWrites: number;
  /** Of S3 about the bucket, and of the handler. */
  readonly s3Events: number;
  readonly announced: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface ReencryptionRun {
  readonly cpuMillisPerObject: number;
  readonly objects: number;
  readonly asked: Asked;
}

/** What is done about an object under SSE-S3 that is required to be under something else. */
export interface Remedy {
  readonly action: Action;
  readonly required: 'SSE-KMS' | 'DSSE-KMS';
  /** That each object must have, so that the figures are of nothing less. */
  readonly outcome: string;
}

export interface RunSize {
  readonly atOnce: number;
  readonly warmUp: number;
  readonly objects: number;
  readonly objectBytes: number;
}

/** @throws Error where an object had another outcome than this remedy has */
export function runRemedy({ action, required, outcome }: Remedy, { objectBytes, ...load }: RunSize): ReencryptionRun {
  const accepted = [serverSideRequirement(required, [BENCH_KEY])] as const;
  const rule = encodeRule({ action, declaration: { accepted, headersRequired: false, prefixRules: [], exemptions: [] } });
  const options = {
    stubFile: 'versioned-stub.cjs',
    stub: { rule: JSON.stringify(rule), size: objectBytes },
    load: { module: join(VERIFY_APPS, 'reencrypting.cjs'), ...load },
    env: { ...LAMBDA_ENV, [ENVIRONMENT.quarantineKeyArn]: BENCH_KEY },
  };
  const { stdout } = runNode([join(VERIFY_APPS, 'against-stub.cjs'), JSON.stringify(options)]);
  const run: ReencryptionRun = JSON.parse(stdout);
  const { outcomes } = run.asked;
  if (outcomes[outcome] === run.objects) return run;
  throw new Error(`${run.objects} objects were to be ${outcome}, and are ${JSON.stringify(outcomes)}`);
}
