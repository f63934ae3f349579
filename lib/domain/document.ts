/** Reads a document strictly: what is not understood is a fault, since it may have meant to narrow a rule. */

export function fromJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return fail('document', json.slice(0, 80), 'is not JSON');
  }
}

export function record(name: string, value: unknown, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(name, value, 'must be an object');
  const unknown = Object.keys(value).filter((field) => !known.includes(field));
  if (unknown.length > 0) fail(name, unknown, `has fields that this function does not know; it knows ${known.join(', ')}`);
  return value as Record<string, unknown>;
}

export function list(name: string, value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : fail(name, value, 'must be a list');
}

export function text(name: string, value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : fail(name, value, 'must be a text');
}

export function positive(name: string, value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : fail(name, value, 'must be a whole number above 0');
}

export function oneOf<T extends string>(name: string, value: unknown, known: readonly T[]): T {
  return known.find((each) => each === value) ?? fail(name, value, `use one of ${known.join(', ')}`);
}

export function fail(name: string, value: unknown, remedy: string): never {
  throw new DocumentFault(`${name} is ${JSON.stringify(value) ?? 'missing'}; ${remedy}`);
}

/** Names the document in every fault that is found in it. */
export function reading<T>(document: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof DocumentFault ? new Error(`${document}: ${error.message}`) : error;
  }
}

/** What is read is not what it should be. */
class DocumentFault extends Error {}
