import { Duration, RemovalPolicy, Size, type Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { KeyAuditTrail, type KeyAuditTrailProps } from '../../lib';
import { RIGHT_KEY } from '../domain/sample-keys';
import { bucketEvent, type CloudTrailRecord, KEY, kmsEvent, objectEvent } from '../support/cloudtrail-events';
import {
  bucketResource,
  complaintsOf,
  FLAG_SETS,
  newStack,
  onlyResourceOf,
  type Resource,
  resourceOf,
  resourcesOf,
  type Statement,
  textOf,
} from '../support/stacks';
import { isRecorded, type RenderedSelector } from '../support/trail-recorder';

const NAME = 'records-111122223333';
const OTHER_TRAIL = 'arn:aws:cloudtrail:eu-west-1:222222222222:trail/data-audit';

function auditOf(stack: Stack, props: Partial<KeyAuditTrailProps> = {}): KeyAuditTrail {
  const buckets = props.buckets ?? [new s3.Bucket(stack, 'Records', { bucketName: NAME })];
  return new KeyAuditTrail(stack, 'Audit', { ...props, buckets });
}

const trailIn = (stack: Stack) => onlyResourceOf(stack, 'AWS::CloudTrail::Trail').Properties;

describe('the trail', () => {
  test.each(FLAG_SETS)('synthesises without a complaint, with %s', (_, flags) => {
    const stack = newStack({ flags });
    const serverAccessLogsBucket = new s3.Bucket(stack, 'AccessLogs', { encryption: s3.BucketEncryption.S3_MANAGED });
    auditOf(stack, { serverAccessLogsBucket, objectLock: s3.ObjectLockRetention.compliance(Duration.days(30)) });
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('covers all Regions and global services, is on, and signs digests of its files', () => {
    const stack = newStack();
    auditOf(stack);
    expect(trailIn(stack)).toMatchObject({
      IsLogging: true,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: true,
    });
    expect(trailIn(stack)).not.toHaveProperty('EventSelectors');
  });

  test('has the ARN that the construct tells, and that policies name', () => {
    const stack = newStack();
    const { trailArn } = auditOf(stack);
    expect(trailArn).toBe(`arn:aws:cloudtrail:eu-west-1:111122223333:trail/${trailIn(stack).TrailName}`);
  });

  test('has another name in another Region, where a stack of the same name would meet its shadow', () => {
    const names = ['eu-west-1', 'us-east-1'].map((region) => {
      const stack = newStack({ env: { account: '111122223333', region } });
      auditOf(stack);
      return trailIn(stack).TrailName;
    });
    expect(new Set(names).size).toBe(2);
  });

  test('has a name that CloudTrail takes, however its construct is called', () => {
    const stack = newStack();
    new KeyAuditTrail(stack, `${'x'.repeat(113)} -- .y`, { buckets: [new s3.Bucket(stack, 'Records')] });
    const { TrailName: name } = trailIn(stack);
    expect(name).toMatch(/^[A-Za-z0-9](?!.*--)[A-Za-z0-9-]{2,127}$/);
  });

  test('is named in the policy of its key by its ARN, in any Region for the encryption context, also where account and Region are not known yet', () => {
    const stack = newStack({ env: {} });
    auditOf(stack);
    expect(complaintsOf(stack)).toEqual([]);
    const name = textOf(trailIn(stack).TrailName, { 'AWS::Region': 'REGION' });
    const statements: Statement[] = onlyResourceOf(stack, 'AWS::KMS::Key').Properties.KeyPolicy.Statement;
    const { StringEquals, StringLike } = statements.find(({ Sid }) => Sid === 'AllowCloudTrailEncrypt')?.Condition ?? {};
    const texts = [StringEquals?.['aws:SourceArn'], StringLike?.['kms:EncryptionContext:aws:cloudtrail:arn']]
      .flat()
      .map((value) => textOf(value, { 'AWS::AccountId': 'ACCOUNT', 'AWS::Region': 'REGION' }));
    expect(texts).toEqual(['REGION', '*'].map((region) => `arn:aws:cloudtrail:${region}:ACCOUNT:trail/${name}`));
  });

  test('waits for the policies of bucket and role', () => {
    const stack = newStack();
    const audit = auditOf(stack);
    const { DependsOn } = resourceOf(stack, audit.trail) as Resource & { DependsOn: string[] };
    expect(DependsOn).toEqual(
      expect.arrayContaining([expect.stringMatching(/AuditBucketPolicy/), expect.stringMatching(/LogDeliveryPolicy/)]),
    );
  });
});

describe('what is recorded', () => {
  const selectors = (() => {
    const stack = newStack();
    auditOf(stack);
    const rendered: { FieldSelectors: Record<string, unknown>[] }[] = trailIn(stack).AdvancedEventSelectors;
    const known = {
      [`${stack.getLogicalId(stack.node.findChild('Records').node.defaultChild as s3.CfnBucket)}.Arn`]: `arn:aws:s3:::${NAME}`,
    };
    const texts = (values: unknown) => (values as unknown[] | undefined)?.map((value) => textOf(value, known));
    return rendered.map(({ FieldSelectors }) => ({
      FieldSelectors: FieldSelectors.map((field) => ({
        Field: field['Field'],
        Equals: texts(field['Equals']),
        StartsWith: texts(field['StartsWith']),
      })),
    })) as RenderedSelector[];
  })();
  const at = '2026-11-19T09:00:00Z';
  const object = (name: string, bucket: string) => objectEvent({ at, name, bucket, key: 'a/1' });

  test.each<[string, CloudTrailRecord]>([
    ['an upload to the guarded bucket', object('PutObject', NAME)],
    ['a download from it', object('GetObject', NAME)],
    ['a re-key in it', object('UpdateObjectEncryption', NAME)],
    ['KMS Decrypt, which is a read', kmsEvent({ at, name: 'Decrypt', kmsKey: KEY, context: `${NAME}/a/1` })],
    ['KMS GenerateDataKey for another bucket', kmsEvent({ at, name: 'GenerateDataKey', kmsKey: KEY, context: 'other' })],
    ['KMS DisableKey', kmsEvent({ at, name: 'DisableKey', kmsKey: KEY, record: { readOnly: false } })],
    ['PutBucketEncryption of any bucket', bucketEvent({ at, name: 'PutBucketEncryption', bucket: 'other' })],
  ])('%s is', (_, event) => {
    expect(isRecorded(selectors, event)).toBe(true);
  });

  test.each<[string, CloudTrailRecord]>([
    ['an upload to a bucket that is not guarded', object('PutObject', 'other')],
    ['one to a bucket whose name begins like the guarded one', object('PutObject', `${NAME}-copy`)],
    ["CloudTrail's delivery to the audit bucket", object('PutObject', 'data-audit-auditbucket')],
    ["Athena's answers", object('PutObject', 'data-audit-results')],
  ])('%s is not', (_, event) => {
    expect(isRecorded(selectors, event)).toBe(false);
  });
});

describe('what is made', () => {
  test('is encrypted under one key that rotates: files, answers, and the log group', () => {
    const stack = newStack();
    const audit = auditOf(stack);
    const arn = stack.resolve(audit.auditKey.keyArn);
    expect(onlyResourceOf(stack, 'AWS::KMS::Key').Properties.EnableKeyRotation).toBe(true);
    expect(trailIn(stack).KMSKeyId).toEqual(arn);
    expect(onlyResourceOf(stack, 'AWS::Logs::LogGroup').Properties.KmsKeyId).toEqual(arn);
    for (const bucket of [audit.auditBucket, audit.resultsBucket] as s3.Bucket[]) {
      const [rule] = bucketResource(stack, bucket).Properties.BucketEncryption.ServerSideEncryptionConfiguration;
      expect(rule.ServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn });
    }
    const { WorkGroupConfiguration: workGroup } = onlyResourceOf(stack, 'AWS::Athena::WorkGroup').Properties;
    expect(workGroup.ResultConfiguration.EncryptionConfiguration).toEqual({ EncryptionOption: 'SSE_KMS', KmsKey: arn });
    expect(workGroup.EnforceWorkGroupConfiguration).toBe(true);
  });

  test('is kept as long as is said, and locked where that is said', () => {
    const stack = newStack();
    const objectLock = s3.ObjectLockRetention.governance(Duration.days(100));
    const audit = auditOf(stack, { retention: Duration.days(400), logRetention: logs.RetentionDays.TWO_YEARS, objectLock });
    const { Properties: bucket } = bucketResource(stack, audit.auditBucket as s3.Bucket);
    const [rule] = bucket.LifecycleConfiguration.Rules;
    expect(rule).toMatchObject({ ExpirationInDays: 400, NoncurrentVersionExpiration: { NoncurrentDays: 400 } });
    expect(bucket.VersioningConfiguration.Status).toBe('Enabled');
    expect(bucket.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({ Mode: 'GOVERNANCE', Days: 100 });
    expect(bucketResource(stack, audit.resultsBucket as s3.Bucket).Properties.ObjectLockConfiguration).toBeUndefined();
    expect(onlyResourceOf(stack, 'AWS::Logs::LogGroup').Properties.RetentionInDays).toBe(731);
  });

  test('stays without its stack by default, policies as well, and goes where that is said', () => {
    const kept = ['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::Logs::LogGroup'];
    const policies = (props: Partial<KeyAuditTrailProps>) => {
      const stack = newStack();
      auditOf(stack, { ...props, buckets: [s3.Bucket.fromBucketName(stack, 'Imported', NAME)] });
      return new Set(kept.flatMap((type) => resourcesOf(stack, type).map(({ DeletionPolicy }) => DeletionPolicy)));
    };
    expect(policies({})).toEqual(new Set(['Retain']));
    expect(policies({ removalPolicy: RemovalPolicy.DESTROY })).toEqual(new Set(['Delete']));
  });
});

describe('the questions', () => {
  const NAMES = [
    ...['object-key-use', 'context-mismatch', 'uploads-by-sse-applied', 'denied-kms-calls', 'insecure-transport'],
    ...['encryption-changes', 'unused-keys'],
  ];

  test('are saved for Athena and for CloudWatch Logs Insights, under the same names', () => {
    const stack = newStack();
    const audit = auditOf(stack);
    expect(resourcesOf(stack, 'AWS::Athena::NamedQuery').map(({ Properties }) => Properties.Name)).toEqual(NAMES);
    const folder = trailIn(stack).TrailName.replace(/-eu-west-1$/, '');
    const definitions = resourcesOf(stack, 'AWS::Logs::QueryDefinition').map(({ Properties }) => Properties);
    expect(definitions.map(({ Name }) => Name)).toEqual(NAMES.map((name) => `${folder}/${name}`));
    const groups = definitions.map(({ LogGroupNames }) => LogGroupNames);
    expect(groups).toEqual(NAMES.map(() => [stack.resolve(audit.logGroup.logGroupName)]));
    expect([audit.queries.length, audit.insightsQueries.length]).toEqual([7, 7]);
  });

  test('fit what Athena and CloudWatch take: 262,144 bytes, and 10,000 characters', () => {
    const stack = newStack();
    auditOf(stack);
    for (const { Properties } of resourcesOf(stack, 'AWS::Athena::NamedQuery'))
      expect(textOf(Properties.QueryString).length).toBeLessThan(262_144);
    for (const { Properties } of resourcesOf(stack, 'AWS::Logs::QueryDefinition'))
      expect(Properties.QueryString.length).toBeLessThan(10_000);
  });

  test('read the files of every account that delivers, in the Regions and for the days said', () => {
    const stack = newStack();
    auditOf(stack, { otherTrails: [OTHER_TRAIL], regions: ['eu-west-1', 'us-east-1'], retention: Duration.days(100) });
    const { TableInput: table } = onlyResourceOf(stack, 'AWS::Glue::Table').Properties;
    expect(table.PartitionKeys.map(({ Name }: { Name: string }) => Name)).toEqual(['account', 'region', 'day']);
    expect(table.Parameters).toMatchObject({
      'projection.account.values': '111122223333,222222222222',
      'projection.region.values': 'eu-west-1,us-east-1',
      'projection.day.range': 'NOW-100DAYS,NOW',
    });
    expect(textOf(table.Parameters['storage.location.template'])).toMatch(
      /^s3:\/\/\$\{AuditAuditBucket\w+\}\/AWSLogs\/\$\{account\}\/CloudTrail\/\$\{region\}\/\$\{day\}$/,
    );
  });

  test('look in every Region of the partition where none is said', () => {
    const stack = newStack();
    auditOf(stack);
    const regions = onlyResourceOf(stack, 'AWS::Glue::Table').Properties.TableInput.Parameters['projection.region.values'].split(',');
    expect(regions).toEqual(expect.arrayContaining(['eu-west-1', 'us-east-1', 'ap-southeast-2', 'sa-east-1']));
    expect(regions.filter((region: string) => /^(cn|us-gov|us-iso)/.test(region))).toEqual([]);
  });

  test('are cancelled where they read too much, and write answers that expire', () => {
    const stack = newStack();
    const audit = auditOf(stack, { scanLimit: Size.gibibytes(1) });
    const { WorkGroupConfiguration } = onlyResourceOf(stack, 'AWS::Athena::WorkGroup').Properties;
    expect(WorkGroupConfiguration.BytesScannedCutoffPerQuery).toBe(2 ** 30);
    const [rule] = bucketResource(stack, audit.resultsBucket as s3.Bucket).Properties.LifecycleConfiguration.Rules;
    expect(rule.ExpirationInDays).toBe(30);
  });

  test('speak of the keys that the trail is told of', () => {
    const stack = newStack();
    auditOf(stack, { keys: [kms.Key.fromKeyArn(stack, 'Key', RIGHT_KEY), new kms.Key(stack, 'New')] });
    const unused = resourcesOf(stack, 'AWS::Athena::NamedQuery').find(({ Properties }) => Properties.Name === 'unused-keys');
    expect(textOf(unused?.Properties.QueryString)).toMatch(
      new RegExp(`UNION SELECT '${RIGHT_KEY}'\\n  UNION SELECT '\\$\\{New\\w+\\.Arn\\}'`),
    );
  });
});
