import { Stack, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, type IConstruct, type Node } from 'constructs';
import type { KmsQuotaMonitorProps, S3RequestMetrics } from '../kms-quota-monitor';
import { homeOf } from './key-trust';
import { requireValid } from './require-valid';
import { areDifferent } from './same-home';
import { requireKeyItself } from './usable-key';

/** Alarms look back a day at most: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html */
const MINUTES_OF_A_DAY = 1440;

/** @throws Error for a number out of its range, and for keys and buckets that have no metrics here */
export function requireQuotaMonitorProps(monitor: IConstruct, props: KmsQuotaMonitorProps): void {
  const { thresholdPercent = 80, evaluationPeriods = 3, quotaPerSecond = 1, keys = [], requestMetrics = [] } = props;
  requireNumber(monitor, 'thresholdPercent', thresholdPercent, { least: 1, most: 100 });
  requireNumber(monitor, 'evaluationPeriods', evaluationPeriods, { least: 1, most: MINUTES_OF_A_DAY, whole: true });
  requireNumber(monitor, 'quotaPerSecond', quotaPerSecond, { least: 1, most: Number.MAX_SAFE_INTEGER });
  for (const key of keys) requireKey(monitor, key);
  for (const [position, source] of requestMetrics.entries()) requireRequestMetrics(monitor, source, requestMetrics.slice(0, position));
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

function requireNumber(monitor: IConstruct, name: string, value: number, { least, most, whole = false }: Range): void {
  const isOne = Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isInteger(value));
  const upTo = most === Number.MAX_SAFE_INTEGER ? ', or more' : ` to ${most}`;
  requireValid(monitor, isOne || Token.isUnresolved(value), {
    what: `${name} must be a ${whole ? 'whole number' : 'number'} from ${least}${upTo}`,
    value: Number.isNaN(value) ? 'NaN' : value,
    remedy: 'Choose one in that range, or leave it out.',
  });
}

/** @throws Error for what is no KMS key, an alias, and a key of another Region */
export function requireKey(monitor: IConstruct, key: kms.IKey): void {
  requireKeyItself(monitor, key, 'the metrics of KMS name keys only');
  requireOwnRegion(monitor, 'KMS key', { node: key.node, env: homeOf(key) });
}

function requireRequestMetrics(monitor: IConstruct, source: S3RequestMetrics, earlier: readonly S3RequestMetrics[]): void {
  const { bucket, filterId } = source ?? {};
  requireValid(monitor, Construct.isConstruct(bucket) && bucket.bucketName !== undefined, {
    what: 'requestMetrics needs buckets',
    value: String(bucket),
    remedy: 'Pass an s3.IBucket; of an EncryptedBucket, that is its property bucket.',
  });
  requireValid(monitor, typeof filterId === 'string' && filterId !== '', {
    what: `requestMetrics of ${bucket.node.path} names no filter`,
    value: filterId,
    remedy: "Pass the id of one of the bucket's metrics configurations, such as EntireBucket.",
  });
  requireValid(monitor, !earlier.some((other) => other.bucket === bucket && other.filterId === filterId), {
    what: `requestMetrics names ${bucket.node.path} twice with the same filter`,
    value: filterId,
    remedy: 'Name each once.',
  });
  requireOwnRegion(monitor, 'bucket', bucket);
}

/** A key or a bucket. */
interface Located {
  readonly node: Node;
  readonly env: { readonly region: string };
}

function requireOwnRegion(monitor: IConstruct, what: string, { env, node }: Located): void {
  const { region } = Stack.of(monitor);
  requireValid(monitor, !areDifferent(env.region, region), {
    what: `the ${what} ${node.path} lies in another Region than its monitor (${region}), where it has no metrics`,
    value: env.region,
    remedy: `Make a KmsQuotaMonitor in the Region of the ${what}.`,
  });
}
