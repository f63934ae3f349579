import { insightsQueries } from '../../lib/domain/audit-insights-queries';
import { athenaQueries } from '../../lib/domain/audit-queries';
import { bucketEvent, KEY, kmsEvent, objectEvent } from '../support/cloudtrail-events';

/**
 * There is no engine for CloudWatch Logs Insights outside AWS. What is checked is what people get wrong: names of fields, quotes, and commands. That the
 * queries answer what they ask is proved of their sisters for Athena only.
 */
const at = '2026-11-19T09:00:00Z';
const denied = { errorCode: 'AccessDenied', errorMessage: 'no' };
const SAMPLES = [
  objectEvent({ at, name: 'PutObject', bucket: 'records', key: 'a', sseApplied: 'SSE_KMS', kmsKey: KEY }),
  kmsEvent({ at, name: 'Decrypt', kmsKey: KEY, context: 'records/a', record: denied }),
  bucketEvent({ at, name: 'PutBucketEncryption', bucket: 'records' }),
];

/** As CloudWatch finds fields in JSON: names joined by dots, positions in lists from 0. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => fieldsOf(inner, path === '' ? name : `${path}.${name}`));
}

const FIELDS = new Set(SAMPLES.flatMap((sample) => fieldsOf(sample)));
const COMMANDS = /^(fields|filter|stats|sort|limit) /;
const WORDS = [
  'and',
  'or',
  'not',
  'in',
  'by',
  'as',
  'asc',
  'desc',
  'ispresent',
  'count',
  'count_distinct',
  'max',
  'coalesce',
  'bin',
  'like',
];

const withoutComments = (text: string) =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

/** Every name in a query: in backticks, or of letters, digits, dots and underscores; not in quotes, and not a word of the language. */
function namesIn(text: string): string[] {
  const code = withoutComments(text)
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\b\d+m\b/g, '');
  const quoted = [...code.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  const plain = code.replaceAll(/`[^`]*`/g, '').match(/@?[A-Za-z_][\w.]*/g) ?? [];
  const aliases = [...code.matchAll(/ as (\w+)/g)].map(([, alias]) => alias);
  const commands = ['fields', 'filter', 'stats', 'sort', 'limit'];
  return [...quoted, ...plain.filter((name) => ![...WORDS, ...commands, ...aliases, '@timestamp'].includes(name))];
}

test('are the questions that Athena is asked', () => {
  const names = (queries: readonly { name: string; description: string }[]) => queries.map(({ name, description }) => [name, description]);
  expect(names(insightsQueries())).toEqual(names(athenaQueries([])));
});

test('take the same operations for uses of a key as Athena is asked about', () => {
  const [athena, insights] = [athenaQueries([]), insightsQueries()].map(
    (queries) => queries.find(({ name }) => name === 'unused-keys')?.text,
  );
  const operations = (text = '') => /eventname in ([[(][^\])]+)/i.exec(text)?.[1]?.match(/\w+/g);
  expect(operations(insights)).toEqual(operations(athena));
  expect(operations(insights)).toHaveLength(12);
});

describe.each(insightsQueries())('$name', ({ text }) => {
  test('asks for fields that CloudTrail events have', () => {
    const names = namesIn(text);
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => !FIELDS.has(name) && name !== 'userIdentity.invokedBy')).toEqual([]);
  });

  test('is made of commands, each after a pipe, with quotes, backticks and parentheses that close', () => {
    const code = withoutComments(text);
    const commands = code.split(/\n\| /);
    expect(commands.filter((command) => !COMMANDS.test(command))).toEqual([]);
    const count = (sign: string) => code.split(sign).length - 1;
    expect([count('"') % 2, count('`') % 2, count('(') - count(')'), count('[') - count(']')]).toEqual([0, 0, 0, 0]);
  });

  test('puts names with other signs into backticks', () => {
    const plain = withoutComments(text).replaceAll(/`[^`]*`|"[^"]*"/g, '');
    expect(plain).not.toMatch(/[A-Za-z]-[A-Za-z]|:/);
  });
});
