import {
  type CloudWatchClient,
  type GetMetricDataCommandOutput,
  type MetricDataQuery,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import type { Weeks } from './weeks';

export interface Point {
  readonly at: Date;
  readonly value: number;
}

/** What CloudWatch has of one metric. No points: nothing was counted. */
export interface MetricSeries {
  readonly id: string;
  readonly label: string;
  readonly points: readonly Point[];
}

/** CloudWatch did not answer for everything that it was asked. That is no zero. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
}

/** Asks CloudWatch for two weeks. */
export function metricReader(client: CloudWatchClient) {
  return async (queries: readonly MetricDataQuery[], { weekBefore, end }: Weeks): Promise<MetricSeries[]> => {
    const input = { MetricDataQueries: [...queries], StartTime: weekBefore, EndTime: end };
    const pages: GetMetricDataCommandOutput[] = [];
    for await (const page of paginateGetMetricData({ client }, input)) pages.push(page);
    return seriesIn(pages);
  };
}

type Page = Pick<GetMetricDataCommandOutput, 'MetricDataResults' | 'Messages'>;
type Result = NonNullable<Page['MetricDataResults']>[number];

/**
 * What all pages say together: a metric is `PartialData` until its last page.
 *
 * @throws UnansweredError for a metric that is not complete in the end, and for whatever CloudWatch has to remark
 */
export function seriesIn(pages: readonly Page[]): MetricSeries[] {
  const results = new Map<string, Result[]>();
  for (const result of pages.flatMap(({ MetricDataResults = [] }) => MetricDataResults)) {
    const key = JSON.stringify([result.Id, result.Label]);
    results.set(key, [...(results.get(key) ?? []), result]);
  }
  const all = [...results.values()];
  const remarks = [...pages.flatMap(({ Messages = [] }) => Messages.map(remark)), ...all.flatMap(faultsOf)];
  if (remarks.length > 0) throw new UnansweredError(`CloudWatch did not answer for everything: ${remarks.slice(0, 5).join('; ')}`);
  return all.map((ofOne) => ({ id: ofOne[0]?.Id ?? '', label: ofOne[0]?.Label ?? '', points: ofOne.flatMap(pointsOf) }));
}

function faultsOf(ofOne: readonly Result[]): string[] {
  const [id, status] = [ofOne[0]?.Id, ofOne.at(-1)?.StatusCode];
  return [
    ...ofOne.flatMap(({ Messages = [] }) => Messages.map((message) => `${id}: ${remark(message)}`)),
    ...(status === 'Complete' ? [] : [`${id} is ${status}`]),
    ...(ofOne.every(isPaired) ? [] : [`${id} has values without a time, or times without a value`]),
  ];
}

function isPaired({ Timestamps = [], Values = [] }: Result): boolean {
  return Timestamps.length === Values.length && Values.every(Number.isFinite);
}

function pointsOf({ Timestamps = [], Values = [] }: Result): Point[] {
  return Timestamps.map((at, place) => ({ at, value: Values[place] as number }));
}

function remark({ Code, Value }: { readonly Code?: string | undefined; readonly Value?: string | undefined }): string {
  return `${Code}: ${Value}`;
}
