import { randomBytes } from 'node:crypto';
import { encodeRule } from '../lib/domain/bucket-rule';
import { CLIENT_SIDE_FORMATS } from '../lib/domain/client-side/evidence';
import { type EncryptionRequirement, serverSideRequirement } from '../lib/domain/requirement';
import { type Benchmark, compared, figure, type Row } from './benchmark';
import { inTurns, Samples } from './samples';
import { withScratch } from './scratch';
import { BENCH_KEY, type Measured, VerifyLoads } from './verify-loads';

const AT_ONCE = 32;
const TURNS = 3;
const OBJECTS = 3_000;

const serverSide = serverSideRequirement('SSE-KMS', [BENCH_KEY]);
const envelope = { formats: CLIENT_SIDE_FORMATS, keyCommitment: true, wrappingKeyArns: [] };

function ruleOf(required: EncryptionRequirement): string {
  const declaration = { accepted: [required], headersRequired: false, prefixRules: [], exemptions: [] } as const;
  return JSON.stringify(encodeRule({ action: 'report', declaration }));
}

/** An envelope of version 3 of the S3 Encryption Client. */
function metadata(): Record<string, string> {
  const made = (bytes: number) => randomBytes(bytes).toString('base64');
  return { 'x-amz-c': '115', 'x-amz-w': '02', 'x-amz-3': made(60), 'x-amz-d': made(28), 'x-amz-i': made(28), 'x-amz-m': '{}' };
}

const SEALED = ruleOf({ scheme: 'client-side', serverSide, envelope });
const OBJECTS_OF = {
  'SSE-KMS alone': { rule: ruleOf(serverSide) },
  'envelope in metadata': { rule: SEALED, metadata: metadata() },
  'message of the Encryption SDK': { rule: SEALED, isMessage: true },
} as const;
type Kind = keyof typeof OBJECTS_OF;

/** What client-side encryption adds to the one request that verifying takes. */
export const clientSide: Benchmark = {
  name: 'client-side',
  title: 'Verifying client-side encryption',
  about: [
    '**S3 calls** are counted by the stub of S3 that the section above describes: HeadObject, and what reads the first 4 KiB of an object.',
    '**SSE-KMS alone** is the baseline of the CPU figures: the same handler, by a rule that requires no client-side encryption. The others require it over SSE-KMS, in either format.',
  ],
  run: (progress) =>
    withScratch((folder) => {
      const loads = new VerifyLoads(folder);
      const runs: Record<Kind, Measured[]> = { 'SSE-KMS alone': [], 'envelope in metadata': [], 'message of the Encryption SDK': [] };
      const measure = (kind: Kind) => () => {
        const measured = loads.verifying(OBJECTS_OF[kind], AT_ONCE, OBJECTS);
        runs[kind].push(measured);
        return measured.objectsPerSecond;
      };
      const kinds = Object.keys(OBJECTS_OF) as Kind[];
      inTurns(TURNS, Object.fromEntries(kinds.map((kind) => [kind, measure(kind)])), 'client-side', progress);
      return [...calls(runs), ...processorTime(runs)];
    }),
};

function calls(runs: Readonly<Record<Kind, readonly Measured[]>>): Row[] {
  const perObject = ({ asked, objects }: Measured) => (asked.HeadObject + asked.GetObject + asked.other) / objects;
  const row = (kind: Kind, most: number) => figure(`S3 calls per object: ${kind}`, '', new Samples(runs[kind].map(perObject)), most);
  return [row('SSE-KMS alone', 1), row('envelope in metadata', 1), row('message of the Encryption SDK', 2)];
}

function processorTime(runs: Readonly<Record<Kind, readonly Measured[]>>): Row[] {
  const micros = (kind: Kind) => new Samples(runs[kind].map(({ cpuMillisPerObject }) => cpuMillisPerObject * 1000));
  const row = (kind: Kind) => compared(`CPU per object: ${kind} / SSE-KMS alone`, 'µs', micros(kind), micros('SSE-KMS alone'));
  return [row('envelope in metadata'), row('message of the Encryption SDK')];
}
