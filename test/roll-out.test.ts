import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { context as flags } from '../cdk.json';
import { at } from './support/ask-athena';
import { answerOf } from './support/athena-in-duckdb';
import { KEY, OTHER_KEY, objectEvent, READER, WRITER } from './support/cloudtrail-events';
import { type Resource, type Statement, textOf } from './support/stacks';

const ROOT = join(__dirname, '..');
const GUIDE = readFileSync(join(ROOT, 'docs', 'roll-out.md'), 'utf8');
const EXAMPLE = join(ROOT, 'examples', 'roll-out.ts');
const STEPS = ['report', 'accept', 'enforce', 'require', 'strict'] as const;

const outputs = mkdtempSync(join(tmpdir(), 'roll-out-'));
afterAll(() => rmSync(outputs, { recursive: true, force: true }));

const contextOf = (step: string) => JSON.stringify({ ...flags, 'aws:cdk:disable-asset-staging': true, step });

/** All in one process, since loading the CDK is what takes the time. */
function synthesise(...steps: string[]): void {
  const script = steps.map((step) => {
    const [output, context, path] = [join(outputs, step), contextOf(step), EXAMPLE].map((text) => JSON.stringify(text));
    const environment = `process.env.CDK_OUTDIR = ${output}; process.env.CDK_CONTEXT_JSON = ${context};`;
    return `${environment} delete require.cache[require.resolve(${path})]; require(${path});`;
  });
  execFileSync(process.execPath, ['--import', 'tsx', '--eval', script.join('\n')], { cwd: ROOT, env: process.env, stdio: 'pipe' });
}

beforeAll(() => synthesise(...STEPS), 120_000);

function resourcesOf(step: string, type: string): [string, Resource][] {
  const folder = join(outputs, step);
  const file = readdirSync(folder).find((name) => name.endsWith('.template.json')) ?? '';
  const { Resources } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { Resources: Record<string, Resource> };
  return Object.entries(Resources).filter(([, { Type }]) => Type === type);
}

const bucketOf = (step: string) => resourcesOf(step, 'AWS::S3::Bucket').find(([id]) => id.startsWith('Records'));

function statementsOf(step: string): Statement[] {
  const policies = resourcesOf(step, 'AWS::S3::BucketPolicy').filter(([, { Properties }]) => Properties.Bucket.Ref?.startsWith('Records'));
  return policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
}

const sidsOf = (step: string) => statementsOf(step).flatMap(({ Sid = '' }) => Sid);
/** The rule that the enforcer reads, with references left out. */
const ruleOf = (step: string) => resourcesOf(step, 'AWS::SSM::Parameter').map(([, { Properties }]) => JSON.parse(textOf(Properties.Value)));

/** Schemes that the policy lets uploads name. */
function namable(step: string): unknown {
  const deny = statementsOf(step).find(({ Sid }) => Sid === 'DenyWrongEncryption');
  return Object.values(deny?.Condition?.['StringNotEquals'] ?? {})[0];
}

describe('the five steps', () => {
  test('change one and the same bucket: it keeps its logical id, so that nothing in it is lost', () => {
    expect(new Set(STEPS.map((step) => bucketOf(step)?.[0])).size).toBe(1);
  });

  test('report: no policy, and the default that the bucket has', () => {
    expect(statementsOf('report')).toEqual([]);
    expect(bucketOf('report')?.[1].Properties.BucketEncryption).toBeUndefined();
    expect(ruleOf('report')).toMatchObject([{ action: 'report' }]);
  });

  test.each([
    ['accept', ['aws:kms', 'AES256'], 'report'],
    ['enforce', ['aws:kms', 'AES256'], 'quarantine'],
    ['require', ['aws:kms'], 'quarantine'],
    ['strict', ['aws:kms'], 'quarantine'],
  ])('%s: uploads may name %j, and the action is %s', (step, schemes, action) => {
    expect(namable(step)).toEqual(schemes);
    expect(ruleOf(step)).toMatchObject([{ action }]);
    const [rule] = bucketOf(step)?.[1].Properties.BucketEncryption.ServerSideEncryptionConfiguration ?? [];
    expect(rule.ServerSideEncryptionByDefault.SSEAlgorithm).toBe('aws:kms');
  });

  test('strict alone refuses uploads that name nothing', () => {
    const added = sidsOf('strict').filter((sid) => !sidsOf('require').includes(sid));
    expect(added.length).toBeGreaterThan(0);
    for (const sid of added) {
      const statement = statementsOf('strict').find(({ Sid }) => Sid === sid);
      expect(JSON.stringify(statement?.Condition?.['Null'])).toContain('s3:x-amz-server-side-encryption');
    }
  });

  test('an unknown one is refused, with those that there are', () => {
    expect(() => synthesise('guess')).toThrow(/there is no such step. Take one of report, accept, enforce, require, strict\./);
  });
});

describe('the guide', () => {
  test('shows the code of the example, which is compiled and synthesised here', () => {
    const lines = (text: string) => text.split('\n').map((line) => line.trim());
    const known = new Set(lines(readFileSync(EXAMPLE, 'utf8')));
    const shown = [...GUIDE.matchAll(/```ts\n(.*?)```/gs)].flatMap(([, code = '']) => lines(code).filter((line) => line !== ''));
    expect(shown).toHaveLength(3 + 1 + 4 * 2);
    expect(shown.filter((line) => !known.has(line))).toEqual([]);
  });

  test('has a section for each step, in their order', () => {
    const sections = [...GUIDE.matchAll(/^## \d\. (\w+)/gm)].map(([, name = '']) => name.toLowerCase());
    expect(sections).toEqual([...STEPS]);
  });

  test('asks the trail who uploads, and how: a row for each principal, bucket and encryption', async () => {
    const [, query = ''] = /```sql\n(.*?)```/s.exec(GUIDE) ?? [];
    const put = (time: string, sseApplied: string, by = WRITER, kmsKey?: string) =>
      objectEvent({ at: at(time), name: 'PutObject', bucket: 'records', key: `k${time}`, sseApplied, by, ...(kmsKey && { kmsKey }) });
    const log = [
      put('09:00:00', 'Default_SSE_S3'),
      put('09:10:00', 'Default_SSE_S3'),
      put('09:20:00', 'SSE_S3', READER),
      put('09:30:00', 'SSE_KMS', WRITER, KEY),
      put('09:40:00', 'SSE_KMS', READER, OTHER_KEY),
      { ...put('09:45:00', 'SSE_S3', READER), errorCode: 'AccessDenied' },
      objectEvent({ at: at('09:50:00'), name: 'GetObject', bucket: 'records', key: 'k', sseApplied: 'SSE_KMS' }),
    ];
    const rows = await answerOf(query, log, '2026-11-20T12:00:00Z');
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['records', WRITER, 'Default_SSE_S3', null, '2', at('09:10:00')],
      ['records', READER, 'SSE_KMS', OTHER_KEY, '1', at('09:40:00')],
      ['records', READER, 'SSE_S3', null, '1', at('09:20:00')],
      ['records', WRITER, 'SSE_KMS', KEY, '1', at('09:30:00')],
    ]);
    expect(Object.keys(rows[0] ?? {})).toEqual(['bucket', 'principal', 'sse_applied', 'key_told_by_s3', 'uploads', 'last_at']);
  });
});
