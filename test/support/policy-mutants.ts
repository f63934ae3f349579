import type { RenderedStatement } from './policy-case-bucket';

export interface Mutant {
  /** What was changed, and of which statement. */
  readonly title: string;
  readonly sid: string;
  /** Undefined where the whole statement is gone. */
  readonly statement: RenderedStatement | undefined;
}

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Each of them says something else about some request, if that part of the statement has a purpose. */
export function mutantsOf(statement: RenderedStatement): Mutant[] {
  const changes: readonly Change[] = [
    { what: 'without the statement', to: undefined },
    ...conditionChanges(statement.Condition ?? {}).map(({ what, condition }) => ({ what, to: withCondition(statement, condition) })),
    ...listChanges(statement, 'Action'),
    ...listChanges(statement, 'Resource'),
    ...listChanges(statement, 'NotResource'),
    ...narrowed(statement, 'Resource'),
    ...narrowed(statement, 'NotResource'),
  ];
  return changes.map(({ what, to }) => ({ title: `${statement.Sid} ${what}`, sid: statement.Sid, statement: to }));
}

interface Change {
  readonly what: string;
  readonly to: RenderedStatement | undefined;
}

function conditionChanges(condition: Condition): { what: string; condition: Condition }[] {
  return Object.entries(condition).flatMap(([operator, keys]) => {
    const { [operator]: _, ...others } = condition;
    return [
      { what: `without ${operator}`, condition: others },
      ...neighboursOf(operator).map((other) => ({ what: `with ${other} for ${operator}`, condition: { ...others, [other]: keys } })),
      ...Object.entries(keys).flatMap(([key, value]) =>
        keyChanges(key, value, keys).map(({ what, keys: changed }) => ({
          what: `${what} of ${operator}`,
          condition: { ...others, ...(Object.keys(changed).length > 0 && { [operator]: changed }) },
        })),
      ),
    ];
  });
}

function keyChanges(key: string, value: unknown, keys: Readonly<Record<string, unknown>>) {
  const { [key]: _, ...others } = keys;
  const values = [value].flat();
  const without = (dropped: unknown) => values.filter((each) => each !== dropped);
  const flipped = value === 'true' ? 'false' : value === 'false' ? 'true' : undefined;
  return [
    // The only key is gone with its operator.
    ...(Object.keys(others).length > 0 ? [{ what: `without ${key}`, keys: others }] : []),
    ...(values.length > 1 ? values.map((each) => ({ what: `without ${each} for ${key}`, keys: { ...others, [key]: without(each) } })) : []),
    ...(flipped ? [{ what: `with ${flipped} for ${key}`, keys: { ...others, [key]: flipped } }] : []),
  ];
}

/** Operators that differ from one at a border, or among several values. */
function neighboursOf(operator: string): string[] {
  const neighbours: Readonly<Record<string, string>> = {
    NumericLessThan: 'NumericLessThanEquals',
    DateGreaterThanEquals: 'DateGreaterThan',
    'ForAnyValue:StringEquals': 'ForAllValues:StringEquals',
  };
  if (operator.endsWith('IfExists')) return [operator.replace('IfExists', '')];
  const opposite = operator.includes('Not') ? operator.replace('Not', '') : undefined;
  return [neighbours[operator], opposite].filter((each) => each !== undefined);
}

function withCondition({ Condition: _, ...statement }: RenderedStatement, condition: Condition): RenderedStatement {
  return { ...statement, ...(Object.keys(condition).length > 0 && { Condition: condition }) };
}

/** Without one of several values; without the only one there is no statement, or for `NotResource`, no exception. */
function listChanges(statement: RenderedStatement, element: 'Action' | 'Resource' | 'NotResource'): Change[] {
  const { [element]: value, ...rest } = statement;
  if (value === undefined) return [];
  const values = [value].flat();
  if (values.length > 1) {
    return values.map((each) => ({
      what: `without ${element} ${each}`,
      to: { ...statement, [element]: values.filter((other) => other !== each) },
    }));
  }
  return element === 'NotResource' ? [{ what: 'without NotResource', to: { ...rest, Resource: '*' } as RenderedStatement }] : [];
}

/** A pattern for many objects, taken for the name of one; of one with an ending, also without that. */
function narrowed(statement: RenderedStatement, element: 'Resource' | 'NotResource'): Change[] {
  const values = [statement[element] ?? []].flat();
  return values.flatMap((each) =>
    patternChanges(each).map((changed) => ({
      what: `with ${element} ${changed} for ${each}`,
      to: { ...statement, [element]: values.map((other) => (other === each ? changed : other)) },
    })),
  );
}

/** The last star that is one: those of a name stand in a policy as variables. */
function patternChanges(pattern: string): string[] {
  const [, before, ending] = /^(.*)(?<!\$\{)\*(.*)$/s.exec(pattern) ?? [];
  if (before === undefined || ending === undefined) return [];
  return ending === '' ? [before] : [before + ending, `${before}*`];
}
