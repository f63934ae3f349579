import { type Benchmark, compared, figure, type Row } from './benchmark';
import { BATCH_SIZE } from './cost';
import { costOfMillion, inAll, PRICED_AS_PUT, RETENTION_DAYS, type RemedyCost } from './reencryption-cost';
import { type ReencryptionRun, type Remedy, runRemedy } from './reencryption-runs';
import { inTurns, Samples } from './samples';

const TURNS = 5;
const SIZE = { atOnce: BATCH_SIZE, warmUp: 300, objects: 600, objectBytes: 1024 ** 2 };

const REMEDIES = {
  'in place': { action: 'reencrypt', required: 'SSE-KMS', outcome: 're-encrypted' },
  copy: { action: 'reencrypt', required: 'DSSE-KMS', outcome: 're-encrypted' },
  quarantine: { action: 'quarantine', required: 'SSE-KMS', outcome: 'quarantined' },
} as const satisfies Record<string, Remedy>;
type Name = keyof typeof REMEDIES;
type Runs = Readonly<Record<Name, readonly ReencryptionRun[]>>;
const NAMES = Object.keys(REMEDIES) as Name[];

/** As docs/guarantees.md says of REENCRYPT; its copies are verified once, by a HEAD. */
const MOST_REQUESTS: Readonly<Record<Name, number>> = { 'in place': 5, copy: 12, quarantine: 7 };

/** What mending an object costs, by the way that it is done. */
export const reencrypt: Benchmark = {
  name: 'reencrypt',
  title: 'Re-encryption in place, by a copy, and quarantine',
  about: [
    `The bundle that the package ships, called with ${BATCH_SIZE} messages at once about objects of 1 MiB under SSE-S3 in a versioned bucket, against a stub on loopback that keeps versions, does with them what S3 does, and counts it. **in place** is \`REENCRYPT\` where SSE-KMS is required, under a key of the same account; **copy** is \`REENCRYPT\` where DSSE-KMS is, so that the object is copied onto itself and its old version goes to quarantine; **quarantine** is \`QUARANTINE\` where SSE-KMS is. A run in which one object ends otherwise fails.`,
    '**requests** are those that S3 is asked by the function, with the one that verifies the copy in its turn. A trail that records the re-keying adds such a one to **in place**.',
    '**bytes** are copied by S3 inside itself, whatever their number; none of the content comes to the function.',
    '**CPU** is processor time of the function’s process for each wrong object, with the verification of its copy.',
    `**a million objects** is computed at list prices of us-east-1: $0.005 for 1,000 requests as PUT (UpdateObjectEncryption is one), $0.0004 for 1,000 as GET, DELETE free; $0.03 for 10,000 requests to KMS; $1 for a million events, those of S3 about the bucket and those of the enforcer; $0.023 for a GB and month of S3 Standard; [S3](https://aws.amazon.com/s3/pricing/), [KMS](https://aws.amazon.com/kms/pricing/), [EventBridge](https://aws.amazon.com/eventbridge/pricing/). **storage** is what the quarantine keeps, for the default of ${RETENTION_DAYS} days; at other sizes in proportion.`,
    '**Assumed**: with an S3 Bucket Key, S3 asks KMS so seldom that it costs nothing for each object, and without one, as DSSE-KMS always is, once for each object that it writes. What S3 charges for DSSE-KMS itself is left out. Queue, function and the event of the upload are left out as well: [verifying](#verifying-compliant-objects) has them, and a copy is verified once more.',
  ],
  run: (progress) => {
    const runs: Record<Name, ReencryptionRun[]> = { 'in place': [], copy: [], quarantine: [] };
    const measure = (name: Name) => () => {
      const run = runRemedy(REMEDIES[name], SIZE);
      runs[name].push(run);
      return run.cpuMillisPerObject;
    };
    const measures = Object.fromEntries(NAMES.map((name) => [name, measure(name)])) as Record<Name, () => number>;
    inTurns(TURNS, measures, 'reencrypt', progress);
    return [...requests(runs), ...bytes(runs), ...processorTime(runs), ...costs(runs)];
  },
};

type Measure = (run: ReencryptionRun) => number;

/** What is counted is the same in every turn, so that quartiles would say nothing. */
function counted(runs: readonly ReencryptionRun[], of: Measure): Samples {
  return new Samples([new Samples(runs.map(of)).median]);
}

/** One row for each way, the others beside the one in place. */
function besideInPlace(runs: Runs, name: string, unit: Row['unit'], of: Measure, samples = counted): Row[] {
  const inPlace = samples(runs['in place'], of);
  return NAMES.map((way) =>
    way === 'in place'
      ? figure(`${name}: in place`, unit, inPlace)
      : compared(`${name}: ${way} / in place`, unit, samples(runs[way], of), inPlace),
  );
}

/** Where in place costs nothing, so that there is no ratio. */
function alone(runs: Runs, name: string, unit: Row['unit'], of: Measure): Row[] {
  return NAMES.map((way) => figure(`${name}: ${way}`, unit, counted(runs[way], of)));
}

function requests(runs: Runs): Row[] {
  const sent = ({ asked, objects }: ReencryptionRun, kinds: readonly string[]) =>
    kinds.reduce((sum, kind) => sum + (asked.requests[kind] ?? 0), 0) / objects;
  const all = NAMES.map((way) => {
    const total = counted(runs[way], (run) => sent(run, Object.keys(run.asked.requests)));
    return figure(`S3 requests per object: ${way} (${kindsOf(runs[way][0])})`, '', total, MOST_REQUESTS[way]);
  });
  return [...all, ...besideInPlace(runs, 'of these priced as PUT', '', (run) => sent(run, PRICED_AS_PUT))];
}

function kindsOf(run: ReencryptionRun | undefined): string {
  if (run === undefined) return '';
  const perObject = ([kind, count]: [string, number]) => `${Number((count / run.objects).toFixed(2))} ${kind}`;
  return Object.entries(run.asked.requests).map(perObject).join(', ');
}

function bytes(runs: Runs): Row[] {
  return alone(runs, 'bytes copied per object', 'B', ({ asked, objects }) => asked.bytesCopied / objects);
}

function processorTime(runs: Runs): Row[] {
  const measured = (of: readonly ReencryptionRun[], micros: Measure) => new Samples(of.map(micros));
  return besideInPlace(runs, 'CPU per object', 'µs', ({ cpuMillisPerObject }) => cpuMillisPerObject * 1000, measured);
}

function costs(runs: Runs): Row[] {
  const part = (name: keyof RemedyCost) => (run: ReencryptionRun) => costOfMillion(run)[name];
  return [
    ...besideInPlace(runs, 'a million objects, S3 requests', '$', part('requests')),
    ...besideInPlace(runs, 'a million objects, events', '$', part('events')),
    ...alone(runs, 'a million objects, KMS requests', '$', part('kms')),
    ...alone(runs, `a million objects, storage for ${RETENTION_DAYS} days`, '$', part('storage')),
    ...besideInPlace(runs, 'a million objects, in all', '$', (run) => inAll(costOfMillion(run))),
  ];
}
