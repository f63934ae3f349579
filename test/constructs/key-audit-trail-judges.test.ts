import { type App, Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { KeyAuditTrail } from '../../lib';
import { findingsOf } from '../support/judges';
import { newStack } from '../support/stacks';

const bucketRule = (rule: string, ...packs: string[]) => packs.map((pack) => `${pack}-S3Bucket${rule}`);

/** What the judges find, whatever is set: an app acknowledges it, or adds replicas to the buckets that it is given. */
const OF_EACH_BUCKET = bucketRule('ReplicationEnabled', 'HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321');
const OBJECT_LOCK = [...bucketRule('DefaultLockEnabled', 'NIST.800.53.R4'), 'cdk-validator-cfnguard::s3_bucket_object_lock_enabled_check'];

/** CloudTrail makes streams as it needs them. */
const STREAMS =
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:eu-west-1:111122223333:log-group:<AuditEvents9148872F>:log-stream:111122223333_CloudTrail_eu-west-1*]';

test('cdk-nag and Control Tower find no more than replicas, a lock of answers, and the streams of CloudTrail', () => {
  const stack = newStack();
  const serverAccessLogsBucket = new s3.Bucket(stack, 'AccessLogs', { encryption: s3.BucketEncryption.S3_MANAGED });
  const objectLock = s3.ObjectLockRetention.compliance(Duration.days(30));
  new KeyAuditTrail(stack, 'Audit', { buckets: [new s3.Bucket(stack, 'Records')], serverAccessLogsBucket, objectLock });
  const findings = findingsOf(stack.node.root as App).filter(({ path }) => path.startsWith('Data/Audit/'));
  const found = findings.map(({ path, id }) => `${path.replace(/^Data\/Audit\/|\/Resource$/g, '')} ${id}`);
  expect(found.sort()).toEqual(
    [
      ...OF_EACH_BUCKET.map((rule) => `AuditBucket ${rule}`),
      ...[...OF_EACH_BUCKET, ...OBJECT_LOCK].map((rule) => `Results ${rule}`),
      `LogDelivery/Policy ${STREAMS}`,
    ].sort(),
  );
});

test('they see a trail that is not encrypted, not validated, or without its log group', () => {
  const stack = newStack();
  const { trail } = new KeyAuditTrail(stack, 'Audit', { buckets: [new s3.Bucket(stack, 'Records')] });
  trail.kmsKeyId = undefined;
  trail.enableLogFileValidation = false;
  trail.cloudWatchLogsLogGroupArn = undefined;
  const ofTrail = findingsOf(stack.node.root as App).filter(({ path }) => path === 'Data/Audit/Trail');
  expect(ofTrail.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      'HIPAA.Security-CloudTrailEncryptionEnabled',
      'HIPAA.Security-CloudTrailLogFileValidationEnabled',
      'HIPAA.Security-CloudTrailCloudWatchLogsEnabled',
      'cdk-validator-cfnguard::cloud_trail_encryption_enabled_check',
    ]),
  );
});
