import { getNodePath, getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Fault } from './fault';

/**
 * The document in a text of strict JSON, or what is wrong with the text. Not `JSON.parse`: that takes the last of two fields of one
 * name without a word, and says where a fault is in other words with each version of Node, or not at all.
 */
export function parseJson(given: string): { document: unknown } | { faults: readonly Fault[] } {
  // Some editors of Windows begin a file with a mark of its byte order.
  const text = given.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first !== undefined || tree === undefined) return { faults: [notJson(text, first)] };
  const faults = [...repeatedFields(tree, text)];
  return faults.length > 0 ? { faults } : { document: getNodeValue(tree) };
}

/** The first only: those after it follow from it. */
function notJson(text: string, error: ParseError | undefined): Fault {
  const what = error === undefined ? 'it is empty' : wordsOf(printParseErrorCode(error.error));
  const remedy = 'Mend it there; comments and trailing commas are not JSON.';
  return { path: '', what: `is not JSON: ${what} ${placeOf(text, error?.offset ?? 0)}`, remedy };
}

/** `PropertyNameExpected` as `property name expected`. */
function wordsOf(code: string): string {
  return code.replace(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `(line ${lines.length} column ${(lines.at(-1)?.length ?? 0) + 1})`;
}

function* repeatedFields(node: Node, text: string): Generator<Fault> {
  const names = new Set<string>();
  for (const child of node.children ?? []) {
    const [name, value] = child.type === 'property' ? (child.children ?? []) : [];
    if (name !== undefined && value !== undefined && names.has(name.value)) {
      const what = `is given once more ${placeOf(text, name.offset)}`;
      yield { path: pathOf(value), what, value: getNodeValue(value), remedy: 'Keep the one that is meant.' };
    }
    if (name !== undefined) names.add(name.value);
    yield* repeatedFields(child, text);
  }
}

function pathOf(node: Node): string {
  const parts = getNodePath(node).map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`));
  return parts.join('').replace(/^\./, '');
}
