import type { Deployment } from '../deployment';
import { writeOutput } from '../output';
import { type DemoResult, isSuccess, type Skipped } from '../result';
import { accountsPicture, keySection } from './accounts';
import { chain } from './chain';
import { bucketsOf, copiesInWords, duration, verdictTimes } from './facts';
import { flowPicture } from './flow';
import { Html, html, join, NOTHING } from './html';
import { numbersSection } from './numbers';
import { releaseSection, wrongSteps } from './releases';
import { bucketSection } from './rows';
import { STYLE } from './style';

/** One file that needs nothing else, to look at and to send on. */
export function writeReport(folder: string, result: DemoResult, deployment: Deployment): string {
  return writeOutput(folder, 'report.html', reportPage(result, deployment));
}

/** The browser is forbidden to load anything, and the page has no script. */
const NOTHING_FROM_ELSEWHERE = "default-src 'none'; style-src 'unsafe-inline'";

const ofBuckets = (
  count: number,
) => `${count} buckets, each with a rule for how its objects must be encrypted, were deployed to a local AWS engine, and objects
uploaded to them`;
const OF_TWO_ACCOUNTS = `A key in one account and, in another, a bucket whose objects must be encrypted under that key were deployed to a local AWS engine, and
objects uploaded`;

export function reportPage(result: DemoResult, deployment: Deployment): string {
  const { accounts } = result;
  const buckets = bucketsOf(result, deployment);
  const loop = chain(result, buckets.length);
  const longest = verdictTimes(result.rows)?.longest ?? 0;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${new Html(NOTHING_FROM_ELSEWHERE)}">
<title>S3 encryption guard: what became of ${result.rows.length} uploads</title>
<style>${new Html(STYLE)}</style>
</head>
<body><main>
<h1>Every way to upload, and what became of each object</h1>
<p class="soft">${accounts === undefined ? ofBuckets(buckets.length) : OF_TWO_ACCOUNTS}, rightly and wrongly. The enforcer is to look at each after it was written, and to do with what breaks the rule as it is told:
report it, tag it, encrypt it anew, or move it to quarantine. This is what it did.</p>
${sum(result)}
${accounts === undefined ? loop : accountsPicture(accounts, result.rows, loop)}
${numbersSection(result)}
${flowPicture(buckets)}
${join(buckets.map((bucket) => bucketSection(bucket, longest)))}
${accounts === undefined ? NOTHING : keySection(accounts)}
${quarantine(result, deployment)}
${releaseSection(result)}
${notShown(result)}
${run(result)}
</main></body>
</html>
`;
  return page.text;
}

function sum(result: DemoResult): Html {
  const { rows, skipped, accounts, releases } = result;
  const good = rows.filter(({ ok }) => ok).length;
  const looks = isSuccess([...rows, ...(accounts?.questions ?? []), ...(releases ?? [])]) ? 'good' : 'bad';
  const notTaken = skipped.filter(({ upload }) => upload !== undefined).length;
  const words =
    rows.length === 0
      ? 'No upload was made, so nothing is shown'
      : good === rows.length
        ? `All ${rows.length} uploads ended as expected`
        : `${rows.length - good} of ${rows.length} uploads did not end as expected`;
  const besides =
    notTaken === 0
      ? NOTHING
      : html` <span class="soft">${notTaken} more were skipped: see <a href="#skipped">what this engine cannot show</a>.</span>`;
  const wrongAnswers = (accounts?.questions ?? []).filter(({ ok }) => !ok).length;
  const ofKey = wrongAnswers === 0 ? NOTHING : html` <b>${wrongAnswers} answers about the key are not as expected.</b>`;
  const wrong = wrongSteps(result);
  const ofReleases = wrong === 0 ? NOTHING : html` <b>${wrong} steps out of quarantine did not end as expected.</b>`;
  return html`<p><span class="sum ${looks}">${words}</span>${ofKey}${ofReleases}${besides}</p>`;
}

function quarantine({ rows }: DemoResult, { QuarantineBucket, QuarantineKey }: Deployment): Html {
  return html`<section><h2>Quarantine</h2>
<p class="where"><code>${QuarantineBucket}</code><br>under <code>${QuarantineKey}</code></p>
<p>${copiesInWords(rows)}</p></section>`;
}

function notShown({ skipped, engine }: DemoResult): Html {
  const reasons = [...new Set(skipped.map(({ why }) => why))];
  return html`<section id="skipped"><h2>What this engine cannot show</h2>
<ul>${reasons.map((why) => html`<li>${sentence(why)}<ul>${skipped.filter((each) => each.why === why).map(skippedLine)}</ul></li>`)}</ul>
${
  engine.limits.length === 0
    ? NOTHING
    : html`<p>Found by asking it: ${engine.limits.join('; ')}. Rows that this changes say beside them what AWS would do, by the
policies of the enforcer's role, the buckets and the keys, evaluated offline.</p>`
}
${engine.workarounds.length === 0 ? NOTHING : html`<h2>Worked around</h2><ul>${engine.workarounds.map((line) => html`<li>${sentence(line.replace(/^worked around: /, ''))}</li>`)}</ul>`}
</section>`;
}

function skippedLine({ what, policyAnswer, policyStatement }: Skipped): Html {
  return policyAnswer === undefined
    ? html`<li>${what}</li>`
    : html`<li>${what}: on AWS the bucket policy answers <code>${policyStatement ?? policyAnswer}</code></li>`;
}

function run({ engine, startedAt, timings }: DemoResult): Html {
  const steps = Object.entries(timings).map(([name, millis]) => html`<dt>${name}</dt><dd>${duration(millis)}</dd>`);
  return html`<section><h2>The run</h2><dl class="facts"><dt>started</dt><dd>${startedAt}</dd><dt>engine</dt><dd>${engine.name}, ${engine.endpoint}</dd>
<dt>policies</dt><dd>as deployed, evaluated offline by iam-simulate, as if over HTTPS by a role that may do everything on S3</dd>${steps}</dl>
<p class="soft">No AWS account was used. Times to a verdict are from the answer to the upload until the verdict's line in CloudWatch Logs,
cold starts of the function included.</p></section>`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
