import { DuckDBInstance } from '@duckdb/node-api';
import { LOG_COLUMNS, LOG_PARTITIONS, LOG_TABLE } from '../../lib/domain/audit-log-table';
import type { CloudTrailRecord } from './cloudtrail-events';

/**
 * Where Athena (engine version 3, which is Trino) and DuckDB differ, as far as the questions go; nothing else of their text is changed:
 * names of functions, `["name"]` in JSON paths, `date` and `timestamp` of now, which is fixed here, and types of columns.
 */
const FUNCTIONS = [
  `CREATE MACRO json_extract_scalar(document, path) AS json_extract_string(document, replace(replace(path, '["', '."'), '"]', '"'))`,
  'CREATE MACRO from_iso8601_timestamp(moment) AS CAST(moment AS TIMESTAMPTZ)',
  'CREATE MACRO to_unixtime(moment) AS epoch(moment)',
  'CREATE MACRO date_format(moment, pattern) AS strftime(moment, pattern)',
  'CREATE MACRO element_at(items, index) AS list_extract(items, index)',
];

function atTime(sql: string, now: string): string {
  return sql.replaceAll('current_date', `DATE '${now.slice(0, 10)}'`).replaceAll('current_timestamp', `TIMESTAMPTZ '${now}'`);
}

/** `struct<a:string>` → `STRUCT(a VARCHAR)`, from the inside out. */
function duckType(hive: string): string {
  const inner = /(struct|array|map)<([^<>]*)>/.exec(hive);
  if (inner === null)
    return hive
      .replaceAll(/\bstring\b/g, 'VARCHAR')
      .replaceAll('‹', '(')
      .replaceAll('›', ')');
  const [whole, kind, content = ''] = inner;
  const type =
    kind === 'struct' ? `STRUCT‹${content.replaceAll(/(^|,)(\w+):/g, '$1"$2" ')}›` : kind === 'map' ? `MAP‹${content}›` : `${content}[]`;
  return duckType(hive.replace(whole, type));
}

/** The record as CloudTrail's SerDe gives it to Athena: names in lower case, and JSON where the column is a text. */
function rowOf(record: CloudTrailRecord): Record<string, unknown> {
  const columns = new Map(LOG_COLUMNS.map(({ name, type }) => [name, type]));
  const [year, month, day] = record.eventTime.slice(0, 10).split('-');
  const partition = { account: record.recipientAccountId, region: record.awsRegion, day: `${year}/${month}/${day}` };
  const fields = Object.entries(record).flatMap(([name, value]) => {
    const type = columns.get(name.toLowerCase());
    if (type === undefined || value === null) return [];
    if (type !== 'string') return [[name.toLowerCase(), lowerCased(value)]];
    return [[name.toLowerCase(), typeof value === 'object' ? JSON.stringify(value) : String(value)]];
  });
  return { ...Object.fromEntries(fields), ...partition };
}

function lowerCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.toLowerCase(), lowerCased(inner)]));
}

/** What a question answers about a log, at a time. */
export async function answerOf(sql: string, log: readonly CloudTrailRecord[], now: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const statement of ["SET TimeZone = 'UTC'", ...FUNCTIONS]) await connection.run(statement);
    const columns = [...LOG_COLUMNS, ...LOG_PARTITIONS];
    await connection.run(`CREATE TABLE ${LOG_TABLE} (${columns.map(({ name, type }) => `"${name}" ${duckType(type)}`).join(', ')})`);
    const structure = JSON.stringify([Object.fromEntries(columns.map(({ name, type }) => [name, duckType(type)]))]);
    const rows = JSON.stringify(log.map(rowOf)).replaceAll("'", "''");
    const names = columns.map(({ name }) => `r."${name}"`).join(', ');
    await connection.run(
      `INSERT INTO ${LOG_TABLE} SELECT ${names} FROM (SELECT unnest(from_json('${rows}', '${structure.replaceAll("'", "''")}')) AS r)`,
    );
    const answer = await connection.runAndReadAll(atTime(sql, now));
    return answer.getRowObjectsJson() as Record<string, unknown>[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
