import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What the figures depend on, and nothing that names the machine. */
export function describeMachine(): string {
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${gigabytes} GB, ${type()} ${release().split('-')[0]}, Node.js ${process.version}`;
}

/** Processes that want to run, on average of the last minute: of the benchmark itself about one. */
export function describeLoad(): string {
  return (loadavg()[0] ?? Number.NaN).toFixed(1);
}
