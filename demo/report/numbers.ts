import { ABOUT_PRINCIPALS, COLUMNS, cellsOf, sumOf } from '../report-only/numbers';
import type { DemoResult } from '../result';
import { type Html, html, join, NOTHING } from './html';

/** What is read before the next step of a roll-out: how many objects would be refused or moved, and of which kind. */
export function numbersSection({ counts }: DemoResult): Html {
  if (counts === undefined) return NOTHING;
  const heads = COLUMNS.map((column) => html`<th>${column}</th>`);
  const rows = counts.map(
    (count) => html`<tr>${cellsOf(count).map((cell, at) => html`<td data-label="${COLUMNS[at] ?? ''}">${cell}</td>`)}</tr>`,
  );
  return html`<section id="numbers"><h2>What the requirement would have met</h2>
<p>${sumOf(counts)}</p>
<table><thead><tr>${heads}</tr></thead>
<tbody>${join(rows, '\n')}</tbody></table>
<p class="soft">${ABOUT_PRINCIPALS}</p></section>`;
}
