import type { Fault } from './fault';

/** Reads one JSON value; reports what is wrong with it, and then answers undefined. */
export type Read<T> = (value: unknown, path: string, faults: Fault[]) => T | undefined;

export type Fields<T> = { readonly [K in keyof T]-?: Read<T[K]> };

/** What is said of a value: for its author, so in words rather than as a pattern. */
interface Wording {
  readonly must: string;
  readonly remedy: string;
}

/** A field that may be left out. */
export function optional<T>(read: Read<T>): Read<T | undefined> {
  return (value, path, faults) => (value === undefined ? undefined : read(value, path, faults));
}

export function withDefault<T>(standard: T, read: Read<T>): Read<T> {
  return (value, path, faults) => (value === undefined ? standard : read(value, path, faults));
}

export function text(pattern: RegExp, wording: Wording): Read<string> {
  return textThat((value) => pattern.test(value), wording);
}

export function textThat(accepts: (value: string) => boolean, wording: Wording): Read<string> {
  return reader(wording, (value): value is string => typeof value === 'string' && accepts(value));
}

/** Names in a configuration that become ids of the CDK, which leaves `Default` and `Resource` out of the names that it makes of ids. */
export const ID = /^(?!(Default|Resource)$)[A-Z][A-Za-z0-9]{0,63}$/;

/** An object of texts, such as tags. */
export function textMap(name: RegExp, value: RegExp, wording: Wording): Read<Readonly<Record<string, string>>> {
  const isMap = (given: unknown): given is Record<string, string> =>
    typeof given === 'object' &&
    given !== null &&
    !Array.isArray(given) &&
    Object.keys(given).length <= 50 &&
    Object.entries(given).every(([key, text]) => name.test(key) && typeof text === 'string' && value.test(text));
  return reader(wording, isMap);
}

export function numberBetween(least: number, most: number, remedy: string): Read<number> {
  const must = `must be a number from ${least} to ${most}`;
  return reader({ must, remedy }, (value): value is number => typeof value === 'number' && value >= least && value <= most);
}

export function wholeNumber(least: number, most: number, remedy: string): Read<number> {
  const must = `must be a whole number from ${least} to ${most}`;
  return reader({ must, remedy }, (value): value is number => Number.isInteger(value) && Number(value) >= least && Number(value) <= most);
}

/** A hundred years, which S3 takes anywhere. */
export function days(remedy: string): Read<number> {
  return wholeNumber(1, 36_500, remedy);
}

export function yesOrNo(remedy: string): Read<boolean> {
  return reader({ must: 'must be true or false', remedy }, (value): value is boolean => typeof value === 'boolean');
}

export function oneOf<T extends string>(names: readonly T[], remedy: string): Read<T> {
  return reader({ must: `must be one of ${names.join(', ')}`, remedy }, (value): value is T =>
    (names as readonly unknown[]).includes(value),
  );
}

export interface ListOptions extends Wording {
  readonly least: number;
  readonly most: number;
  /** Fields that no two items may have the same value of; without any, the items themselves. */
  readonly distinct?: readonly string[];
}

export function listOf<T>(read: Read<T>, { least, most, distinct, ...wording }: ListOptions): Read<readonly T[]> {
  return (value, path, faults) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) return complain(faults, path, value, wording);
    reportRepeated(value, path, faults, distinct);
    return value.map((item, index) => read(item, `${path}[${index}]`, faults) as T);
  };
}

/** A JSON object with these fields and no others. Of a faulty one, what could be read is answered, for further checks. */
export function record<T>(wording: Wording, fields: Fields<T>, check: (read: Partial<T>) => readonly Fault[] = () => []): Read<T> {
  return (value, path, faults) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return complain(faults, path, value, wording);
    const names = Object.keys(fields) as (keyof T & string)[];
    for (const name of Object.keys(value)) if (!(names as string[]).includes(name)) reportUnknown(name, value, names, path, faults);
    const given = value as Record<string, unknown>;
    const entries = names.map((name) => [name, fields[name](own(given, name), at(path, name), faults)]);
    const result = Object.fromEntries(entries) as Partial<T>;
    faults.push(...check(result).map((fault) => ({ ...fault, path: at(path, fault.path) })));
    return result as T;
  };
}

export function at(path: string, name: string): string {
  return path === '' || name === '' ? path + name : `${path}.${name}`;
}

function reader<T>(wording: Wording, accepts: (value: unknown) => value is T): Read<T> {
  return (value, path, faults) => (accepts(value) ? value : complain(faults, path, value, wording));
}

function complain(faults: Fault[], path: string, value: unknown, { must, remedy }: Wording): undefined {
  faults.push({ path, what: value === undefined ? `is missing: it ${must}` : must, value, remedy });
  return undefined;
}

function reportUnknown(name: string, value: object, names: readonly string[], path: string, faults: Fault[]): void {
  const remedy = `Known here are ${names.join(', ')}.`;
  faults.push({ path: at(path, name), what: 'is not known', value: (value as Record<string, unknown>)[name], remedy });
}

/** Twice the same is a slip, and CloudFormation would say so only at deployment. */
function reportRepeated(items: readonly unknown[], path: string, faults: Fault[], distinct: readonly string[] = ['']): void {
  for (const field of distinct) {
    const values = items.map((item) => (field === '' ? item : (item as Record<string, unknown> | null)?.[field]));
    for (const [index, value] of values.entries()) {
      const first = values.indexOf(value);
      if (value === undefined || first === index) continue;
      const what = `is the same as ${at(`${path}[${first}]`, field)}`;
      faults.push({ path: at(`${path}[${index}]`, field), what, value, remedy: 'Name each one once.' });
    }
  }
}

function own(given: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(given, name) ? given[name] : undefined;
}
