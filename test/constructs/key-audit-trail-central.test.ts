import type { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { KeyAuditTrail, type KeyAuditTrailProps } from '../../lib';
import { RIGHT_KEY } from '../domain/sample-keys';
import { complaintsOf, newStack, onlyResourceOf, resourcesOf } from '../support/stacks';

const CENTRAL = { account: '444455556666', region: 'eu-west-1' };

function auditOf(stack: Stack, props: Partial<KeyAuditTrailProps> = {}): KeyAuditTrail {
  return new KeyAuditTrail(stack, 'Audit', { buckets: [new s3.Bucket(stack, 'Records')], ...props });
}

const trailIn = (stack: Stack) => onlyResourceOf(stack, 'AWS::CloudTrail::Trail').Properties;

describe('files that go to a central audit', () => {
  const central = (stack: Stack) =>
    auditOf(stack, {
      auditBucket: s3.Bucket.fromBucketName(stack, 'Central', 'central-audit'),
      auditBucketKey: kms.Key.fromKeyArn(stack, 'CentralKey', RIGHT_KEY),
    });

  test('are written there, under its key, and asked about there only', () => {
    const stack = newStack();
    const audit = central(stack);
    expect(trailIn(stack)).toMatchObject({ S3BucketName: 'central-audit', KMSKeyId: RIGHT_KEY });
    expect(resourcesOf(stack, 'AWS::Athena::NamedQuery')).toEqual([]);
    // The key made here is the log group's only.
    expect(JSON.stringify(onlyResourceOf(stack, 'AWS::KMS::Key').Properties.KeyPolicy)).not.toContain('cloudtrail.amazonaws.com');
    expect([audit.queries, audit.resultsBucket]).toEqual([[], undefined]);
    expect(resourcesOf(stack, 'AWS::Logs::QueryDefinition')).toHaveLength(7);
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('come from a trail whose ARN is known before it is made, where its name was chosen', () => {
    const stack = newStack();
    const audit = auditOf(stack, { buckets: [], trailName: 'key-account-audit' });
    expect(audit.trailArn).toBe('arn:aws:cloudtrail:eu-west-1:111122223333:trail/key-account-audit');
    expect(trailIn(stack)).toMatchObject({ TrailName: 'key-account-audit' });
    expect(trailIn(stack).AdvancedEventSelectors).toHaveLength(1);
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('are named readably, for people in another account', () => {
    const audit = central(newStack());
    const documents = [audit.auditBucketPolicyJson(), audit.auditKeyPolicyJson()].map((json) => JSON.parse(json).Statement);
    expect(documents[0]).toEqual([
      {
        Sid: 'AllowCloudTrailAclCheck',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 's3:GetBucketAcl',
        Resource: 'arn:aws:s3:::central-audit',
        Condition: { StringEquals: { 'aws:SourceArn': [audit.trailArn] } },
      },
      {
        Sid: 'AllowCloudTrailWrite',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: ['arn:aws:s3:::central-audit/AWSLogs/111122223333/*'],
        Condition: { StringEquals: { 'aws:SourceArn': [audit.trailArn], 's3:x-amz-acl': 'bucket-owner-full-control' } },
      },
    ]);
    expect(documents[1][0]).toMatchObject({
      Action: 'kms:GenerateDataKey*',
      Condition: {
        StringEquals: { 'aws:SourceArn': [audit.trailArn] },
        StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': [audit.trailArn.replace('eu-west-1', '*')] },
      },
    });
  });

  test('are admitted under the context that S3 gives to digests, for objects of that bucket', () => {
    const { Statement } = JSON.parse(central(newStack()).auditKeyPolicyJson());
    const digests = Statement.find(({ Sid }: { Sid: string }) => Sid === 'AllowCloudTrailDigests');
    expect(digests.Condition.StringLike).toEqual({ 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::central-audit/*' });
  });

  test('are kept by an account that records no bucket of its own', () => {
    const stack = newStack();
    auditOf(stack, { buckets: [], otherTrails: ['arn:aws:cloudtrail:eu-west-1:222222222222:trail/data'] });
    expect(trailIn(stack).AdvancedEventSelectors).toEqual([
      expect.objectContaining({ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }),
    ]);
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('are asked about keys of any account and Region', () => {
    const stack = newStack();
    const elsewhere = 'arn:aws:kms:us-east-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const { queries } = auditOf(stack, { keys: [kms.Key.fromKeyArn(stack, 'Elsewhere', elsewhere)] });
    expect(queries.filter(({ queryString }) => queryString.includes(`UNION SELECT '${elsewhere}'`))).toHaveLength(1);
  });

  test('need what is printed for the owner, which is what a central audit adds for otherTrails', () => {
    const stack = newStack();
    const audit = central(stack);
    const printed = [audit.auditBucketPolicyJson(), audit.auditKeyPolicyJson()].flatMap((json) => JSON.parse(json).Statement);
    const owner = newStack({ env: CENTRAL });
    auditOf(owner, { otherTrails: [audit.trailArn] });
    const documents = [
      onlyResourceOf(owner, 'AWS::KMS::Key').Properties.KeyPolicy,
      ...resourcesOf(owner, 'AWS::S3::BucketPolicy').map(({ Properties }) => Properties.PolicyDocument),
    ];
    const added = documents.flatMap(({ Statement }) => Statement);
    expect(printed.map(({ Sid }) => Sid)).toEqual(
      ['AclCheck', 'Write', 'Encrypt', 'Decrypt', 'Digests', 'DescribeKey'].map((what) => `AllowCloudTrail${what}`),
    );
    for (const { Sid, Action, Condition } of printed) {
      const same = added.find((statement) => statement.Sid === Sid);
      expect(same.Action).toEqual(Action);
      expect(same.Condition.StringEquals['aws:SourceArn']).toEqual(expect.arrayContaining(Condition.StringEquals['aws:SourceArn']));
    }
  });
});
