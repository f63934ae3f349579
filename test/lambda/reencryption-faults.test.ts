import { loadHandler } from '../support/fault-handler';
import { REENCRYPTION_MUTANTS } from '../support/reencryption-mutants';
import { REENCRYPTION_INVARIANTS, runReencryption } from '../support/reencryption-schedule';

/** One key, its writers, and an enforcer whose requests fail, are repeated and are overtaken; all decided by a seed. */
const SCHEDULES = 10_000;

const storyOf = (seed: number, breaches: Iterable<keyof typeof REENCRYPTION_INVARIANTS>) =>
  [...breaches].map((breach) => `schedule ${seed}: ${REENCRYPTION_INVARIANTS[breach]}; but: ${breach}`);

test(`whatever fails while objects are encrypted anew, nothing is lost, hidden or forgotten, in ${SCHEDULES} schedules`, async () => {
  const { enforceObject } = loadHandler();
  const ends = new Map<string, number>();
  for (let seed = 1; seed <= SCHEDULES; seed += 1) {
    const result = await runReencryption(seed, enforceObject);
    expect(storyOf(seed, result.breaches)).toEqual([]);
    for (const end of result.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  process.stderr.write(`${SCHEDULES} schedules ended as ${JSON.stringify(Object.fromEntries(ends))}\n`);
  // A suite in which little happens proves little.
  for (const end of ['re-encrypted', 'quarantined', 'tagged', 'compliant', 'superseded', 'gone']) {
    expect([end, ends.get(end) ?? 0]).toEqual([end, expect.any(Number)]);
    expect(ends.get(end) ?? 0).toBeGreaterThan(SCHEDULES / 200);
  }
}, 600_000);

describe('these schedules notice an enforcer with one step broken:', () => {
  test.each(REENCRYPTION_MUTANTS)('$name', async ({ noticedAs, ...mutation }) => {
    const { enforceObject } = loadHandler(mutation);
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const { breaches } = await runReencryption(seed, enforceObject);
      if (breaches.size === 0) continue;
      process.stderr.write(`${mutation.name}: noticed in schedule ${seed}, as ${[...breaches].join(', ')}\n`);
      expect(noticedAs.filter((invariant) => breaches.has(invariant))).not.toEqual([]);
      return;
    }
    throw new Error(`not noticed in ${SCHEDULES} schedules`);
  });
});
