import type { DemoResult } from '../result';
import { visible } from '../table';
import { type Html, html, join, NOTHING } from './html';

/** What came of the requests to put one object back, and to discard another, after the rows above were written down. */
export function releaseSection({ releases = [] }: DemoResult): Html {
  if (releases.length === 0) return NOTHING;
  const rows = releases.map(
    ({
      object,
      step,
      expected,
      observed,
      ok,
    }) => html`<tr class="${ok ? 'ok' : 'wrong'}"><td class="object" data-label="object"><bdi>${visible(object)}</bdi></td>
<td data-label="step">${step}</td><td data-label="ended">${visible(observed)}${ok ? NOTHING : html`<p class="mismatch"><b>Not as expected.</b><br>expected: ${expected}</p>`}</td></tr>`,
  );
  return html`<section id="releases"><h2>Out of quarantine</h2>
<p>After all this, one object was put back, encrypted as required, and the copy of another was discarded, each asked for twice. The rows above are of before.</p>
<table><thead><tr><th>object</th><th>step</th><th>ended</th></tr></thead>
<tbody>${join(rows, '\n')}</tbody></table></section>`;
}

export function wrongSteps({ releases = [] }: DemoResult): number {
  return releases.filter(({ ok }) => !ok).length;
}
