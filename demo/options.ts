import { CannotRun } from './engine/cannot-run';

export interface Options {
  readonly help: boolean;
  /** In how many accounts: 2 puts the key into one and the objects into the other. */
  readonly accounts: 1 | 2;
  /** Whether buckets are shown as they are before anything is required of them. */
  readonly reportOnly: boolean;
  /** Whether the engine stays up when the demo is over, until it is interrupted. */
  readonly keep: boolean;
  /** Folder that result, report and the engine's log go to; undefined: `.demo` of this project. */
  readonly output?: string | undefined;
  /** File or folder whose content is uploaded; undefined: this project's own files. */
  readonly path?: string | undefined;
}

export const USAGE = `npm start [-- [--accounts 2 | --report-only] [--keep] [--output FOLDER] [FILE_OR_FOLDER]]

Declares encryption, deploys it, uploads files rightly and wrongly, and shows what becomes of each of them: on a local AWS
engine, without an AWS account.

  FILE_OR_FOLDER    upload these files instead of this project's own (at most 50, each up to 64 MiB)
  --accounts 2      a key in one account, a bucket under it in another: examples/cross-account-key.ts, deployed to both; uploads
                    under that key, and under those of others (1: four buckets and their keys in one account)
  --report-only     the first step of a roll-out: buckets that require nothing yet, and a report of what would differ (docs/roll-out.md)
  --keep            leave the engine up when the demo is over, to look around in it; Ctrl-C ends it
  --output FOLDER   where result.json, report.html and engine.log go (.demo)
  --help            this text

Environment:
  AWS_ENDPOINT_URL  use the engine that listens there instead of starting one. Endpoints of AWS itself are refused, and
                    credentials of yours are never used. AWS_REGION: in which Region (eu-west-1)

Exit codes: 0 all as expected, 1 something was not, 2 could not run.`;

const REMEDY = 'See npm start -- --help.';

/** @throws CannotRun for anything that is not understood */
export function parseOptions(args: readonly string[]): Options {
  const paths: string[] = [];
  let options: Options = { help: false, accounts: 1, reportOnly: false, keep: false };
  for (let position = 0; position < args.length; position++) {
    const arg = args[position] ?? '';
    if (arg === '--help' || arg === '-h') options = { ...options, help: true };
    else if (arg === '--keep') options = { ...options, keep: true };
    else if (arg === '--report-only') options = { ...options, reportOnly: true };
    else if (arg === '--accounts') options = { ...options, accounts: accountsIn(args[++position]) };
    else if (arg.startsWith('--accounts=')) options = { ...options, accounts: accountsIn(arg.slice('--accounts='.length)) };
    else if (arg === '--output') options = { ...options, output: folderAfter(args[++position]) };
    else if (arg.startsWith('--output=')) options = { ...options, output: folderAfter(arg.slice('--output='.length)) };
    else if (arg.startsWith('-')) throw new CannotRun(`unknown option ${arg}`, REMEDY);
    else paths.push(arg);
  }
  if (paths.length > 1) throw new CannotRun(`expected one file or folder, got ${paths.length}`, REMEDY);
  if (options.reportOnly && options.accounts === 2) throw new CannotRun('--report-only is shown in one account', REMEDY);
  return { ...options, path: paths[0] };
}

function accountsIn(value: string | undefined): 1 | 2 {
  if (value === '1' || value === '2') return Number(value) as 1 | 2;
  throw new CannotRun(`--accounts takes 1 or 2, got ${value === undefined || value === '' ? 'nothing' : value}`, REMEDY);
}

function folderAfter(value: string | undefined): string {
  if (value === undefined || value === '' || value.startsWith('-')) throw new CannotRun('--output needs a folder', REMEDY);
  return value;
}
