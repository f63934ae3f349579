import { Template } from 'aws-cdk-lib/assertions';
import { acknowledge } from '../../bin/stacks/acknowledgements';
import { dataFindings } from '../../bin/stacks/data-findings';
import { EVERYTHING, newDataStack, SHIPPED } from '../support/guard-app';
import { lifecycleRulesIn } from '../support/lifecycle';
import { complaintsOf, type Resource, type Statement, textOf } from '../support/stacks';

/** Templates as CloudFormation gets them: what the configuration says, at its edges. */
function templateOf(document: unknown, env?: { account: string; region: string }) {
  const { stack, config } = newDataStack(document, env);
  acknowledge(stack, dataFindings(stack, config));
  return { stack, template: Template.fromStack(stack) };
}

/** Whose keys other stacks have. */
const WITHOUT_SHARED_KEYS = {
  ...EVERYTHING.data[0],
  buckets: EVERYTHING.data[0].buckets.filter(({ id }: { id: string }) => id !== 'Keys'),
};

const withBuckets = (...buckets: object[]) => ({ buckets });

describe('lifecycle rules', () => {
  test.each([
    ['shipped', SHIPPED.data[0]],
    ['with everything in it', WITHOUT_SHARED_KEYS],
    ['that expires everything', withBuckets({ id: 'Data', expireAfterDays: 1, expireNoncurrentAfterDays: 1 })],
    ['that expires old versions', withBuckets({ id: 'Data', expireNoncurrentAfterDays: 1 })],
    ['without versions', withBuckets({ id: 'Data', versioned: false }, { id: 'Short', versioned: false, expireAfterDays: 1 })],
  ])('of the configuration %s are ones that CloudFormation takes', (_, document) => {
    const { count, refused } = lifecycleRulesIn(templateOf(document).template.toJSON()['Resources']);
    expect(count).toBeGreaterThan(3);
    expect(refused).toEqual([]);
  });

  test('that CloudFormation refuses are seen', () => {
    const bucket = (...Rules: object[]) => ({ Type: 'AWS::S3::Bucket', Properties: { LifecycleConfiguration: { Rules } } }) as const;
    const alone = { Id: 'A', Status: 'Enabled', ExpiredObjectDeleteMarker: true };
    const both = { ...alone, ExpirationInDays: 1 };
    const fine = { ...alone, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } };
    expect(lifecycleRulesIn({ One: bucket(alone, fine), Two: bucket(both) } as never)).toEqual({ count: 3, refused: [alone, both] });
  });
});

describe('ids of buckets', () => {
  test('may end as the names of outputs would: Data and DataName stand side by side, each with its output', () => {
    const { template } = templateOf(withBuckets({ id: 'Data' }, { id: 'DataName' }));
    const outputs = template.toJSON()['Outputs'] as Record<string, { Value: unknown }>;
    expect(textOf(outputs['BucketData']?.Value)).toMatch(/^\$\{BucketsDataBucket[0-9A-F]{8}\}$/);
    expect(textOf(outputs['BucketDataName']?.Value)).toMatch(/^\$\{BucketsDataNameBucket[0-9A-F]{8}\}$/);
  });
});

describe('fifty buckets with the longest ids and names', () => {
  const number = (index: number) => String(index).padStart(2, '0');
  const buckets = Array.from({ length: 50 }, (_, index) => ({
    id: `B${number(index)}${'x'.repeat(61)}`,
    name: `b${number(index)}${'-x'.repeat(30)}`,
    scheme: 'SSE-S3',
  }));
  const { stack, template } = templateOf(withBuckets(...buckets));
  const policies = Object.values(template.findResources('AWS::S3::BucketPolicy')) as Resource[];

  /** As S3 gets it: names as long as they can be, without spaces. */
  function bytesOf({ Properties: { PolicyDocument } }: Resource): number {
    const rendered = JSON.stringify(PolicyDocument, (_, value) => (isIntrinsic(value) ? `arn:aws:s3:::${'x'.repeat(63)}/*` : value));
    return Buffer.byteLength(rendered);
  }

  const isIntrinsic = (value: unknown) => typeof value === 'object' && value !== null && ('Fn::Join' in value || 'Fn::GetAtt' in value);

  test('leave each bucket policy below the 20 KB of S3', () => {
    expect(policies).toHaveLength(52);
    expect(Math.max(...policies.map(bytesOf))).toBeLessThan(20 * 1024);
  });

  test('may all deliver access logs, and nobody else may', () => {
    const [logs, ...others] = policies.filter(({ Properties }) => JSON.stringify(Properties.PolicyDocument).includes('logging.s3'));
    expect(others).toEqual([]);
    const statements: Statement[] = logs?.Properties.PolicyDocument.Statement ?? [];
    const [statement, ...more] = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(more).toEqual([]);
    expect(statement?.Condition?.['StringEquals']).toEqual({ 'aws:SourceAccount': stack.account });
    const sources = [statement?.Condition?.['ArnLike']?.['aws:SourceArn']].flat().map((arn) => textOf(arn));
    expect(new Set(sources).size).toBe(51);
    const prefixes = [statement?.Resource].flat().map((arn) => textOf(arn).replace(/^\$\{.*?\}/, ''));
    expect(prefixes.sort()).toEqual(['/buckets/*', '/quarantine/*']);
    const logging = (Object.values(template.findResources('AWS::S3::Bucket')) as Resource[]).flatMap(
      ({ Properties: { LoggingConfiguration } }) => LoggingConfiguration?.LogFilePrefix ?? [],
    );
    expect(logging.filter((prefix: string) => /^(buckets\/\w+|quarantine)\/$/.test(prefix))).toHaveLength(51);
  });

  test('give CDK nothing to complain of', () => {
    expect(complaintsOf(stack)).toEqual([]);
  });
});

test('a Region that this CDK does not know yet is deployed to like any other', () => {
  const region = 'eu-west-9';
  const { stack, template } = templateOf({ ...SHIPPED.data[0], region }, { account: '111122223333', region });
  expect(template.toJSON()['Outputs']).toHaveProperty('BucketData');
  expect(complaintsOf(stack)).toEqual([]);
});

test('an address may hold a slash, which ends an id of the CDK', () => {
  const endpoint = 'customer/department=shipping@example.com';
  const { template } = templateOf({ ...SHIPPED.data[0], alarms: { emails: [endpoint] } });
  template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: endpoint });
});
