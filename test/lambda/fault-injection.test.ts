import { FAULTS, type FaultKind } from '../support/fault-chaos';
import { loadHandler } from '../support/fault-handler';
import { INVARIANTS } from '../support/fault-invariants';
import { MUTANTS } from '../support/fault-mutants';
import { runSchedule, type ScheduleResult } from '../support/fault-schedule';

/**
 * Thousands of schedules, each with its own buckets, writers, messages and faults, and all decided by a seed. To see one again, step by step:
 *
 *     FAULT_SEED=42 npx jest --selectProjects unit --runTestsByPath test/lambda/fault-injection.test.ts
 *
 * and with FAULT_MUTANT='a swallowed error' for a handler that is broken. FAULT_SCHEDULES says how many others to run.
 */
const SCHEDULES = Number(process.env['FAULT_SCHEDULES'] ?? 10_000);
const { FAULT_SEED, FAULT_MUTANT } = process.env;
/** Where it takes longer, something else is wrong. */
const MOST_MILLIS = 15 * 60_000;

const replay = (seed: number) => `FAULT_SEED=${seed} npx jest --selectProjects unit --runTestsByPath test/lambda/fault-injection.test.ts`;

function storyOf({ seed, breaches, trace }: ScheduleResult): string {
  const broken = breaches.map(({ invariant, what }) => `${INVARIANTS[invariant]}; but: ${invariant}: ${what}`);
  return [...trace, `seed ${seed}`, ...new Set(broken), `again: ${replay(seed)}`].join('\n');
}

/** Adds up, and stops at the first schedule that breaks an invariant. */
async function runAll(from: number, to: number) {
  const handler = loadHandler();
  const injected = new Map<FaultKind, number>();
  const sum = { uploads: 0, moved: 0, mended: 0, waits: 0, deadLetters: 0, continued: 0 };
  for (let seed = from; seed <= to; seed += 1) {
    const result = await runSchedule(seed, handler);
    if (result.breaches.length > 0) throw new Error(storyOf(await runSchedule(seed, handler, true)));
    for (const [kind, times] of result.injected) injected.set(kind, (injected.get(kind) ?? 0) + times);
    for (const what of Object.keys(sum) as (keyof typeof sum)[]) sum[what] += result[what];
  }
  return { injected, sum };
}

if (FAULT_SEED !== undefined) {
  test(`schedule ${FAULT_SEED}, step by step`, async () => {
    const mutant = MUTANTS.find(({ name }) => name === FAULT_MUTANT);
    if (FAULT_MUTANT !== undefined && mutant === undefined) throw new Error(`no such mutant: ${FAULT_MUTANT}`);
    const result = await runSchedule(Number(FAULT_SEED), loadHandler(mutant), true);
    process.stderr.write(`${storyOf(result)}\n`);
    expect(result.breaches).toEqual([]);
  });
} else {
  test(
    `whatever fails, nothing is lost, forgotten or touched without a reason, in ${SCHEDULES} schedules`,
    async () => {
      const { injected, sum } = await runAll(1, SCHEDULES);
      process.stderr.write(`${SCHEDULES} schedules: ${JSON.stringify(sum)}, faults: ${JSON.stringify(Object.fromEntries(injected))}\n`);
      // A suite in which little happens proves little.
      for (const kind of Object.keys(FAULTS) as FaultKind[]) expect([kind, injected.get(kind)]).toEqual([kind, expect.any(Number)]);
      expect(Math.min(...injected.values())).toBeGreaterThan(SCHEDULES / 100);
      expect(sum.uploads).toBeGreaterThan(3 * SCHEDULES);
      expect(sum.moved).toBeGreaterThan(SCHEDULES);
      expect(Math.min(sum.mended, sum.waits)).toBeGreaterThan(SCHEDULES / 4);
      expect(Math.min(sum.deadLetters, sum.continued)).toBeGreaterThan(SCHEDULES / 100);
    },
    MOST_MILLIS,
  );

  test('a seed is a schedule: the same, each time', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const first = await runSchedule(seed, loadHandler(), true);
      const second = await runSchedule(seed, loadHandler(), true);
      expect(first.trace.length).toBeGreaterThan(5);
      expect(second).toEqual(first);
    }
  });
}
