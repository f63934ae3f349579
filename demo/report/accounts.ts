import type { DemoResult } from '../result';
import type { Accounts } from '../two-accounts/accounts';
import type { KeyQuestion } from '../two-accounts/key-questions';
import { station } from './chain';
import { type Html, html, join, NOTHING } from './html';

/** The key in one account, above the loop in the other. */
export function accountsPicture({ key, data }: Accounts, rows: DemoResult['rows'], loop: Html): Html {
  const asked = rows.filter(({ kmsAnswer }) => kmsAnswer !== undefined);
  const denied = asked.filter(({ kmsAnswer }) => kmsAnswer === 'Denied');
  const unasked = denied.some(({ engineAnswer }) => engineAnswer < 300) ? '; this engine does not ask it and stores all' : '';
  return html`<section class="account"><h2>Key account ${key.account}</h2>
<ol class="chain few">${join([
    station('KMS key', key.stack, key.keyArn),
    station(
      'Key policy',
      "the owner's half",
      'which account may use the key: through S3 only, and for one bucket. The other half are IAM policies of that account',
    ),
    station(
      'KMS',
      `${denied.length} denied`,
      `${asked.length - denied.length} allowed on AWS, of ${asked.length} uploads under keys of KMS${unasked}`,
    ),
  ])}</ol></section>
<p class="between">⇅ S3 asks KMS, in the name of who asks S3</p>
<section class="account"><h2>Data account ${data.account}</h2>
<p class="where">stack ${data.stack}</p>
${loop}</section>`;
}

/** Who may use the key, question by question. */
export function keySection({ questions }: Accounts): Html {
  const wrong = questions.filter(({ ok }) => !ok).length;
  return html`<section><h2>Who may use the key</h2>
<p>A principal of another account needs both halves: the policy of the key, and its own IAM policies. As deployed, evaluated offline by
iam-simulate.${wrong === 0 ? NOTHING : html` <b>${wrong} of ${questions.length} answers are not as expected.</b>`}</p>
<table><thead><tr><th>who</th><th>of account</th><th>asks for</th><th>in order to</th><th>KMS on AWS</th></tr></thead>
<tbody>${join(questions.map(questionRow), '\n')}</tbody></table></section>`;
}

function questionRow({ who, account, action, purpose, answer, keyStatement, iamStatement, ok, expected, observed }: KeyQuestion): Html {
  const mismatch = ok ? NOTHING : html`<p class="mismatch"><b>Not as expected.</b><br>expected: ${expected}<br>observed: ${observed}</p>`;
  return html`<tr class="${ok ? 'ok' : 'wrong'}"><td class="object" data-label="who">${who}</td><td data-label="of account">${account}</td>
<td data-label="asks for"><code>${action}</code></td><td data-label="in order to">${purpose}</td>
<td data-label="KMS on AWS">${permission(answer, keyStatement, iamStatement)}${mismatch}</td></tr>`;
}

/** The answer, and the statement behind each half of it. */
export function permission(answer: 'Allowed' | 'Denied', keyStatement: string | null, iamStatement: string | null): Html {
  const word = answer === 'Allowed' ? html`<span class="allowed">allowed</span>` : html`<span class="denied">denied</span>`;
  return html`${word} <span class="half">key policy: ${half(keyStatement)}</span> <span class="half">IAM: ${half(iamStatement)}</span>`;
}

function half(statement: string | null): Html {
  return statement === null ? html`no statement` : html`<code class="sid">${statement}</code>`;
}
