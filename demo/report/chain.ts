import type { DemoResult } from '../result';
import { deniedOnAws, duration, verdictTimes } from './facts';
import { type Html, html, join } from './html';

/** The loop, station by station, with what passed through each. */
export function chain({ rows, skipped }: DemoResult, bucketCount: number): Html {
  const denied = deniedOnAws(rows);
  const stored = rows.filter(({ engineAnswer }) => engineAnswer < 300);
  const verdicts = rows.filter(({ verdict }) => verdict !== null).length;
  const wrong = rows.filter(({ verdict }) => verdict === 'violation').length;
  const notTaken = skipped.filter(({ upload }) => upload !== undefined).length;
  const unasked = stored.some(({ policyAnswer }) => policyAnswer === 'Denied') ? '; this engine does not ask it and stores all' : '';
  const stations = [
    station(
      'Uploads',
      `${rows.length + notTaken}`,
      notTaken === 0 ? 'rightly and wrongly' : `${notTaken} of them the engine does not know`,
    ),
    station('Bucket policy', `${denied} denied`, `${rows.length - denied} allowed on AWS${unasked}`),
    station('Guarded buckets', `${bucketCount}`, `${stored.length} uploads stored`),
    station('EventBridge → SQS', `${verdicts}`, 'uploads whose event led to a verdict'),
    timeStation(rows),
    station('Violations', `${wrong}`, `of ${verdicts} verdicts`),
  ];
  return html`<ol class="chain">${join(stations)}</ol>`;
}

export function station(name: string, figure: string, note: string): Html {
  return html`<li><span class="name">${name}</span><span class="figure">${figure}</span><span class="note">${note}</span></li>`;
}

function timeStation(rows: DemoResult['rows']): Html {
  const times = verdictTimes(rows);
  if (times === undefined) return station('Enforcer', '–', 'no verdict');
  return station('Enforcer', duration(times.median), `from an upload to its verdict, median; ${duration(times.longest)} at most`);
}
