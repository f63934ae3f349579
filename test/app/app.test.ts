import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { deployed, documentIn, EVERYTHING, EXAMPLES, FLAGS, ROOT, SHIPPED } from '../support/guard-app';
import { ENV } from '../support/stacks';

const folder = mkdtempSync(join(tmpdir(), 'test-app-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As the CDK CLI runs it: a program of its own, that is told by its environment. */
function runApp(name: string, context: object = FLAGS): SpawnSyncReturns<string> & { out: string } {
  const cwd = join(folder, name);
  const out = join(cwd, 'cdk.out');
  mkdirSync(cwd, { recursive: true });
  const env = { PATH: process.env['PATH'], CDK_OUTDIR: out, CDK_DEFAULT_ACCOUNT: ENV.account, CDK_DEFAULT_REGION: ENV.region };
  const told = { ...env, CDK_CONTEXT_JSON: JSON.stringify({ config: join(ROOT, 's3-encryption-guard.json'), ...context }) };
  const args = ['--require', require.resolve('tsx/cjs'), join(ROOT, 'bin', 'app.ts')];
  return { ...spawnSync(process.execPath, args, { cwd, env: told, encoding: 'utf8' }), out };
}

/** With an absolute path, since the app runs elsewhere. */
function runAppWith(name: string, configuration: string) {
  const config = join(folder, `${name}.json`);
  writeFileSync(config, configuration);
  return { config, ...runApp(name, { ...FLAGS, config }) };
}

function hashesIn(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(root, name)).isFile());
  return Object.fromEntries(
    files.sort().map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(root, name)))
        .digest('hex'),
    ]),
  );
}

const nameOf = (path: string) => basename(path, '.json');

test('cdk.json has every feature flag that CDK recommends, and the path of the configuration', () => {
  expect(FLAGS).toEqual({ ...recommendedFlags, config: 's3-encryption-guard.json' });
});

const STACKS: Readonly<Record<string, number>> = { 'one-account': 3, 'key-and-data': 3, 'central-audit': 10 };

describe('the app as the CLI runs it', () => {
  test.each<[string, unknown, number]>([
    ['s3-encryption-guard.json', SHIPPED, 1],
    ['test/app/everything.json', EVERYTHING, 9],
    ...EXAMPLES.map((path): [string, unknown, number] => [path, documentIn(path), STACKS[nameOf(path)] ?? 0]),
  ])('synthesises %s without a word, twice the same byte for byte, wherever it runs', (path, document, stacks) => {
    const text = JSON.stringify(deployed(document));
    const once = runAppWith(`once-${nameOf(path)}`, text);
    const again = runAppWith(`in-a-folder-of-another-name-${nameOf(path)}`, text);
    expect([once.stdout, once.stderr, once.status]).toEqual(['', '', 0]);
    expect(Object.keys(hashesIn(once.out)).filter((name) => name.endsWith('.template.json'))).toHaveLength(stacks);
    expect(hashesIn(again.out)).toEqual(hashesIn(once.out));
  });

  test('leaves out what waits for another account, says what to do next, and makes the rest', () => {
    const { status, stdout, stderr, out } = runApp('first', { ...FLAGS, config: join(ROOT, 'bin/examples/central-audit.json') });
    expect([status, stdout]).toEqual([0, '']);
    const said = stderr.replaceAll(join(ROOT, 'bin/examples/central-audit.json'), 'FILE').trim().split('\n');
    expect(said).toEqual([
      'Left out, until the configuration says the ARN of the key Exchange: S3EncryptionGuard, S3EncryptionGuard-Monitoring, S3EncryptionAudit, ' +
        'S3EncryptionAudit-Monitoring, S3EncryptionGuard-Trail.',
      '  With credentials of 111111111111: npx cdk deploy S3EncryptionKeys -c config=FILE',
      '  Then write the output KeyArnExchange into keys[0].keys[0].arn.',
      'Left out, until the configuration says bucket and key of the audit: S3EncryptionGuard-Trail, S3EncryptionKeys-Trail.',
      '  With credentials of 333333333333: npx cdk deploy S3EncryptionAudit -c config=FILE',
      '  Then write the outputs AuditBucketName and AuditKeyArn into audit.delivery.bucketName and audit.delivery.keyArn.',
    ]);
    const made = Object.keys(hashesIn(out)).filter((name) => name.endsWith('.template.json'));
    expect(made.map((name) => name.replace('.template.json', '')).sort()).toEqual([
      'S3EncryptionGuard-Frankfurt',
      'S3EncryptionGuard-Frankfurt-Monitoring',
      'S3EncryptionKeys',
      'S3EncryptionKeys-Monitoring',
    ]);
  });

  test.each([
    [
      'faulty',
      '{ "data": [{ "buckets": [{ "id": "x", "scheme": "kms" }] }] }',
      /2 faults[\s\S]*buckets\[0\]\.id [\s\S]*buckets\[0\]\.scheme/,
    ],
    ['broken', '{\n  "data": [],\n}', /is not JSON: property name expected \(line 3 column 1\)/],
  ])('says what is wrong with a %s configuration, and makes nothing', (name, text, said) => {
    const { status, stdout, stderr, out, config } = runAppWith(name, text);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(said);
    expect(stderr).toContain(config);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(hashesIn(out)).toEqual({});
  });

  test("holds keys against the Region of the CLI's profile", () => {
    const keys = [`arn:aws:kms:eu-central-1:${ENV.account}:key/11111111-2222-3333-4444-555555555555`];
    const { status, stderr } = runAppWith('elsewhere', JSON.stringify({ data: [{ buckets: [{ id: 'Data', keys }] }] }));
    expect(status).toBe(1);
    expect(stderr).toContain(`data[0].buckets[0].keys[0] is not in ${ENV.region}, the Region of the CLI's profile`);
  });

  test('refuses a template that CloudFormation would refuse, before it is sent there', () => {
    const prefixes = Array.from({ length: 16 }, (_, index) => ({ prefix: `team-${index}/`, scheme: 'DSSE-KMS' }));
    const buckets = Array.from({ length: 70 }, (_, index) => ({ id: `Bucket${index}`, prefixes }));
    const { status, stderr } = runAppWith('large', JSON.stringify({ data: [{ buckets }] }));
    expect(stderr).toMatch(/^S3EncryptionGuard: its template is larger than the 1000000 bytes .* \(got \d{7}\)\. Move some/m);
    expect(status).toBe(1);
  });

  test('says which configuration it misses', () => {
    const { status, stderr } = runApp('missing', { ...FLAGS, config: 'nowhere.json' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^nowhere\.json: one fault; nothing was synthesised\.\n {2}cannot be read: ENOENT/);
  });
});
