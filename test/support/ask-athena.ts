import { athenaQueries } from '../../lib/domain/audit-queries';
import { answerOf } from './athena-in-duckdb';
import type { CloudTrailRecord } from './cloudtrail-events';

/** When questions are asked: a week, and 90 days, are counted from here. */
const NOW = '2026-11-20T12:00:00Z';

/** A time on the day before. */
export const at = (time: string) => `2026-11-19T${time}Z`;

/**
 * The rows of an answer.
 *
 * @param keys - of which the trail was told
 */
export function ask(name: string, log: readonly CloudTrailRecord[], keys: readonly string[] = []): Promise<Record<string, unknown>[]> {
  const query = athenaQueries(keys).find((each) => each.name === name);
  if (query === undefined) throw new Error(`no query ${name}`);
  return answerOf(query.text, log, NOW);
}
