import { acceptedAt, type EncryptionDeclaration } from '../lib/domain/declaration';
import { serverSideRequirement } from '../lib/domain/requirement';
import { compared, type Progress, type Row } from './benchmark';
import { inTurns } from './samples';

const RULES = [1, 10, 100, 1_000] as const;
const LOOKUPS = 400_000;
const TURNS = 9;
/** A thousand rules take ten steps, one rule takes one; to go through all of them would take hundreds of times as long. */
const AIM = 20;

/** How long it takes to find what is required of a key. */
export function lookups(progress: Progress): Row[] {
  const measures = Object.fromEntries(RULES.map((rules) => [`${rules} rules`, () => nanosPerLookup(declarationWith(rules))]));
  // Until then V8 compiles.
  for (const measure of Object.values(measures)) measure();
  const samples = inTurns(TURNS, measures, 'handler, requirement lookup', progress);
  const [one, ...others] = RULES.map((rules) => samples[`${rules} rules`]);
  if (one === undefined) return [];
  return others.flatMap((many, n) =>
    many === undefined ? [] : [compared(`requirement lookup: ${RULES[n + 1]} prefix rules / 1`, 'ns', many, one, AIM)],
  );
}

const prefixOf = (n: number) => `team-${String(n).padStart(4, '0')}/data/`;

function declarationWith(rules: number): EncryptionDeclaration {
  const accepted = [serverSideRequirement('SSE-S3', [])] as const;
  const prefixRules = Array.from({ length: rules }, (_, n) => ({ prefix: prefixOf(n), accepted }));
  return { accepted, headersRequired: false, prefixRules, exemptions: [] };
}

/** Keys under all of the prefixes, and as many under none. */
function nanosPerLookup(declaration: EncryptionDeclaration): number {
  const count = declaration.prefixRules.length * 2;
  // Not in order: that would spare the processor its guesses.
  const keys = Array.from({ length: 1_009 }, (_, n) => `${prefixOf((n * 7_919) % count)}2026/11/12/object-${n}.bin`);
  let found = 0;
  const started = process.hrtime.bigint();
  for (let n = 0; n < LOOKUPS; n++) found += acceptedAt(declaration, keys[n % keys.length] ?? '').length;
  const nanos = Number(process.hrtime.bigint() - started);
  if (found !== LOOKUPS) throw new Error('a lookup found nothing');
  return nanos / LOOKUPS;
}
