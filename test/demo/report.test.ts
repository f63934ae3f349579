import { escapeHtml, html, join } from '../../demo/report/html';
import { reportPage } from '../../demo/report/page';
import { objectName } from '../../demo/report/rows';
import { resultRow } from '../../demo/result';
import { visible } from '../../demo/table';
import { DEPLOYMENT, resultOf, rowOf, uploadOf, WRONG } from './samples';

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

  test('can be made of nothing at all', () => {
    expect(reportPage(resultOf([]), DEPLOYMENT)).toContain('</html>');
  });
});
