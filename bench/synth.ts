import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Benchmark, compared, type Progress, type Row } from './benchmark';
import { runNode } from './node-process';
import { inTurns, Samples } from './samples';
import { withScratch } from './scratch';

const APPS = join(__dirname, 'apps');
const KINDS = ['plain', 'equivalent', 'guarded'] as const;
type Kind = (typeof KINDS)[number];
const TURNS = 7;
const TURNS_IN_PROCESS = 15;
const AIM = 1.5;

/** Synth of 50 buckets. */
export const synth: Benchmark = {
  name: 'synth',
  title: 'Synth of 50 EncryptedBuckets',
  about: [
    '**guarded** is `new EncryptedBucket(stack, id)` 50 times in one stack, with its enforcer. **plain** is `new s3.Bucket(stack, id)` 50 times: no key, no bucket policy, nobody verifies. **equivalent** is `s3.Bucket` with what EncryptedBucket sets on a bucket: a key of its own with rotation, bucket key, `enforceSSL`, TLS 1.2, versioning, no public access, no ACLs.',
    '**whole process** is from the start of `node` to its end, the cloud assembly being written, and includes loading `aws-cdk-lib`: what somebody waits for. The apps are JavaScript and use the built library (`dist`), so no compiler takes part. The aim is for this.',
    '**CPU** is the processor time of the same runs, of all threads: less like what somebody waits for, but it depends much less on how busy the machine is.',
    '**without the CDK’s check** is the same with `CDK_VALIDATION=false`. By default `app.synth()` hands the template to `@aws/cloudformation-validate`, a WebAssembly program. It takes most of the time of each of the apps, and the more the more resources there are, of more types; nothing in this library has a say in that. Where the aim is missed, this is why: of what a guarded app takes longer than a plain one, the constructs of this library are the smaller part.',
    '**in-process** is making the constructs and `app.synth()`, check included, in a process that is warm, with an empty cache of asset hashes.',
    '**resources** says how much larger the template is that one gets for it.',
  ],
  run: (progress) =>
    withScratch((folder) => [
      ...wholeProcess(folder, progress),
      ...wholeProcess(folder, progress, 'without the CDK’s check', { CDK_VALIDATION: 'false' }),
      ...inProcess(folder, progress),
    ]),
};

function wholeProcess(folder: string, progress: Progress, how?: string, env: NodeJS.ProcessEnv = {}): Row[] {
  const title = ['whole process', how].filter(Boolean).join(' ');
  const synthesise = (kind: Kind) => {
    const outdir = join(folder, kind);
    const { stdout, millis } = runNode([join(APPS, 'buckets.cjs'), kind, outdir], { env: { ...process.env, ...env } });
    rmSync(outdir, { recursive: true });
    const { cpuMillis }: { cpuMillis: number } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    return { millis, cpuMillis };
  };
  progress(`synth, ${title}: once for nothing, so that files are in memory`);
  for (const kind of KINDS) synthesise(kind);
  const cpu: Record<Kind, number[]> = { plain: [], equivalent: [], guarded: [] };
  const measure = (kind: Kind) => () => {
    const { millis, cpuMillis } = synthesise(kind);
    cpu[kind].push(cpuMillis);
    return millis;
  };
  const measures = { plain: measure('plain'), equivalent: measure('equivalent'), guarded: measure('guarded') };
  const { plain, equivalent, guarded } = inTurns(TURNS, measures, `synth, ${title}`, progress);
  const aim = how === undefined ? AIM : undefined;
  const cpuOf = (kind: Kind) => new Samples(cpu[kind]);
  return [
    compared(`${title}: guarded / plain`, 'ms', guarded, plain, aim),
    compared(`${title}: guarded / equivalent`, 'ms', guarded, equivalent, aim),
    compared(`${title}, CPU: guarded / plain`, 'ms', cpuOf('guarded'), cpuOf('plain'), aim),
    compared(`${title}, CPU: guarded / equivalent`, 'ms', cpuOf('guarded'), cpuOf('equivalent'), aim),
  ];
}

type Turn = Record<Kind, { readonly millis: number; readonly resources: number }>;

function inProcess(folder: string, progress: Progress): Row[] {
  progress(`synth, in-process: ${TURNS_IN_PROCESS} turns in one process (${KINDS.join(', ')})`);
  const { stdout } = runNode([join(APPS, 'buckets-again.cjs'), String(TURNS_IN_PROCESS), folder, ...KINDS]);
  const turns: Turn[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const millis = (kind: Kind) => new Samples(turns.map((turn) => turn[kind].millis));
  const resources = (kind: Kind) => new Samples(turns.slice(0, 1).map((turn) => turn[kind].resources));
  return [
    compared('in-process: guarded / plain', 'ms', millis('guarded'), millis('plain')),
    compared('in-process: guarded / equivalent', 'ms', millis('guarded'), millis('equivalent')),
    compared('resources: guarded / plain', '', resources('guarded'), resources('plain')),
    compared('resources: guarded / equivalent', '', resources('guarded'), resources('equivalent')),
  ];
}
