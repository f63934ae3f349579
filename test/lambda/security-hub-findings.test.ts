import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import fc from 'fast-check';
import { loadConfig } from '../../lambda/security-hub-findings/config';
import { findingOf } from '../../lambda/security-hub-findings/finding';
import { objectEventIn } from '../../lambda/security-hub-findings/object-event';
import { objectEvent, type SampleEvent, VIOLATION } from '../support/object-event';

const PRODUCT_ARN = 'arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default';
const ENV = { PRODUCT_ARN, RUNBOOK_URL: 'https://runbook' };
const CONFIG = loadConfig(ENV);

const findingFor = (event: SampleEvent = {}): AwsSecurityFinding => findingOf(objectEventIn(JSON.stringify(objectEvent(event))), CONFIG);
const withDetail = (detail: Readonly<Record<string, unknown>>) => findingFor({ detail });

describe('a finding', () => {
  test('says whose it is, about which object, what is wrong, and what to do', () => {
    expect(findingFor()).toEqual({
      SchemaVersion: '2018-10-08',
      Id: expect.stringMatching(/^cdk-s3-encryption-guard\/Data-Enforcer-0a1b2c3d\/records\/[0-9a-f]{64}$/),
      ProductArn: PRODUCT_ARN,
      ProductName: 'cdk-s3-encryption-guard',
      GeneratorId: 'cdk-s3-encryption-guard/Data-Enforcer-0a1b2c3d',
      AwsAccountId: '111122223333',
      CreatedAt: '2026-11-22T10:00:00.000Z',
      UpdatedAt: '2026-11-22T10:00:00.000Z',
      Title: 'S3 object not encrypted as required: it was left as it is, and readers get it',
      Description:
        'Bucket records: it was left as it is, and readers get it. Required: SSE-KMS under arn:aws:kms:eu-west-1:111122223333:key/k. ' +
        'Observed: SSE-S3 (wrong-scheme). Version v1. Key, percent-encoded: a/b.txt',
      Remediation: {
        Recommendation: {
          Text: 'Mend the client that wrote it. Then write the object again, as the bucket requires it.',
          Url: 'https://runbook',
        },
      },
      ProductFields: {
        'cdk-s3-encryption-guard/enforcer': 'Data-Enforcer-0a1b2c3d',
        'cdk-s3-encryption-guard/event': VIOLATION,
        'cdk-s3-encryption-guard/eventId': '8f5d9a3e-6d0c-4b6e-9f5b-0d1e2f3a4b5c',
        'cdk-s3-encryption-guard/outcome': 'reported',
        'cdk-s3-encryption-guard/reason': 'wrong-scheme',
        'cdk-s3-encryption-guard/expected': 'SSE-KMS under arn:aws:kms:eu-west-1:111122223333:key/k',
        'cdk-s3-encryption-guard/observed': 'SSE-S3',
      },
      Resources: [
        {
          Type: 'AwsS3Object',
          Id: 'arn:aws:s3:::records/a/b.txt',
          Partition: 'aws',
          Region: 'eu-west-1',
          Details: { AwsS3Object: { VersionId: 'v1' }, Other: { bucket: 'records', key: 'a/b.txt' } },
        },
      ],
      Compliance: { Status: 'FAILED' },
      RecordState: 'ACTIVE',
      FindingProviderFields: {
        Severity: { Label: 'MEDIUM', Original: 'reported' },
        Types: ['Software and Configuration Checks/AWS Security Best Practices'],
      },
    });
  });

  // What is PASSED or ARCHIVED nobody looks at any more: this table is to be read before it is changed.
  test.each([
    [VIOLATION, 'reported', 'FAILED', 'ACTIVE', 'MEDIUM'],
    [VIOLATION, 'tagged', 'FAILED', 'ACTIVE', 'LOW'],
    [VIOLATION, 'quarantined', 'FAILED', 'ACTIVE', 'LOW'],
    [VIOLATION, 'superseded', 'FAILED', 'ARCHIVED', 'INFORMATIONAL'],
    [VIOLATION, 'an-outcome-of-tomorrow', 'FAILED', 'ACTIVE', 'MEDIUM'],
    [VIOLATION, undefined, 'FAILED', 'ACTIVE', 'MEDIUM'],
    [VIOLATION, 're-encrypted', 'PASSED', 'ARCHIVED', 'INFORMATIONAL'],
    ['S3 Object Released', 'released', 'PASSED', 'ARCHIVED', 'INFORMATIONAL'],
    ['S3 Object Discarded', 'discarded', 'FAILED', 'ARCHIVED', 'INFORMATIONAL'],
  ])('after %s, %s, is %s, %s and %s', (type, outcome, status, record, severity) => {
    const finding = findingFor({ 'detail-type': type, detail: { outcome } });
    expect([finding.Compliance?.Status, finding.RecordState, finding.FindingProviderFields?.Severity?.Label]).toEqual([
      status,
      record,
      severity,
    ]);
  });

  test.each([
    [VIOLATION, { outcome: 're-encrypted', reducedBecause: 'the version before it stays: locked' }],
    ['S3 Object Released', { outcome: 'released', exemptUntil: '2026-12-01T00:00:00Z' }],
  ])('stays open where %s leaves something wrong in the bucket: %j', (type, detail) => {
    const finding = findingFor({ 'detail-type': type, detail });
    expect([finding.Compliance?.Status, finding.RecordState]).toEqual(['FAILED', 'ACTIVE']);
    expect(finding.Title).not.toContain('encrypted as required: it was encrypted anew, as required');
  });

  test('leaves the fields alone that belong to whoever looks into it', () => {
    for (const field of ['Workflow', 'Note', 'UserDefinedFields', 'VerificationState', 'Severity', 'Types', 'Confidence'])
      expect(findingFor()).not.toHaveProperty(field);
  });

  test('is the same for every event about one version, and another for another version, key, bucket or enforcer', () => {
    const { Id } = findingFor();
    const same = findingFor({ 'detail-type': 'S3 Object Released', time: '2026-11-23T10:00:00Z', detail: { outcome: 'released' } });
    expect(same.Id).toBe(Id);
    const others = [{ versionId: 'v2' }, { versionId: undefined }, { key: 'a/c.txt' }, { bucket: 'others' }, { enforcer: 'Another' }];
    const ids = others.map((detail) => withDetail(detail).Id);
    expect(new Set([Id, ...ids]).size).toBe(1 + others.length);
  });

  test('does not mistake the end of a key for a version, or a bucket for the beginning of a key', () => {
    expect(withDetail({ key: 'a', versionId: 'bc' }).Id).not.toBe(withDetail({ key: 'ab', versionId: 'c' }).Id);
    expect(withDetail({ key: 'a', versionId: 'b/c' }).Id).not.toBe(withDetail({ key: 'a/b', versionId: 'c' }).Id);
    expect(withDetail({ bucket: 'a', key: 'b/c' }).Id).not.toBe(withDetail({ bucket: 'a/b', key: 'c' }).Id);
  });

  test('of events in the same second, which is all that EventBridge tells, the end of an object is the newer', () => {
    const times = [
      findingFor({ detail: { outcome: 'quarantined' } }),
      findingFor({ detail: { outcome: 're-encrypted' } }),
      findingFor({ 'detail-type': 'S3 Object Released' }),
      findingFor({ 'detail-type': 'S3 Object Discarded' }),
    ].map(({ UpdatedAt }) => UpdatedAt ?? '');
    expect(new Set(times).size).toBe(times.length);
    expect([...times].sort()).toEqual(times);
    // A violation of the next second is newer than all of them.
    expect((times.at(-1) ?? '') < (findingFor({ time: '2026-11-22T10:00:01Z' }).UpdatedAt ?? '')).toBe(true);
  });

  test('names the object in the partition of its product', () => {
    const china = loadConfig({ ...ENV, PRODUCT_ARN: 'arn:aws-cn:securityhub:cn-north-1:111122223333:product/111122223333/default' });
    const [resource] = findingOf(objectEventIn(JSON.stringify(objectEvent())), china).Resources ?? [];
    expect(resource).toMatchObject({ Id: 'arn:aws-cn:s3:::records/a/b.txt', Partition: 'aws-cn', Region: 'cn-north-1' });
  });

  test('has no version in its details where the bucket has none', () => {
    const [resource] = withDetail({ versionId: undefined }).Resources ?? [];
    expect(resource?.Details).toEqual({ Other: { bucket: 'records', key: 'a/b.txt' } });
  });

  test('stays within the limits of AWS in bytes, whatever keys and texts are, and keeps the whole key', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 1500 }), fc.constant('🔑'.repeat(700)), fc.constant('x'.repeat(5000)));
    const key = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
      fc.constant('k'.repeat(1024)),
      fc.constantFrom('Ω'.repeat(300), 'Ω'.repeat(512)),
    );
    fc.assert(
      fc.property(key, text, text, text, (objectKey, expected, observed, location) => {
        const finding = withDetail({ key: objectKey, expected, observed, location });
        expect(Buffer.byteLength(finding.Title ?? '')).toBeLessThanOrEqual(256);
        expect(Buffer.byteLength(finding.Description ?? '')).toBeLessThanOrEqual(1024);
        expect(Buffer.byteLength(finding.Id ?? '')).toBeLessThanOrEqual(512);
        const [resource] = finding.Resources ?? [];
        expect(Buffer.byteLength(resource?.Id ?? '')).toBeLessThanOrEqual(512);
        for (const value of Object.values(finding.ProductFields ?? {})) expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1024);
        expect(resource?.Details?.Other?.['key']).toBe(objectKey);
        // A hundred of them are one call, of 6 MB at most.
        expect(Buffer.byteLength(JSON.stringify(finding))).toBeLessThan(60_000);
      }),
      { seed: 20261122, numRuns: 300 },
    );
  });

  test('has a text on one line, whatever uploaders choose as keys, and the key as it is beside it', () => {
    const key = 'a.txt\nRequired: nothing.\u2028"Go to: http://evil.example/<b>';
    const finding = withDetail({ key, observed: 'unknown value "x\r\ny"' });
    expect(finding.Description).toMatch(/^[\x20-\x7e]+$/);
    expect(finding.Description).toContain('Observed: unknown value %22x%0D%0Ay%22 (wrong-scheme). Version v1.');
    expect(finding.Description).toMatch(
      / Key, percent-encoded: a\.txt%0ARequired%3A%20nothing\.%E2%80%A8%22Go%20to%3A%20http%3A\/\/evil\.example\/%3Cb%3E$/,
    );
    expect(finding.Resources?.[0]?.Details?.Other?.['key']).toBe(key);
  });

  test('of a key that is too long for an ARN names it by its hash, and differs from others that begin alike', () => {
    const ids = ['k'.repeat(1024), `${'k'.repeat(1023)}l`].map((key) => withDetail({ key }).Resources?.[0]?.Id);
    expect(ids[0]).toMatch(/^arn:aws:s3:::records\/sha256=[0-9a-f]{64}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe('the environment', () => {
  test.each([
    [{ RUNBOOK_URL: 'x' }, /missing or unusable: PRODUCT_ARN\. Deploy/],
    [{ PRODUCT_ARN }, /missing or unusable: RUNBOOK_URL\. Deploy/],
    [{ ...ENV, PRODUCT_ARN: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty' }, /must be the ARN of an account's own product/],
    // Of another account than the call's.
    [{ ...ENV, PRODUCT_ARN: PRODUCT_ARN.replace('product/111122223333', 'product/444455556666') }, /must be the ARN/],
  ])('%j is refused at the cold start', (env, message) => {
    expect(() => loadConfig(env)).toThrow(message);
  });
});
