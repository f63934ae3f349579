import { FAULTS, type FaultKind } from '../support/fault-chaos';
import { loadRelease } from '../support/fault-handler';
import { ReleaseSchedule, type ReleaseScheduleResult } from '../support/release-faults';
import { RELEASE_INVARIANTS } from '../support/release-ledger';
import { RELEASE_MUTANTS } from '../support/release-mutants';

/**
 * Schedules of requests, writers and faults about one object in quarantine, each decided by a seed. RELEASE_SCHEDULES says how many; one again,
 * step by step: RELEASE_SEED=42.
 */
const SCHEDULES = Number(process.env['RELEASE_SCHEDULES'] ?? 2_000);
const { RELEASE_SEED } = process.env;
const MOST_MILLIS = 10 * 60_000;

function storyOf({ seed, breaches, trace }: ReleaseScheduleResult): string {
  const broken = breaches.map(({ invariant, what }) => `${RELEASE_INVARIANTS[invariant]}; but: ${invariant}: ${what}`);
  return [...trace, `seed ${seed}`, ...new Set(broken)].join('\n');
}

test(
  `whatever fails, an object is released once, whole, and on top of nothing newer, in ${SCHEDULES} schedules`,
  async () => {
    const handler = loadRelease();
    const injected = new Map<FaultKind, number>();
    const sum = { released: 0, discarded: 0, refused: 0 };
    const [from, to] = RELEASE_SEED === undefined ? [1, SCHEDULES] : [Number(RELEASE_SEED), Number(RELEASE_SEED)];
    for (let seed = from; seed <= to; seed += 1) {
      const result = await new ReleaseSchedule(seed, handler).run();
      if (RELEASE_SEED !== undefined) process.stderr.write(`${storyOf(result)}\n`);
      if (result.breaches.length > 0) throw new Error(storyOf(result));
      for (const [kind, times] of result.injected) injected.set(kind, (injected.get(kind) ?? 0) + times);
      for (const what of ['released', 'discarded', 'refused'] as const) sum[what] += result[what];
    }
    process.stderr.write(`${SCHEDULES} schedules: ${JSON.stringify(sum)}, faults: ${JSON.stringify(Object.fromEntries(injected))}\n`);
    if (RELEASE_SEED !== undefined) return;
    // A suite in which little happens proves little.
    for (const kind of Object.keys(FAULTS) as FaultKind[]) expect([kind, injected.get(kind)]).toEqual([kind, expect.any(Number)]);
    expect(sum.released).toBeGreaterThan(SCHEDULES / 2);
    expect(Math.min(sum.discarded, sum.refused)).toBeGreaterThan(SCHEDULES / 20);
  },
  MOST_MILLIS,
);

describe('these schedules notice a function with one step broken:', () => {
  test.each(RELEASE_MUTANTS)(
    '$name',
    async (mutant) => {
      const handler = loadRelease(mutant);
      for (let seed = 1; seed <= 2_000; seed += 1) {
        const { breaches } = await new ReleaseSchedule(seed, handler).run();
        if (breaches.length === 0) continue;
        const invariants = new Set(breaches.map(({ invariant }) => invariant));
        process.stderr.write(`${mutant.name}: noticed in schedule ${seed}, as ${[...invariants].join(', ')}\n`);
        expect(mutant.noticedAs.filter((invariant) => invariants.has(invariant))).not.toEqual([]);
        return;
      }
      throw new Error('not noticed in 2,000 schedules');
    },
    MOST_MILLIS,
  );
});
