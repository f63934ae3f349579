import type { ResultRow } from '../result';
import { visible } from '../table';
import { permission } from './accounts';
import { type BucketFacts, duration, END_WORDS, endOf } from './facts';
import { type Html, html, join, NOTHING } from './html';

/** One bucket: what it requires, and a line for each object. */
export function bucketSection({ name, scheme, keyArn, rows }: BucketFacts, longest: number): Html {
  const under = keyArn === undefined ? NOTHING : html`<br>under <code>${keyArn}</code>`;
  return html`<section>
<h2>Requires ${scheme}</h2>
<p class="where"><code>${name}</code>${under}</p>
<table>
<thead><tr><th>object</th><th>uploaded with</th><th>bucket policy on AWS</th>${asksKms(rows) ? html`<th>KMS on AWS</th>` : NOTHING}<th>engine</th><th>verdict</th><th>what became of it</th><th>time to verdict</th></tr></thead>
<tbody>
${join(
  rows.map((row) => rowOf(row, longest, asksKms(rows))),
  '\n',
)}
</tbody>
</table>
</section>`;
}

/** Where the key is in another account. */
function asksKms(rows: readonly ResultRow[]): boolean {
  return rows.some(({ kmsAnswer }) => kmsAnswer !== undefined);
}

function rowOf(row: ResultRow, longest: number, withKms: boolean): Html {
  const end = endOf(row);
  return html`<tr class="${row.ok ? 'ok' : 'wrong'}">
<td class="object" data-label="object"><bdi>${objectName(row.key)}</bdi></td>
<td data-label="uploaded with">${row.upload}</td>
<td data-label="policy on AWS">${policyCell(row)}</td>${withKms ? html`<td data-label="KMS on AWS">${kmsCell(row)}</td>` : NOTHING}
<td data-label="engine">${row.engineAnswer}</td>
<td class="verdict" data-label="verdict">${row.verdict === 'violation' ? (row.reason ?? 'violation') : (row.verdict ?? 'none')}</td>
<td data-label="became"><span class="pill ${end}">${END_WORDS[end]}</span>${goodOneBack(row)}${whereNow(row)}${mismatch(row)}</td>
<td data-label="time">${timeCell(row, longest)}</td>
</tr>${onAws(row, withKms ? 8 : 7)}`;
}

/** A name of 1,024 bytes is 1,024 bytes of the page; its middle says nothing. */
export function objectName(key: string): string {
  const characters = [...visible(key)];
  if (characters.length <= 120) return characters.join('');
  return `${characters.slice(0, 50).join('')} … ${characters.slice(-40).join('')} (${Buffer.byteLength(key)} bytes)`;
}

function policyCell({ policyAnswer, policyStatement }: ResultRow): Html {
  if (policyAnswer === 'Allowed') return html`<span class="allowed">allowed</span>`;
  const sids = (policyStatement ?? '').split(', ').map((sid) => html`<code class="sid">${sid}</code>`);
  return html`<span class="denied">denied</span> ${join(sids, ' ')}`;
}

function kmsCell({ kmsAnswer, keyPolicyStatement = null, iamPolicyStatement = null }: ResultRow): Html {
  if (kmsAnswer === undefined) return html`not asked`;
  return permission(kmsAnswer, keyPolicyStatement, iamPolicyStatement);
}

function goodOneBack({ whereabouts }: ResultRow): Html {
  return whereabouts === 'quarantine, good one back' ? html`<span class="back">the good version below it is current again</span>` : NOTHING;
}

function whereNow({ location, key, bucket }: ResultRow): Html {
  if (location === null || location === `s3://${bucket}/${key}`) return NOTHING;
  return html`<details><summary>where</summary><code><bdi>${visible(location)}</bdi></code></details>`;
}

function timeCell({ millisToVerdict }: ResultRow, longest: number): Html {
  if (millisToVerdict === null) return html`–`;
  const share = longest === 0 ? 0 : Math.max(2, Math.round((millisToVerdict / longest) * 100));
  return html`<span class="time"><svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width="${share}" height="6" rx="2"/></svg>${duration(millisToVerdict)}</span>`;
}

function mismatch({ ok, expected, observed }: ResultRow): Html {
  return ok
    ? NOTHING
    : html`<p class="mismatch"><b>Not as expected.</b><br>expected: ${visible(expected)}<br>observed: ${visible(observed)}</p>`;
}

function onAws({ awsOutcome }: ResultRow, columns: number): Html {
  if (awsOutcome === undefined) return NOTHING;
  return html`<tr class="aside"><td colspan="${columns}"><b>On AWS</b> (had it got past the policy) ${visible(awsOutcome)}</td></tr>`;
}
