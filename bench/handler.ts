import { type Benchmark, compared, figure, type Progress, type Row, reaching } from './benchmark';
import { BATCH_SIZE, costs, MEMORY_MB, MEMORY_OF_ONE_CPU_MB, WAIT_SECONDS } from './cost';
import { lookups } from './lookup';
import { withScratch } from './scratch';
import { type Measured, VerifyLoads, WARM_UP } from './verify-loads';

const AT_ONCE = 32;
const TURNS = 9;
const OBJECTS = 4_000;
const BATCHES = [1, BATCH_SIZE, 100, 1_000];
const TURNS_OF_BATCHES = 3;
const OBJECTS_IN_BATCHES = 3_000;
/** Of the bare loop, at least. */
const AIM = 0.9;
const AIM_CPU = 1.11;
const AIM_MEMORY = 1.3;

const perSecond = ({ objectsPerSecond }: Measured) => objectsPerSecond;
const cpuMicros = ({ cpuMillisPerObject }: Measured) => cpuMillisPerObject * 1000;
const megabytes = ({ peakMegabytes }: Measured) => peakMegabytes;

/** What verifying costs, above the one request that it needs. */
export const handler: Benchmark = {
  name: 'handler',
  title: 'Verifying compliant objects',
  about: [
    `**handler** is the bundle that the package ships, called with SQS events, one after another, ${AT_ONCE} messages in each. **SDK loop** sends as many \`HeadObjectCommand\`s at once, and the next when all are answered; it is bundled and connected alike, and does nothing else: no event, no rule, no verdict, no log, no metric. **signed HTTP** is \`node:http\` with a signature made by hand, **unsigned** without. Each runs in a process of its own, after ${WARM_UP.toLocaleString('en')} objects to warm up, against a stub of S3 and SSM in another process on loopback; the log is read by a third.`,
    '**CPU** is processor time of that process, user and system, of all threads. It depends less on what else the machine does than objects per second do: those also need a free processor for the stub.',
    `The aim of ${AIM} for objects per second is ${AIM_CPU} for CPU. The handler does more than the loop, mostly one log line for each object, and saves more than that by not building the SDK's middleware for each call.`,
    '**peak RSS** is the most memory that the process ever had.',
    '**a batch** is how many messages an event has; Lambda hands over at most ten here. With one, what is done once for each invocation weighs most.',
    '**requirement lookup** is `acceptedAt` of `lib/domain` alone, half of the keys being under a rule. (A rule parameter has 8 KB, which holds fewer rules.)',
    `**a million objects** is computed: in full batches of ${BATCH_SIZE}, beside a call for each object; ${MEMORY_MB} MB, Arm, list prices of us-east-1 without free tiers; a call waits ${WAIT_SECONDS} s, which is assumed, and computes for as long as measured here, on ${(MEMORY_MB / MEMORY_OF_ONE_CPU_MB).toFixed(2)} of a processor. Idle polling, logs, metrics, alarms and keys: [what it costs](../README.md#what-it-costs).`,
  ],
  run: (progress) =>
    withScratch((folder) => {
      const loads = new VerifyLoads(folder);
      const { rows, cpuSeconds } = batches(loads, progress);
      return [...atOnce(loads, progress), ...rows, ...lookups(progress), ...costs(cpuSeconds)];
    }),
};

function atOnce(loads: VerifyLoads, progress: Progress): Row[] {
  const of = loads.inTurns(TURNS, ['handler', 'sdk', 'sdk-keeping', 'signed', 'unsigned'], AT_ONCE, OBJECTS, progress);
  const calls = of('handler', ({ asked, objects }) => (asked.HeadObject + asked.other) / objects);
  return [
    reaching('objects: handler / SDK loop', '/s', of('handler', perSecond), of('sdk', perSecond), AIM),
    compared('CPU per object: handler / SDK loop', 'µs', of('handler', cpuMicros), of('sdk', cpuMicros), AIM_CPU),
    compared('objects: handler / SDK loop that keeps its middleware', '/s', of('handler', perSecond), of('sdk-keeping', perSecond)),
    compared('CPU per object: handler / SDK loop that keeps its middleware', 'µs', of('handler', cpuMicros), of('sdk-keeping', cpuMicros)),
    compared('objects: SDK loop / signed HTTP', '/s', of('sdk', perSecond), of('signed', perSecond)),
    compared('CPU per object: SDK loop / signed HTTP', 'µs', of('sdk', cpuMicros), of('signed', cpuMicros)),
    compared('CPU per object: signed / unsigned HTTP', 'µs', of('signed', cpuMicros), of('unsigned', cpuMicros)),
    compared('peak RSS: handler / SDK loop', 'MB', of('handler', megabytes), of('sdk', megabytes), AIM_MEMORY),
    figure('S3 calls per object', '', calls, 1),
    figure(
      'SSM calls of a run',
      '',
      of('handler', ({ asked }) => asked.GetParameter),
    ),
  ];
}

/** And the processor time of the handler, which costs are made of. */
function batches(loads: VerifyLoads, progress: Progress) {
  const cpu = new Map<number, number>();
  const rows = BATCHES.map((size) => {
    const of = loads.inTurns(TURNS_OF_BATCHES, ['handler', 'sdk'], size, OBJECTS_IN_BATCHES, progress);
    const ours = of('handler', cpuMicros);
    cpu.set(size, ours.median / 1e6);
    return compared(`CPU per object, ${size.toLocaleString('en')} a batch: handler / SDK loop`, 'µs', ours, of('sdk', cpuMicros));
  });
  return { rows, cpuSeconds: (size: number) => cpu.get(size) ?? Number.NaN };
}
