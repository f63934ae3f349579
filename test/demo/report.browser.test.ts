import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportPage } from '../../demo/report/page';
import { resultRow } from '../../demo/result';
import type { Row } from '../../demo/row';
import type { Accounts } from '../../demo/two-accounts/accounts';
import { ACCOUNTS, DEPLOYMENT, resultOf, rowOf, uploadOf, WRONG } from './samples';

/** The page in a real browser, where there is one. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const browser = BROWSERS.find(runs);

function runs(name: string): boolean {
  try {
    return execFileSync(name, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }) !== '';
  } catch {
    return false;
  }
}

if (browser === undefined) console.warn(`The report is not looked at in a browser: none of ${BROWSERS.join(', ')} is installed.`);
const inBrowser = browser === undefined ? describe.skip : describe;

inBrowser('the report in headless Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-report-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const keys = ['aes256/file', 'k'.repeat(1024), '<script>document.title="broken out"</script>', 'ünïcödé/日本/🔑'];
  const key = { answer: 'Denied', keyStatement: 'AllowUseThroughS3ByAccounts', iamStatement: null } as const;
  const pageOf = (fields: Partial<Row>, accounts?: Accounts) => {
    const rows = keys.map((name) => resultRow(rowOf({ upload: uploadOf(WRONG, { key: name }), ...fields })));
    const last = { ...rows[0], awsOutcome: 'tagged: '.concat('arn:aws:kms:'.repeat(20)) } as (typeof rows)[0];
    return reportPage(resultOf([...rows, last], { accounts }), DEPLOYMENT);
  };
  const page = pageOf({});

  function run(...args: string[]): string {
    const quiet = ['--headless=new', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`];
    return execFileSync(browser ?? '', [...quiet, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 50_000 });
  }

  /** A page around the page, since only scripts can measure and the report forbids them. */
  function measured(width: number, page: string): { scroll: number; client: number; title: string } {
    const path = join(folder, `frame-${width}.html`);
    const measure = `const frame = document.querySelector('iframe');
      frame.onload = () => {
        const { documentElement, title } = frame.contentDocument;
        document.body.textContent = JSON.stringify({ scroll: documentElement.scrollWidth, client: documentElement.clientWidth, title });
      };
      frame.srcdoc = ${JSON.stringify(page).replaceAll('<', '\\u003c')};`;
    writeFileSync(
      path,
      `<!doctype html><meta charset="utf-8"><iframe style="width:${width}px;height:800px;border:0"></iframe><script>${measure}</script>`,
    );
    const dom = run('--dump-dom', '--virtual-time-budget=3000', `file://${path}`);
    return JSON.parse(/\{.*\}/.exec(dom.slice(dom.indexOf('<body>')))?.[0] ?? '{}');
  }

  test.each([
    [360, 'one account', page],
    [768, 'one account', page],
    [1280, 'one account', page],
    [360, 'two accounts', pageOf({ key }, ACCOUNTS)],
    [1280, 'two accounts', pageOf({ key }, ACCOUNTS)],
  ])('is no broader than a window of %i pixels, with %s, and runs nothing that a name holds', (width, _, shown) => {
    const { scroll, client, title } = measured(width, shown);
    expect(client).toBeGreaterThan(0);
    expect(scroll).toBeLessThanOrEqual(client);
    expect(title).toBe('S3 encryption guard: what became of 5 uploads');
  });

  test('can be photographed', () => {
    writeFileSync(join(folder, 'report.html'), page);
    run('--window-size=1240,1200', `--screenshot=${join(folder, 'report.png')}`, `file://${join(folder, 'report.html')}`);
    expect(statSync(join(folder, 'report.png')).size).toBeGreaterThan(20_000);
  });
});
