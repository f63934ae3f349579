import { type Case, type Cell, readCases } from '../support/policy-cases';
import { type Mutant, mutantsOf } from '../support/policy-mutants';
import { simulate } from '../support/policy-simulator';

/**
 * Each part of each rendered statement has a purpose that a cell of the truth table shows: without it, a request is answered otherwise,
 * or at least for another reason. Statements deny independently of each other, so a mutant is told by what its own statement denies.
 *
 * For another reason only: parts that spare a request a denial which another statement makes anyway. Most are exceptions in `NotResource`
 * for prefixes whose own rule denies as much, and `Null` conditions beside a statement about what is missing.
 */
type Fate = 'another answer' | 'another reason' | 'survived';

/** A cell, and which statements of the policy deny it. */
interface Answered {
  readonly cell: Cell;
  readonly deniedBy: readonly string[];
}

/** What may show of a statement that stands word for word in several policies shows in any of them. */
interface Subject {
  readonly mutant: Mutant;
  readonly policies: Promise<readonly Answered[]>[];
}

function subjectsOf(cases: readonly Case[]): Subject[] {
  const subjects = new Map<string, Subject>();
  for (const file of cases) {
    const cells = answered(file);
    for (const statement of file.statements) {
      for (const mutant of mutantsOf(statement)) {
        const key = JSON.stringify([statement, mutant.title]);
        const { policies } = subjects.get(key) ?? { policies: [] };
        subjects.set(key, { mutant, policies: [...policies, cells] });
      }
    }
  }
  return [...subjects.values()];
}

const answered = ({ statements, cells }: Case): Promise<Answered[]> =>
  Promise.all(cells.map(async (cell) => ({ cell, deniedBy: (await simulate(statements, cell.request)).deniedBy })));

async function fateOf({ mutant: { sid, statement }, policies }: Subject): Promise<Fate> {
  const cells = (await Promise.all(policies)).flat();
  const decides = ({ deniedBy }: Answered) => deniedBy.every((other) => other === sid);
  const isChanged = async ({ cell, deniedBy }: Answered) => {
    const { deniedBy: now } = await simulate(statement ? [statement] : [], cell.request);
    return now.includes(sid) !== deniedBy.includes(sid);
  };
  if (await some(cells.filter(decides).sort(likelyFirst(sid)), isChanged)) return 'another answer';
  const isMoot = (each: Answered) => !decides(each);
  return (await some(cells.filter(isMoot), isChanged)) ? 'another reason' : 'survived';
}

/** Only to be quick: most mutants deny less than they should. */
const likelyFirst = (sid: string) => (one: Answered, other: Answered) =>
  Number(other.deniedBy.includes(sid)) - Number(one.deniedBy.includes(sid));

/** One after the other, no more than it takes. */
async function some<Item>(items: readonly Item[], holds: (item: Item) => Promise<boolean>): Promise<boolean> {
  for (const item of items) if (await holds(item)) return true;
  return false;
}

test('each part of each statement answers a cell of the truth table', async () => {
  const titles: Record<Fate, string[]> = { 'another answer': [], 'another reason': [], survived: [] };
  for (const subject of subjectsOf(readCases())) titles[await fateOf(subject)].push(subject.mutant.title);
  const { 'another answer': answers, 'another reason': reasons, survived } = titles;
  process.stderr.write(
    `Policy mutants: ${answers.length} change an answer, ${reasons.length} only the reason of a denial, ${survived.length} survive.\n`,
  );
  expect(survived).toEqual([]);
  // Not vacuous, and most denials stand on one leg.
  expect(answers.length).toBeGreaterThan(9 * reasons.length);
}, 300_000);
