const MEMBER = /[ \t\r\n]*("(?:[^"\\]|\\.)*")[ \t\r\n]*:[ \t\r\n]*("(?:[^"\\]|\\.)*")[ \t\r\n]*/y;
const OBJECT = /^[ \t\r\n]*\{([\s\S]*)\}[ \t\r\n]*$/;
const SPACE = /^[ \t\r\n]*$/;

/**
 * A JSON object of strings and nothing else. Not `JSON.parse` alone, which takes the last of two members of one name: two readers of such
 * a text may each see another envelope.
 */
export function flatJson(text: string): ReadonlyMap<string, string> | undefined {
  const inner = OBJECT.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const members = new Map<string, string>();
  if (SPACE.test(inner)) return members;
  for (let at = 0; at <= inner.length; at += 1) {
    MEMBER.lastIndex = at;
    const [all, name, value] = MEMBER.exec(inner) ?? [];
    if (all === undefined || name === undefined || value === undefined) return undefined;
    const [key, content] = [unquoted(name), unquoted(value)];
    if (key === undefined || content === undefined || members.has(key)) return undefined;
    members.set(key, content);
    at += all.length;
    if (at < inner.length && inner[at] !== ',') return undefined;
    if (at === inner.length) return members;
  }
  return undefined;
}

/** What JSON does not know within quotes is a fault as well, such as a line break. */
function unquoted(literal: string): string | undefined {
  try {
    return JSON.parse(literal);
  } catch {
    return undefined;
  }
}
