import { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptedBucket, EncryptionEnforcer, EnforcementAction, MinimumTlsVersion, mixins, ObjectEncryption } from '../../lib';
import { complaintsOf, newStack, resourcesOf, statementsOf } from '../support/stacks';

const { RequireEncryption } = mixins;
const { sseS3, sseC } = ObjectEncryption;
const exemption = { until: '2027-03-31', reason: 'Vendor X migrates.' };

afterEach(() => jest.useRealTimers());
const setClock = (now: string) => jest.useFakeTimers({ now: Date.parse(now), doNotFake: ['nextTick', 'setImmediate'] });

/** The warnings of one bucket, as people read them. */
function warningsOf(make: (bucket: s3.Bucket) => void): string[] {
  const stack = newStack();
  make(new s3.Bucket(stack, 'Records'));
  return complaintsOf(stack);
}

const requiring = (encryption: ObjectEncryption, options?: mixins.RequireEncryptionOptions) =>
  warningsOf((bucket) => bucket.with(new RequireEncryption(encryption, options)));

describe('an exemption that has ended', () => {
  const make = () => {
    const stack = newStack();
    new EncryptedBucket(stack, 'Records', { encryption: sseS3().exempt(exemption) });
    return stack;
  };

  test('is a warning with path, date and remedy, once, however often it is declared', () => {
    setClock('2027-03-31T00:00:00Z');
    const warning =
      'Data/Records/Bucket/Resource: an exemption ended at 2027-03-31T00:00:00Z; the policy has enforced it since (got "the whole bucket"). Remove it.';
    expect(complaintsOf(make()).filter((complaint) => complaint.includes('exemption'))).toEqual([
      `${warning} [ack: cdk-s3-encryption-guard:ExpiredExemption]`,
    ]);
  });

  test('names its prefix', () => {
    setClock('2030-01-01');
    expect(requiring(sseS3().exempt({ ...exemption, prefix: 'in/' }))).toEqual([expect.stringContaining('(got "in/"). Remove it.')]);
  });

  test('is none until the very second', () => {
    setClock('2027-03-30T23:59:59Z');
    expect(complaintsOf(make())).toEqual([]);
  });

  test('changes nothing in the template: policy and rule are those of the day before', () => {
    const summary = (now: string) => {
      setClock(now);
      const stack = make();
      return ['AWS::S3::BucketPolicy', 'AWS::S3::Bucket', 'AWS::SSM::Parameter', 'AWS::IAM::Policy'].map((type) =>
        resourcesOf(stack, type),
      );
    };
    expect(summary('2030-01-01')).toEqual(summary('2026-01-01'));
  });
});

describe('a prefix that begins with a slash', () => {
  const WARNING =
    'Data/Records/Resource: a prefix begins with a slash, and keys of objects rarely do (got "/raw/"). Leave the slash out unless the keys have it. [ack: cdk-s3-encryption-guard:LeadingSlash]';

  test.each([
    ['underPrefix()', sseS3().underPrefix('/raw/', sseC())],
    ['an exemption', sseS3().exempt({ until: '2999-01-01', reason: 'Vendor X migrates.', prefix: '/raw/' })],
    ['both', sseS3().underPrefix('/raw/', sseC()).exempt({ until: '2999-01-01', reason: 'Vendor X migrates.', prefix: '/raw/' })],
  ])('is a warning: %s', (_, encryption) => {
    expect(requiring(encryption)).toEqual([WARNING]);
  });

  test('is a warning also where the bucket is only verified', () => {
    const warnings = warningsOf((bucket) =>
      new EncryptionEnforcer(Stack.of(bucket), 'Enforcer').enforce(bucket, {
        encryption: sseS3().underPrefix('/raw/', sseC()),
        action: EnforcementAction.REPORT,
      }),
    );
    expect(warnings).toEqual([WARNING]);
  });
});

describe('minimumTlsVersion', () => {
  const denied = (minimumTlsVersion?: MinimumTlsVersion) => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records', { minimumTlsVersion });
    return statementsOf(stack, bucket).find(({ Sid }) => Sid === 'DenyOldTlsVersions')?.Condition;
  };

  test.each([
    [undefined, 1.2],
    [MinimumTlsVersion.TLS_1_2, 1.2],
    [MinimumTlsVersion.TLS_1_3, 1.3],
  ])('%p denies what is older', (version, number) => {
    expect(denied(version)).toEqual({ NumericLessThan: { 's3:TlsVersion': number } });
  });

  test('1.3 warns of the clients that it locks out', () => {
    expect(requiring(sseS3(), { minimumTlsVersion: MinimumTlsVersion.TLS_1_3 })).toEqual([
      expect.stringMatching(
        /^Data\/Records\/Resource: TLS 1\.3 is demanded, which AWS PrivateLink for S3 and Multi-Region Access Points do not offer.*\(got "1\.3"\)\. Use MinimumTlsVersion\.TLS_1_2, or acknowledge.*\[ack: cdk-s3-encryption-guard:MinimumTls13\]$/,
      ),
    ]);
    expect(requiring(sseS3(), { minimumTlsVersion: MinimumTlsVersion.TLS_1_2 })).toEqual([]);
  });
});

describe('RequireEncryption.policyJson()', () => {
  const PARTITION_KNOWN = { '@aws-cdk/core:enablePartitionLiterals': true };

  test('is readable where all is known: the statements of policyStatements(), as a document', () => {
    const bucket = s3.Bucket.fromBucketName(newStack({ flags: PARTITION_KNOWN }), 'Imported', 'records-444455556666');
    const json = RequireEncryption.policyJson(bucket, sseS3().strict());
    const statements = RequireEncryption.policyStatements(bucket, sseS3().strict()).map((statement) => statement.toStatementJson());
    expect(JSON.parse(json)).toEqual({ Version: '2012-10-17', Statement: statements });
    expect(json).toContain('\n  "Statement": [');
    expect(json).toContain('arn:aws:s3:::records-444455556666/*');
  });

  test('is text for a template where something is not known before deployment', () => {
    const stack = new Stack(new App(), 'Data');
    const bucket = s3.Bucket.fromBucketName(stack, 'Imported', 'records-444455556666');
    const resolved = stack.resolve(RequireEncryption.policyJson(bucket, sseS3()));
    const parts: unknown[] = resolved['Fn::Join'][1];
    expect(parts).toContainEqual({ Ref: 'AWS::Partition' });
    expect(JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'aws')).join('')).Statement[0].Sid).toBe(
      'DenyInsecureTransport',
    );
  });

  test('takes the options of the mixin, and no deploying role: of that only the owner knows', () => {
    const bucket = s3.Bucket.fromBucketName(newStack({ flags: PARTITION_KNOWN }), 'Imported', 'records-444455556666');
    const admin = 'arn:aws:iam::444455556666:role/storage-admin';
    const options = { configurationAdmins: [admin], minimumTlsVersion: MinimumTlsVersion.TLS_1_3 };
    const { Statement } = JSON.parse(RequireEncryption.policyJson(bucket, sseS3(), options));
    expect(Statement.at(-1)).toMatchObject({
      Sid: 'DenyConfigurationByOthers',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': [admin] } },
    });
    expect(Statement[1].Condition).toEqual({ NumericLessThan: { 's3:TlsVersion': 1.3 } });
  });
});
