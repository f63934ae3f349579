/**
 * iam-simulate takes a `*` in the name of a requested object for a pattern, and its own patterns stop at the end of a line, so its
 * wrapper refuses such names. These characters are swapped for private ones, in the requested key and, where the policy means
 * them literally, in the policy. What the policy leaves unescaped stays the wildcard it is on AWS.
 */
const LITERALS = ['*', '?', '\n', '\r', '\u2028', '\u2029'] as const;
const FIRST_STAND_IN = 0xe000;
const STAND_INS = LITERALS.map((literal, position) => [literal, String.fromCharCode(FIRST_STAND_IN + position)] as const);

export function literalKey(key: string): string {
  if (STAND_INS.some(([, standIn]) => key.includes(standIn))) throw new Error(`the key ${JSON.stringify(key)} has a stand-in in it`);
  return STAND_INS.reduce((text, [literal, standIn]) => text.replaceAll(literal, standIn), key);
}

export function literalPattern(pattern: string): string {
  const swap = (text: string, [literal, standIn]: readonly [string, string]) =>
    // A policy writes `*` and `?` as variables if it means them, and other characters as they are.
    text.replaceAll(literal === '*' || literal === '?' ? `\${${literal}}` : literal, standIn);
  return STAND_INS.reduce(swap, pattern);
}
