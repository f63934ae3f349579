import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { context as flags } from '../cdk.json';
import { RIGHT_KEY } from './domain/sample-keys';
import { lifecycleRulesIn } from './support/lifecycle';
import { actionsOf, type Resource, type Statement } from './support/stacks';

const ROOT = join(__dirname, '..');
const FOLDER = join(ROOT, 'examples');
const EXAMPLES = readdirSync(FOLDER).filter((file) => file.endsWith('.ts'));

/** What the CDK CLI passes on: the flags of cdk.json, and what a reader gives with -c. */
const CONTEXT = { ...flags, 'aws:cdk:disable-asset-staging': true, bucketName: 'archive', keyArn: RIGHT_KEY };

/** The only ones: what synthesis cannot know, and what the example tells its reader to acknowledge. */
const WARNINGS: Readonly<Record<string, readonly string[]>> = {
  'report-only.ts': ['Annotation::cdk-s3-encryption-guard:EventBridgeOfImportedBucket'],
};

const outputs = mkdtempSync(join(tmpdir(), 'examples-'));
afterAll(() => rmSync(outputs, { recursive: true, force: true }));

/** As the CDK CLI does it: an app learns from its environment where to write, and does so at the end of its process. */
beforeAll(() => {
  // One process for all, since loading the CDK is what takes the time.
  const script = EXAMPLES.map((file) => {
    const [output, path] = [join(outputs, file), join(FOLDER, file)].map((text) => JSON.stringify(text));
    return `process.env.CDK_OUTDIR = ${output}; require(${path});`;
  });
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, CDK_CONTEXT_JSON: JSON.stringify(CONTEXT) };
  execFileSync(process.execPath, ['--import', 'tsx', '--eval', script.join('\n')], { cwd: ROOT, env, stdio: 'pipe' });
});

/** The only stack of an example. */
function stackOf(file: string) {
  const { stacks } = new CloudAssembly(join(outputs, file));
  expect(stacks).toHaveLength(1);
  // biome-ignore lint/style/noNonNullAssertion: the line above says so
  return stacks[0]!;
}

function resourcesOf(file: string, type: string): Record<string, Resource> {
  const resources = Object.entries(stackOf(file).template.Resources as Record<string, Resource>);
  return Object.fromEntries(resources.filter(([, { Type }]) => Type === type));
}

// biome-ignore lint/suspicious/noExplicitAny: the shape depends on the type of the resource
const propertiesOf = (file: string, type: string): any[] => Object.values(resourcesOf(file, type)).map(({ Properties }) => Properties);

/** What the enforcers of an example are told, a line for each bucket. */
function rulesOf(file: string): string[] {
  return propertiesOf(file, 'AWS::SSM::Parameter').map(({ Value }) => {
    const parts: unknown[] = typeof Value === 'string' ? [Value] : Value['Fn::Join'][1];
    const { action, require } = JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'token')).join(''));
    return `${require.scheme}: ${action}`;
  });
}

/** The default encryption of all buckets but the quarantine, which is the enforcer's. */
function defaultEncryptionOf(file: string): unknown[] {
  const buckets = Object.entries(resourcesOf(file, 'AWS::S3::Bucket')).filter(([id]) => !id.includes('Quarantine'));
  return buckets.map(([, { Properties }]) => {
    const { SSEAlgorithm, KMSMasterKeyID } = Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault;
    return [SSEAlgorithm, KMSMasterKeyID];
  });
}

const onlyKeyBut = (file: string, ...others: string[]) =>
  Object.keys(resourcesOf(file, 'AWS::KMS::Key')).filter((id) => !others.some((other) => id.includes(other)));

describe('each example', () => {
  test.each(EXAMPLES)('%s says how it is run, and that the package is imported instead', (file) => {
    const comment = /^\/\*\*(.*?)\*\//s.exec(readFileSync(join(FOLDER, file), 'utf8'))?.[1] ?? '';
    expect(comment).toContain(`npx cdk deploy --app "npx tsx examples/${file}"`);
    expect(comment).toContain("import from 'cdk-s3-encryption-guard' instead of '../lib'");
  });

  test.each(EXAMPLES)('%s is synthesised without warnings, but for what its reader must see to', (file) => {
    // Written only if something was validated.
    const { pluginReports } = JSON.parse(readFileSync(join(outputs, file, 'validation-report.json'), 'utf8'));
    const found = pluginReports.flatMap(({ violations }: { violations: { ruleName: string }[] }) =>
      violations.map(({ ruleName }) => ruleName),
    );
    expect(found).toEqual(WARNINGS[file] ?? []);
    expect(stackOf(file).messages).toHaveLength(WARNINGS[file]?.length ?? 0);
  });

  test.each(EXAMPLES)('%s has no lifecycle rule that CloudFormation refuses', (file) => {
    const { count, refused } = lifecycleRulesIn(stackOf(file).template.Resources);
    expect(count).toBeGreaterThan(0);
    expect(refused).toEqual([]);
  });

  test('stands in the table of examples/README.md', () => {
    const table = readFileSync(join(FOLDER, 'README.md'), 'utf8').matchAll(/^\| \[(.+?)\]\((.+?)\)/gm);
    expect([...table].map(([, name, link]) => (name === link ? name : `${name} → ${link}`)).sort()).toEqual(EXAMPLES);
  });
});

test('one-line-bucket.ts makes a bucket under a key of its own, and quarantines what is not', () => {
  const [key] = onlyKeyBut('one-line-bucket.ts', 'Quarantine');
  expect(defaultEncryptionOf('one-line-bucket.ts')).toEqual([['aws:kms', { 'Fn::GetAtt': [key, 'Arn'] }]]);
  expect(rulesOf('one-line-bucket.ts')).toEqual(['SSE-KMS: quarantine']);
});

test('existing-bucket.ts leaves the bucket its logical id, and refuses uploads that name another encryption', () => {
  const buckets = Object.keys(resourcesOf('existing-bucket.ts', 'AWS::S3::Bucket'));
  expect(buckets).toContain('Records091F6ECA');
  expect(buckets).toHaveLength(2);
  const policy = propertiesOf('existing-bucket.ts', 'AWS::S3::BucketPolicy').find(({ Bucket }) => Bucket.Ref === 'Records091F6ECA');
  const sids = policy.PolicyDocument.Statement.map(({ Sid }: Statement) => Sid);
  expect(sids).toEqual(expect.arrayContaining(['DenyWrongEncryption', 'DenyCustomerProvidedKeys']));
  expect(rulesOf('existing-bucket.ts')).toEqual(['SSE-KMS: quarantine']);
});

describe('shared-enforcer.ts', () => {
  const file = 'shared-enforcer.ts';

  test('verifies three buckets, each by its own rule, with one function and one quarantine', () => {
    expect(rulesOf(file).sort()).toEqual(['DSSE-KMS: quarantine', 'SSE-KMS: quarantine', 'SSE-S3: tag']);
    expect(propertiesOf(file, 'AWS::Lambda::Function')).toHaveLength(1);
    expect(Object.keys(resourcesOf(file, 'AWS::S3::Bucket'))).toHaveLength(4);
  });

  test('lets both, alarms and violations, reach the topic that they are sent to', () => {
    const [topic] = Object.keys(resourcesOf(file, 'AWS::SNS::Topic'));
    const alarms = propertiesOf(file, 'AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(3);
    for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual([{ Ref: topic }]);
    const statements: Statement[] = propertiesOf(file, 'AWS::SNS::TopicPolicy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    const publishers = allowed.flatMap(({ Principal }) => (Principal as { Service: string | string[] }).Service);
    expect(publishers.sort()).toEqual(['cloudwatch.amazonaws.com', 'events.amazonaws.com']);
  });
});

describe('report-only.ts', () => {
  const file = 'report-only.ts';

  test('changes nothing of the bucket: it makes none but the quarantine, and no policy but that of it', () => {
    expect(rulesOf(file)).toEqual(['SSE-KMS: report']);
    const [quarantine, ...others] = Object.keys(resourcesOf(file, 'AWS::S3::Bucket'));
    expect(others).toEqual([]);
    expect(propertiesOf(file, 'AWS::S3::BucketPolicy').map(({ Bucket }) => Bucket)).toEqual([{ Ref: quarantine }]);
  });

  test('lets the enforcer do nothing to objects but look at them', () => {
    const statements: Statement[] = propertiesOf(file, 'AWS::IAM::Policy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const onBucket = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('archive'));
    const actions = [...new Set(onBucket.flatMap(actionsOf).filter((action) => action.startsWith('s3:')))];
    expect(actions).toContain('s3:GetObjectVersion');
    expect(actions.filter((action) => /Put|Delete|Restore|Update|\*/.test(action))).toEqual([]);
  });
});

test('existing-key.ts encrypts under the given key, and makes none but that of the quarantine', () => {
  expect(defaultEncryptionOf('existing-key.ts')).toEqual([['aws:kms', RIGHT_KEY]]);
  expect(onlyKeyBut('existing-key.ts', 'Quarantine')).toEqual([]);
});
