const MEMBER = /[ \t\r\n]*("(?:[^"\\]|\\.)*")[ \t\r\n]*:[ \t\r\n]*("(?:[^"\\]|\\.)*")[ \t\r\n]*/y;
const EMPTY = /^\s*\{\s*\}\s*$/;

/**
 * A JSON object of strings and nothing else. Not `JSON.parse` alone, which takes the last of two members of one name: two readers of such
 * a text may each see another envelope.
 */
export function flatJson(text: string): ReadonlyMap<string, string> | undefined {
  if (EMPTY.test(text)) return new Map();
  const start = text.indexOf('{');
  if (start < 0 || text.slice(0, start).trim() !== '') return undefined;
  const members = new Map<string, string>();
  for (let at = start + 1; ; at += 1) {
    MEMBER.lastIndex = at;
    const [all, name, value] = MEMBER.exec(text) ?? [];
    if (all === undefined || name === undefined || value === undefined) return undefined;
    const [key, content] = [unquoted(name), unquoted(value)];
    if (key === undefined || content === undefined || members.has(key)) return undefined;
    members.set(key, content);
    at += all.length;
    if (text[at] === '}') return text.slice(at + 1).trim() === '' ? members : undefined;
    if (text[at] !== ',') return undefined;
  }
}

/** What JSON does not know within quotes is a fault as well, such as a line break. */
function unquoted(literal: string): string | undefined {
  try {
    return JSON.parse(literal);
  } catch {
    return undefined;
  }
}
