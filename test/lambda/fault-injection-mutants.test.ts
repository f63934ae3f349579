import { loadHandler } from '../support/fault-handler';
import { MUTANTS } from '../support/fault-mutants';
import { runSchedule } from '../support/fault-schedule';

/** Several times what the slowest of them takes, and a fraction of what the suite itself runs. */
const MOST_SCHEDULES = 2_000;

describe('the schedules of fault-injection.test.ts notice an enforcer with one step broken:', () => {
  test.each(MUTANTS)('$name', async (mutant) => {
    const handler = loadHandler(mutant);
    for (let seed = 1; seed <= MOST_SCHEDULES; seed += 1) {
      const { breaches } = await runSchedule(seed, handler);
      if (breaches.length === 0) continue;
      const invariants = new Set(breaches.map(({ invariant }) => invariant));
      process.stderr.write(`${mutant.name}: noticed in schedule ${seed}, as ${[...invariants].join(', ')}\n`);
      expect(mutant.noticedAs.filter((invariant) => invariants.has(invariant))).not.toEqual([]);
      return;
    }
    throw new Error(`not noticed in ${MOST_SCHEDULES} schedules`);
  });

  test('but only if the sources still say what a mutant changes', () => {
    const gone = { file: 'quarantine.ts', replace: [['this stands nowhere', '']] } as const;
    expect(() => loadHandler(gone)).toThrow('quarantine.ts holds 0 times, not once: this stands nowhere');
  });
});
