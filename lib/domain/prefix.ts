/**
 * Prefixes of object keys, literal: in a policy as in a verdict, `logs/*` means keys that begin with these six characters.
 */

/** Longest key of an object, in bytes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const MAX_KEY_BYTES = 1024;

/** Whether keys can begin with it. Asked of callers that no compiler checks, too. */
export function isPrefix(prefix: unknown): prefix is string {
  return typeof prefix === 'string' && prefix !== '' && new TextEncoder().encode(prefix).length <= MAX_KEY_BYTES;
}

/** The objects of a prefix, as a resource of a policy; with a suffix, only those whose keys end in it. */
export function objectsUnder(bucketArn: string, prefix: string, suffix = ''): string {
  return `${bucketArn}/${literal(prefix)}*${literal(suffix)}`;
}

/** A `*`, `?` or `$` that means itself is written as a policy variable:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
 */
function literal(text: string): string {
  return text.replace(/[*?$]/g, (special) => `\${${special}}`);
}

/** The first two prefixes of which one is the beginning of the other, or both are the same. */
export function findNested(prefixes: readonly string[]): readonly [string, string] | undefined {
  const sorted = [...prefixes].sort();
  for (const [position, prefix] of sorted.entries()) {
    const next = sorted[position + 1];
    // Whatever begins with a prefix sorts directly after it.
    if (next?.startsWith(prefix)) return [prefix, next];
  }
  return undefined;
}
