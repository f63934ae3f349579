import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { acknowledgeFindings } from '../../bin/stacks/acknowledgements';
import { EVERYTHING, FLAGS, newDataStack, ROOT, SHIPPED } from '../support/guard-app';
import { complaintsOf, ENV } from '../support/stacks';
import { summaryOf } from '../support/template-summary';

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

test('cdk.json has every feature flag that CDK recommends, and the path of the configuration', () => {
  expect(FLAGS).toEqual({ ...recommendedFlags, config: 's3-encryption-guard.json' });
});

describe('the app as the CLI runs it', () => {
  test.each([
    ['shipped', 's3-encryption-guard.json', 'S3EncryptionGuard'],
    ['with everything in it', 'test/app/everything.json', 'Everything'],
  ])('synthesises the configuration %s without a word, twice the same byte for byte, wherever it runs', (_, file, stackName) => {
    const context = { ...FLAGS, config: join(ROOT, file) };
    const once = runApp(`once-${stackName}`, context);
    const again = runApp(`in-a-folder-of-another-name-${stackName}`, context);
    expect([once.stdout, once.stderr, once.status]).toEqual(['', '', 0]);
    expect(Object.keys(hashesIn(once.out))).toContain(`${stackName}.template.json`);
    expect(hashesIn(again.out)).toEqual(hashesIn(once.out));
  });

  test.each([
    ['faulty', '{ "buckets": [{ "id": "x", "scheme": "kms" }] }', /2 faults[\s\S]*buckets\[0\]\.id [\s\S]*buckets\[0\]\.scheme/],
    ['broken', '{\n  "buckets": [],\n}', /is not JSON: property name expected \(line 3 column 1\)/],
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
    const { status, stderr } = runAppWith('elsewhere', JSON.stringify({ buckets: [{ id: 'Data', keys }] }));
    expect(status).toBe(1);
    expect(stderr).toContain(`buckets[0].keys[0] is not in ${ENV.region}, the Region of the CLI's profile`);
  });

  test('says which configuration it misses', () => {
    const { status, stderr } = runApp('missing', { ...FLAGS, config: 'nowhere.json' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^nowhere\.json: one fault; nothing was synthesised\.\n {2}cannot be read: ENOENT/);
  });
});

describe.each([
  ['shipped', SHIPPED],
  ['with everything in it', EVERYTHING],
  ['with a topic that exists', { ...(SHIPPED as object), alarms: { topicArn: `arn:aws:sns:${ENV.region}:${ENV.account}:alarms` } }],
])('the stack of the configuration %s', (_, document) => {
  test('gives CDK nothing to complain of, but prints what a topic of others has to let in', () => {
    const { stack, config } = newDataStack(document);
    acknowledgeFindings(stack, config);
    const isPrinted = (complaint: string) => complaint.includes('may reach the given topic');
    expect(complaintsOf(stack).filter((complaint) => !isPrinted(complaint))).toEqual([]);
    expect(complaintsOf(stack).some(isPrinted)).toBe(config.alarms.topicArn !== undefined);
  });

  test('has an action for each alarm, access logs of each bucket but their own, and keeps whatever holds data', () => {
    const template = Template.fromStack(newDataStack(document).stack);
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    const buckets = Object.entries(template.findResources('AWS::S3::Bucket'));
    const keys = Object.values(template.findResources('AWS::KMS::Key'));
    expect(alarms.length).toBeGreaterThan(4);
    expect(alarms.filter(({ Properties }) => Properties.AlarmActions?.length !== 1)).toEqual([]);
    expect(buckets.filter(([, { Properties }]) => !Properties.LoggingConfiguration).map(([id]) => id)).toEqual([
      expect.stringMatching(/^AccessLogsBucket/),
    ]);
    const kept = [...buckets.map(([, resource]) => resource), ...keys, ...Object.values(template.findResources('AWS::S3::BucketPolicy'))];
    expect(kept.filter(({ UpdateReplacePolicy }) => UpdateReplacePolicy !== 'Retain')).toEqual([]);
    // What a first deployment that failed leaves behind would be in the way of the next one.
    expect(kept.filter(({ DeletionPolicy }) => DeletionPolicy !== 'RetainExceptOnCreate')).toEqual([]);
  });
});

/** CloudFormation replaces what changes its logical id, and what is replaced is empty. A change here loses somebody's data. */
const STATEFUL: Readonly<Record<string, string>> = {
  AccessLogsBucketCD784A59: 'AWS::S3::Bucket',
  AlarmsTopic3A2DFEBA: 'AWS::SNS::Topic',
  BucketsDataBucket0B5F6670: 'AWS::S3::Bucket',
  BucketsDataKeyB74BBA54: 'AWS::KMS::Key',
  EnforcerEventsDeadLetters9B2F6511: 'AWS::SQS::Queue',
  EnforcerEventsLargeObjects8BDA8365: 'AWS::SQS::Queue',
  EnforcerEventsQueueF01834EF: 'AWS::SQS::Queue',
  EnforcerEventsUndelivered24F38253: 'AWS::SQS::Queue',
  EnforcerFunctionLogsA71062D2: 'AWS::Logs::LogGroup',
  EnforcerQuarantineBucket3DD905E7: 'AWS::S3::Bucket',
  EnforcerQuarantineKey57D7865B: 'AWS::KMS::Key',
  EnforcerS3EncryptionGuardBucketsDataBucket2a54cddbRule726D4EE3: 'AWS::SSM::Parameter',
  OperationsKey2329F47A: 'AWS::KMS::Key',
};

const HOLDS_STATE = /^AWS::(S3::Bucket|KMS::Key|SQS::Queue|SNS::Topic|Logs::LogGroup|SSM::Parameter)$/;

describe('the template of the shipped configuration', () => {
  const template = Template.fromStack(newDataStack(SHIPPED).stack).toJSON();

  test('keeps the logical ids of everything that holds state', () => {
    const resources = Object.entries(template['Resources'] as Record<string, { Type: string }>);
    const stateful = resources.filter(([, { Type }]) => HOLDS_STATE.test(Type)).map(([id, { Type }]) => [id, Type]);
    expect(Object.fromEntries(stateful)).toEqual(STATEFUL);
  });

  test('is the reviewed one: UPDATE_TEMPLATE=1 writes test/app/template.txt anew', () => {
    const reviewed = join(__dirname, 'template.txt');
    if (process.env['UPDATE_TEMPLATE'] === '1') writeFileSync(reviewed, summaryOf(template as Parameters<typeof summaryOf>[0]));
    expect(summaryOf(template as Parameters<typeof summaryOf>[0])).toBe(readFileSync(reviewed, 'utf8'));
  });
});
