import { CfnParameter, type Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { KmsQuotaMonitor, type KmsQuotaMonitorProps, type S3RequestMetrics } from '../../lib';
import { ALIAS_ARN, OTHER_REGION_KEY, RIGHT_KEY } from '../domain/sample-keys';
import { newStack } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const bucketIn = (stack: Stack, region?: string) => s3.Bucket.fromBucketAttributes(stack, 'Records', { bucketName: 'records-1', region });

function refused(mistake: string, props: (stack: Stack) => KmsQuotaMonitorProps, what: RegExp, value: string, remedy: string): Mistake {
  return { mistake, make: (stack) => new KmsQuotaMonitor(stack, 'Monitor', props(stack)), path: 'Data/Monitor', what, value, remedy };
}

const IN_RANGE = 'Choose one in that range, or leave it out.';
const A_KEY = 'Pass the kms.Key itself, or import it with kms.Key.fromKeyArn().';

test.each([
  ...[0, 0.99, 100.01, -5].map((thresholdPercent) =>
    refused(
      `${thresholdPercent} %`,
      () => ({ thresholdPercent }),
      /^thresholdPercent must be a number from 1 to 100$/,
      `${thresholdPercent}`,
      IN_RANGE,
    ),
  ),
  refused('NaN %', () => ({ thresholdPercent: Number.NaN }), /thresholdPercent/, '"NaN"', IN_RANGE),
  ...[0, 1.5, 1441].map((evaluationPeriods) =>
    refused(
      `${evaluationPeriods} periods`,
      () => ({ evaluationPeriods }),
      /^evaluationPeriods must be a whole number from 1 to 1440$/,
      `${evaluationPeriods}`,
      IN_RANGE,
    ),
  ),
  refused('a quota of nothing', () => ({ quotaPerSecond: 0 }), /^quotaPerSecond must be a number from 1, or more$/, '0', IN_RANGE),
  refused(
    'an alias',
    (stack) => ({ keys: [kms.Alias.fromAliasName(stack, 'Key', 'alias/data')] }),
    /an alias was given/,
    '"Data/Key"',
    A_KEY,
  ),
  refused(
    'the ARN of an alias',
    (stack) => ({ keys: [kms.Key.fromKeyArn(stack, 'Key', ALIAS_ARN)] }),
    /an alias was given/,
    '"Data/Key"',
    A_KEY,
  ),
  refused(
    'a key of another Region',
    (stack) => ({ keys: [kms.Key.fromKeyArn(stack, 'Key', OTHER_REGION_KEY)] }),
    /the KMS key Data\/Key lies in another Region than its monitor \(eu-west-1\)/,
    '"us-east-1"',
    'Make a KmsQuotaMonitor in the Region of the KMS key.',
  ),
  refused(
    'a bucket of another Region',
    (stack) => ({ requestMetrics: [{ bucket: bucketIn(stack, 'us-east-1'), filterId: 'EntireBucket' }] }),
    /the bucket Data\/Records lies in another Region/,
    '"us-east-1"',
    'Make a KmsQuotaMonitor in the Region of the bucket.',
  ),
  refused(
    'no filter',
    (stack) => ({ requestMetrics: [{ bucket: bucketIn(stack), filterId: '' }] }),
    /requestMetrics of Data\/Records names no filter/,
    '""',
    "Pass the id of one of the bucket's metrics configurations, such as EntireBucket.",
  ),
  refused(
    'the same twice',
    (stack) => {
      const source = { bucket: bucketIn(stack), filterId: 'EntireBucket' };
      return { requestMetrics: [source, { ...source }] };
    },
    /names Data\/Records twice/,
    '"EntireBucket"',
    'Name each once.',
  ),
  refused(
    'a name instead of a bucket',
    () => ({ requestMetrics: [{ bucket: 'records-1', filterId: 'EntireBucket' } as unknown as S3RequestMetrics] }),
    /requestMetrics needs buckets/,
    '"records-1"',
    'Pass an s3.IBucket; of an EncryptedBucket, that is its property bucket.',
  ),
  refused(
    'an ARN instead of a key',
    () => ({ keys: [RIGHT_KEY as unknown as kms.IKey] }),
    /not a KMS key/,
    `"${RIGHT_KEY}"`,
    'Pass kms.Key constructs, one by one; import a key of another stack with kms.Key.fromKeyArn().',
  ),
])('$mistake is refused', (mistake) => expectRefusal(mistake));

test('metricKeyRequests() refuses an alias, too', () => {
  const stack = newStack();
  const alias = kms.Alias.fromAliasName(stack, 'Key', 'alias/data');
  expect(() => new KmsQuotaMonitor(stack, 'Monitor').metricKeyRequests(alias)).toThrow(
    /^Data\/Monitor: an alias was given .* Pass the kms\.Key itself/,
  );
});

test('what is known at deployment only is not refused', () => {
  const stack = newStack();
  const thresholdPercent = new CfnParameter(stack, 'Percent', { type: 'Number' }).valueAsNumber;
  const keys = [kms.Key.fromKeyArn(stack, 'Key', new CfnParameter(stack, 'KeyArn').valueAsString)];
  expect(() => new KmsQuotaMonitor(stack, 'Monitor', { thresholdPercent, keys })).not.toThrow();
});
