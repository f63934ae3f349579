import { escapeHtml, html, join } from '../../demo/report/html';
import { reportPage } from '../../demo/report/page';
import { objectName } from '../../demo/report/rows';
import { resultRow } from '../../demo/result';
import { visible } from '../../demo/table';
import { ACCOUNTS, DEPLOYMENT, resultOf, rowOf, uploadOf, WRONG } from './samples';

const HOSTILE = '</td><script>alert(1)</script><img src=x onerror=alert(1)>&amp;"\'';

describe('HTML', () => {
  test('escapes what is put in', () => {
    expect(html`<b title="${HOSTILE}">${HOSTILE}</b>`.text).toBe(`<b title="${escapeHtml(HOSTILE)}">${escapeHtml(HOSTILE)}</b>`);
    expect(escapeHtml(HOSTILE)).not.toMatch(/[<>"']/);
    expect(escapeHtml('&amp;')).toBe('&amp;amp;');
  });

  test('leaves what it made itself', () => {
    expect(html`${html`<i>${'<'}</i>`}${[html`<b>`, html`</b>`]}${3}`.text).toBe('<i>&lt;</i><b></b>3');
    expect(join([html`a`, html`b`], ', ').text).toBe('a, b');
  });
});

test('a name cannot command a terminal, nor turn the text around', () => {
  expect(visible('a\u001b[31m\u202egnp.exe\n')).toBe('a\ufffd[31m\ufffdgnp.exe\ufffd');
  expect(visible('a\nb\rc\u2028d\u2029e')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde');
  expect(visible('ünïcödé 日本 🔑')).toBe('ünïcödé 日本 🔑');
});

test('a name of 1,024 bytes is told by its ends and its length', () => {
  expect(objectName('k'.repeat(1024))).toMatch(/^k{50} … k{40} \(1024 bytes\)$/);
});

describe('the page', () => {
  const row = resultRow(
    rowOf({ upload: uploadOf(WRONG, { key: HOSTILE }), verdict: { outcome: 'tagged', reason: HOSTILE, millis: 5, namesVersion: true } }),
  );
  const skipped = [{ what: HOSTILE, why: HOSTILE, upload: HOSTILE, policyAnswer: 'Denied' as const, policyStatement: HOSTILE }];
  const engine = { name: HOSTILE, endpoint: HOSTILE, startedByDemo: true, limits: [HOSTILE], workarounds: [HOSTILE] };
  const page = reportPage(resultOf([{ ...row, awsOutcome: HOSTILE }], { skipped, engine }), DEPLOYMENT);

  test('has no script, and no element that anybody put in by a name', () => {
    expect(page).not.toMatch(/<script|<img|<[a-z]+[^>]* on[a-z]+=/i);
    expect(page.split('&lt;script&gt;').length).toBeGreaterThan(5);
  });

  test('loads nothing, and forbids the browser to', () => {
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<link|<iframe|@import|url\(|\bsrc=(?!x)/i);
    expect(page.match(/href="[^"]*"/g)?.every((href) => href.startsWith('href="#'))).toBe(true);
  });

  test('says when something did not end as expected', () => {
    expect(page).toContain('1 of 1 uploads did not end as expected');
    expect(page).toContain('Not as expected.');
    expect(reportPage(resultOf([resultRow(rowOf())]), DEPLOYMENT)).toContain('All 1 uploads ended as expected');
  });

  test('shows the numbers of a report-only run as the console prints them, and none of another run', () => {
    const counts = [
      { bucket: 'KmsBucket', header: HOSTILE, verdict: 'wrong-scheme', uploads: 7 },
      { bucket: 'S3Bucket', header: 'no header', verdict: 'compliant', uploads: 3 },
    ] as const;
    const page = reportPage(resultOf([resultRow(rowOf())], { counts }), DEPLOYMENT);
    expect(page).toContain('<h2>What the requirement would have met</h2>');
    expect(page).toContain('3 of 10 uploads are as required already; 7 were reported, and nothing was touched.');
    const cells = [...page.matchAll(/<td data-label="(?:verdict|uploads)">([^<]*)<\/td>/g)].map(([, cell]) => cell);
    expect(cells).toEqual(['wrong-scheme', '7', 'compliant', '3']);
    expect(page).not.toContain('<script');
    expect(reportPage(resultOf([resultRow(rowOf())]), DEPLOYMENT)).not.toContain('What the requirement would have met');
  });

  test('shows what came out of quarantine, and is not good where that went wrong', () => {
    const step = { object: HOSTILE, step: 'release', expected: 'released', observed: 'released', ok: true };
    const good = reportPage(resultOf([resultRow(rowOf())], { releases: [step] }), DEPLOYMENT);
    expect(good).toContain('class="sum good"');
    expect(good).toContain('<h2>Out of quarantine</h2>');
    expect(good).not.toContain('<script');
    const bad = reportPage(resultOf([resultRow(rowOf())], { releases: [step, { ...step, observed: HOSTILE, ok: false }] }), DEPLOYMENT);
    expect(bad).toContain('class="sum bad"');
    expect(bad).toContain('1 steps out of quarantine did not end as expected.');
    expect(bad).toContain('expected: released');
    expect(reportPage(resultOf([resultRow(rowOf())]), DEPLOYMENT)).not.toContain('Out of quarantine');
  });

  test('made of nothing at all claims no success, and no copy', () => {
    const empty = reportPage(resultOf([]), DEPLOYMENT);
    expect(empty).toContain('class="sum bad">No upload was made');
    expect(empty).toContain('No copy was found here.');
    expect(empty).not.toMatch(/read back|class="sum good"|ended as expected/);
  });

  test('says of copies what was found, and no more', () => {
    const copied = resultRow(rowOf());
    const restored = { ...copied, whereabouts: 'quarantine, good one back' };
    const lost = { ...copied, whereabouts: 'LOST: no copy at s3://quarantine-bucket/objects/x', ok: false };
    const stayed = { ...copied, whereabouts: 'its bucket' };
    expect(reportPage(resultOf([copied, stayed]), DEPLOYMENT)).toContain('1 copy was read back');
    expect(reportPage(resultOf([copied]), DEPLOYMENT)).not.toMatch(/good one, and|not found where/);
    const page = reportPage(resultOf([copied, restored, lost]), DEPLOYMENT);
    expect(page).toContain('2 copies were read back');
    expect(page).toContain('In 1 of these cases a wrong version');
    expect(page).toContain('1 object was not found where');
    expect(reportPage(resultOf([lost]), DEPLOYMENT)).not.toContain('read back');
  });

  test('shows a line break of a name as such a character, wherever the name stands', () => {
    const broken = { ...resultRow(rowOf()), ok: false, awsOutcome: 'tagged: on a\u2028b', observed: 'LOST: no copy at a\u2028b' };
    expect(reportPage(resultOf([broken]), DEPLOYMENT)).not.toContain('\u2028');
  });
});

describe('the page of two accounts', () => {
  const { S3Bucket: _s3, DsseBucket: _dsse, DsseBucketKey: _key, ClientSideBucket: _cse, ...deployment } = DEPLOYMENT;
  const row = resultRow(rowOf({ key: { answer: 'Denied', keyStatement: null, iamStatement: 'statement 3' } }));
  const page = reportPage(resultOf([row], { accounts: ACCOUNTS }), deployment);

  test('shows the key in the one and the loop in the other', () => {
    expect(page.match(/<h2>(Key|Data) account \d{12}<\/h2>/g)).toEqual([
      '<h2>Key account 111111111111</h2>',
      '<h2>Data account 222222222222</h2>',
    ]);
    expect(page).toContain(`KeyOwner</span><span class="note">${DEPLOYMENT.KmsBucketKey}`);
  });

  test('shows the statement behind each half of a permission, and which is missing', () => {
    expect(page).toContain(
      '<td data-label="KMS on AWS"><span class="denied">denied</span> <span class="half">key policy: no statement</span>',
    );
    expect(page).toMatch(
      /AllowUseThroughS3ByAccounts<\/code><\/span> <span class="half">IAM: <code class="sid">DecryptUnderCrossAccountKeys/,
    );
  });

  test('has no section for what was not deployed', () => {
    expect(page.match(/<h2>Requires [^<]*/g)).toEqual(['<h2>Requires SSE-KMS']);
    expect(reportPage(resultOf([row]), DEPLOYMENT).match(/<h2>Requires [^<]*/g)).toHaveLength(4);
    expect(reportPage(resultOf([resultRow(rowOf())]), DEPLOYMENT)).not.toMatch(/KMS on AWS|Key account/);
  });

  test('is no success where an answer about the key is not as expected', () => {
    const questions = ACCOUNTS.questions.map((question) => ({ ...question, ok: false, observed: HOSTILE }));
    const wrong = reportPage(resultOf([resultRow(rowOf())], { accounts: { ...ACCOUNTS, questions } }), deployment);
    expect(wrong).toContain('class="sum bad"');
    expect(wrong).toContain('1 answers about the key are not as expected');
    expect(wrong).not.toContain('<script>');
  });
});
