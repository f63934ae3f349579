import { UPLOAD_MATRIX } from '../../demo/upload-matrix';
import { runDemo } from '../support/run-demo';

test('the demo shows every row as expected, and writes down what it saw', async () => {
  const { said, exitCode, result, report } = await runDemo();
  expect(said).toContain(' 0 did not.');
  expect(exitCode).toBe(0);
  expect(result.engine).toMatchObject({ endpoint: process.env['AWS_ENDPOINT_URL'], startedByDemo: false });
  expect(result.rows.length).toBeGreaterThanOrEqual(30);
  expect(result.releases?.map(({ observed }) => observed)).toEqual(result.releases?.map(({ expected }) => expected));
  expect(result.releases).toHaveLength(9);
  expect(result.rows.filter(({ ok, expected, observed }) => !ok || expected !== observed)).toEqual([]);
  expect(result.rows.length + result.skipped.filter(({ upload }) => upload !== undefined).length).toBe(UPLOAD_MATRIX.length);
  expect(report).toContain(`All ${result.rows.length} uploads ended as expected`);
}, 180_000);

test('--report-only shows what would differ: every row as expected, nothing denied, nothing touched', async () => {
  const { said, exitCode, result } = await runDemo('--report-only');
  expect(said).toContain(' 0 did not.');
  expect(exitCode).toBe(0);
  expect(result.rows.filter(({ ok }) => !ok)).toEqual([]);
  const kinds = new Set(result.rows.map(({ policyAnswer, action, whereabouts }) => [policyAnswer, action, whereabouts].join()));
  expect([...kinds].sort()).toEqual(['Allowed,none,its bucket', 'Allowed,reported,its bucket']);
  // The old default of a bucket that is to require SSE-KMS.
  expect(said).toMatch(/SSE-KMS +no header +wrong-scheme +4\n/);
  expect(said).toMatch(/uploads are as required already; \d+ were reported, and nothing was touched\./);
}, 180_000);
