import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RIGHT_KEY } from './domain/sample-keys';
import {
  defaultEncryptionOf,
  FOLDER,
  onlyKeyBut,
  outputs,
  propertiesOf,
  resourcesOf,
  rulesOf,
  SHARED_KEY,
  stacksOf,
  statementsOn,
  synthesise,
} from './support/example-outputs';
import { lifecycleRulesIn } from './support/lifecycle';
import { actionsOf, type Resource, type Statement, textOf } from './support/stacks';

const EXAMPLES = readdirSync(FOLDER).filter((file) => file.endsWith('.ts'));

/** What a reader gives with -c. */
const VENDOR = 'arn:aws:iam::444455556666:role/upload';
const CONTEXT = { bucketName: 'archive', keyArn: RIGHT_KEY, sharedKeyArn: SHARED_KEY, vendorArn: VENDOR };

/** The only ones: what synthesis cannot know, and what the example tells its reader to acknowledge. */
const WARNINGS: Readonly<Record<string, readonly string[]>> = {
  'imported-bucket.ts': [
    'Annotation::cdk-s3-encryption-guard:EventBridgeOfImportedBucket',
    'Annotation::cdk-s3-encryption-guard:TaggedObjectsOfImportedBucket',
  ],
  'report-only.ts': ['Annotation::cdk-s3-encryption-guard:EventBridgeOfImportedBucket'],
};

afterAll(() => rmSync(outputs, { recursive: true, force: true }));

beforeAll(() => synthesise(EXAMPLES, CONTEXT));

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
    expect(stacksOf(file).flatMap(({ messages }) => messages)).toHaveLength(WARNINGS[file]?.length ?? 0);
  });

  test.each(EXAMPLES)('%s has no lifecycle rule that CloudFormation refuses', (file) => {
    const found = stacksOf(file).map(({ template }) => lifecycleRulesIn(template.Resources));
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(0);
    expect(found.flatMap(({ refused }) => refused)).toEqual([]);
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
  const sids = statementsOn('existing-bucket.ts', 'Records091F6ECA').map(({ Sid }) => Sid);
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

describe('migration.ts', () => {
  const file = 'migration.ts';
  const statements = (sid: RegExp) => statementsOn(file, 'Records').filter(({ Sid = '' }) => sid.test(Sid));

  test('gives uploads that say nothing the new key, and accepts the old key and SSE-S3 beside it', () => {
    const [key] = onlyKeyBut(file, 'Quarantine', 'Cards');
    expect(defaultEncryptionOf(file)).toEqual([['aws:kms', { 'Fn::GetAtt': [key, 'Arn'] }]]);
    expect(rulesOf(file)).toEqual(['SSE-KMS or SSE-KMS or SSE-S3: quarantine']);
    const [wrongKey] = statements(/^DenyWrongKey$/);
    expect(Object.values(wrongKey?.Condition?.['StringNotEquals'] ?? {})).toEqual([[{ 'Fn::GetAtt': [key, 'Arn'] }, RIGHT_KEY]]);
    const [wrongScheme] = statements(/^DenyWrongEncryption$/);
    expect(Object.values(wrongScheme?.Condition?.['StringNotEquals'] ?? {})).toEqual([['aws:kms', 'AES256']]);
  });

  test('demands DSSE-KMS under its own key of cards', () => {
    const [cards] = onlyKeyBut(file, 'Quarantine', 'RecordsKey');
    const [required] = statements(/^RequireAcceptedKeyOnCards/);
    expect(Object.values(required?.Condition?.['StringNotEquals'] ?? {})).toEqual([[{ 'Fn::GetAtt': [cards, 'Arn'] }]]);
    expect(JSON.stringify(required?.Resource)).toContain('/cards/*');
  });

  test('spares the vendor under its prefix, until the end of March', () => {
    const spared = statements(/UnlessExemptOnVendor/);
    const ended = statements(/OnceExemptionEndsOnVendor/);
    expect(spared.length).toBeGreaterThan(1);
    expect(ended).toHaveLength(spared.length);
    for (const { Condition } of spared) expect(Condition?.['ArnNotEquals']).toEqual({ 'aws:PrincipalArn': [VENDOR] });
    for (const { Condition } of ended) expect(Condition?.['DateGreaterThanEquals']).toEqual({ 'aws:CurrentTime': '2027-03-31T00:00:00Z' });
  });
});

describe('client-side-encryption.ts', () => {
  const file = 'client-side-encryption.ts';

  test('looks for the envelope of each object, and quarantines one without', () => {
    expect(rulesOf(file)).toEqual([expect.stringMatching(/^client-side.*: quarantine$/)]);
  });

  test('puts out the name of the bucket, which the client is given', () => {
    const { Value } = stacksOf(file)[0]?.template.Outputs['BucketName'] ?? {};
    expect(Object.keys(resourcesOf(file, 'AWS::S3::Bucket'))).toContain(Value.Ref);
    expect(Value.Ref).toMatch(/^Documents/);
  });
});

describe('whole-app.ts', () => {
  const file = 'whole-app.ts';
  const DATA = ['Billing/Invoices', 'Billing/Letters', 'Reports/Monthly'];
  const buckets = (id: string) => Object.entries(resourcesOf(file, 'AWS::S3::Bucket')).filter(([name]) => name.startsWith(id));

  test.each(DATA)('encrypts %s under the key, refuses uploads that differ, and verifies', (id) => {
    const [[, bucket]] = buckets(id) as [[string, Resource]];
    const [rule] = bucket.Properties.BucketEncryption.ServerSideEncryptionConfiguration;
    expect(rule.ServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: RIGHT_KEY });
    const sids = statementsOn(file, id.split('/')[1] as string).map(({ Sid }) => Sid);
    expect(sids).toEqual(expect.arrayContaining(['DenyWrongEncryption', 'DenyWrongKey', 'DenyReadsOfTaggedObjects']));
    expect(bucket.Properties.NotificationConfiguration).toEqual({ EventBridgeConfiguration: { EventBridgeEnabled: true } });
  });

  test('leaves the bucket of the logs as it was, so that logs are still delivered', () => {
    const [[, bucket]] = buckets('Billing/AccessLogs') as [[string, Resource]];
    const [rule] = bucket.Properties.BucketEncryption.ServerSideEncryptionConfiguration;
    expect(rule).toEqual({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } });
    const policies = propertiesOf(file, 'AWS::S3::BucketPolicy').filter(({ Bucket }) => Bucket.Ref?.startsWith('AccessLogs'));
    expect(JSON.stringify(policies)).not.toContain('Deny');
  });

  test('has one enforcer, with a rule for each of them and for nothing else', () => {
    expect(rulesOf(file)).toEqual(DATA.map(() => 'SSE-KMS: tag'));
    expect(Object.keys(resourcesOf(file, 'AWS::S3::Bucket'))).toHaveLength(DATA.length + 2);
    expect(Object.keys(resourcesOf(file, 'AWS::Lambda::Function')).filter((id) => id.startsWith('Guard/'))).toHaveLength(1);
  });
});

describe('imported-bucket.ts', () => {
  const file = 'imported-bucket.ts';
  /** As CloudFormation gives it to whoever asks for the outputs of the stack. */
  const output = (name: string): { Version: string; Statement: Statement[] } => {
    const { Value } = stacksOf(file)[0]?.template.Outputs[name] ?? {};
    const known: Readonly<Record<string, string>> = {
      'AWS::Partition': 'aws',
      'AWS::AccountId': '111122223333',
      'AWS::Region': 'eu-west-1',
    };
    return JSON.parse(textOf(Value, known));
  };

  test('hands the owner a policy that denies what is not required, for that bucket', () => {
    const { Version, Statement } = output('EncryptionPolicy');
    expect(Version).toBe('2012-10-17');
    expect(Statement.map(({ Sid }) => Sid)).toEqual(expect.arrayContaining(['DenyInsecureTransport', 'DenyWrongKey', 'DenyKmsWithoutKey']));
    for (const { Effect, Resource } of Statement) {
      expect(Effect).toBe('Deny');
      for (const arn of [Resource].flat()) expect(arn).toMatch(/^arn:aws:s3:::archive(\/\*)?$/);
    }
  });

  test('hands the owner the statements that close tagged objects to all but the enforcer', () => {
    const { Statement } = output('ViolationTagPolicy');
    const [reads] = Statement;
    expect(reads?.Sid).toBe('DenyReadsOfTaggedObjects');
    const [arn] = [reads?.Condition?.['ArnNotEquals']?.['aws:PrincipalArn']].flat();
    expect(arn).toMatch(/^arn:aws:iam::111122223333:role\/ImportedBucket-Enforcer-[0-9a-f]{8}-eu-west-1$/);
  });

  test('changes nothing of the bucket', () => {
    expect(rulesOf(file)).toEqual(['SSE-KMS: tag']);
    expect(Object.keys(resourcesOf(file, 'AWS::S3::Bucket'))).toHaveLength(1);
    expect(propertiesOf(file, 'AWS::S3::BucketPolicy').map(({ Bucket }) => Bucket.Ref)).toEqual(
      Object.keys(resourcesOf(file, 'AWS::S3::Bucket')),
    );
  });
});
