import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { keyRequests, quotaUsage, serverErrors } from './internal/kms-metrics';
import { requireKey, requireQuotaMonitorProps } from './internal/require-quota-monitor-props';
import { runbookAlarm } from './internal/runbook-alarm';
import { pathHash } from './internal/unique-name';

/** A bucket whose request metrics are switched on: they are paid, and off by default. */
export interface S3RequestMetrics {
  /** The bucket. */
  readonly bucket: s3.IBucket;

  /**
   * Id of the metrics configuration, as in `bucket.addMetric({ id: 'EntireBucket' })`
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-configurations.html).
   */
  readonly filterId: string;
}

/** Properties of a `KmsQuotaMonitor`. */
export interface KmsQuotaMonitorProps {
  /**
   * From which share of the quota to alarm, in percent, 1 to 100. It is compared with the average of a minute, and KMS refuses what is too much in
   * a second: leave room for bursts.
   *
   * @default 80
   */
  readonly thresholdPercent?: number;

  /**
   * Minutes in a row that must be so before an alarm goes off, 1 to 1440.
   *
   * @default 3
   */
  readonly evaluationPeriods?: number;

  /**
   * The account's quota of symmetric cryptographic operations, requests a second. For Regions where Service Quotas does not know KMS, and where
   * you would rather write it down.
   *
   * @default - what Service Quotas says at that moment, so that an increase counts at once
   */
  readonly quotaPerSecond?: number;

  /**
   * Keys whose part of the requests `widgets()` shows.
   *
   * @default - none
   */
  readonly keys?: kms.IKey[];

  /**
   * Buckets with request metrics: an alarm for each where S3 refuses to serve. A request that KMS throttles comes back as 503 `SlowDown`.
   *
   * @default - none
   */
  readonly requestMetrics?: S3RequestMetrics[];
}

/** A third of the columns of a dashboard. */
const SIZE = { width: 8, height: 6 };
/** S3 asks its clients to come back now and then; this is more than that. */
const SERVER_ERROR_SHARE = 0.01;

/**
 * Alarms before KMS throttles S3: when the requests for symmetric cryptographic operations come near the quota of account and Region.
 *
 * KMS counts a request against the account that makes it, and S3 asks on behalf of whoever reads or writes. So it belongs into the accounts
 * and Regions whose principals use the objects, not into the one that owns the key
 * (https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html).
 */
export class KmsQuotaMonitor extends Construct {
  /** The alarm on the quota, and one for each of `requestMetrics`; add your actions to them. */
  public readonly alarms: cloudwatch.Alarm[];

  private readonly props: KmsQuotaMonitorProps;

  public constructor(scope: Construct, id: string, props: KmsQuotaMonitorProps = {}) {
    super(scope, id);
    requireQuotaMonitorProps(this, props);
    this.props = props;
    const { thresholdPercent = 80, evaluationPeriods = 3, requestMetrics = [] } = props;
    this.alarms = [
      runbookAlarm(this, 'QuotaAlarm', {
        metric: this.metricQuotaUsage(),
        threshold: thresholdPercent,
        evaluationPeriods,
        meaning: `Requests to KMS use ${thresholdPercent} % of the quota of this account and Region, or more; S3 will be throttled.`,
        section: 'kms-request-quota',
        // An account that asks KMS for nothing has no data points; nor has one whose metric AWS renamed. That must not look like "OK".
        treatMissingData: cloudwatch.TreatMissingData.MISSING,
      }),
      ...requestMetrics.map((source) => this.serverErrorAlarm(source, evaluationPeriods)),
    ];
  }

  /** Percent of the quota that is used: the average of each minute, of all keys and services of the account. */
  public metricQuotaUsage(options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
    return quotaUsage(this.props.quotaPerSecond, options);
  }

  /**
   * Requests a second that were made under a key and count against the quota, of whatever service. ReEncrypt, which S3 uses for
   * UpdateObjectEncryption, is not among them.
   *
   * @throws Error for an alias, and for a key of another Region
   */
  public metricKeyRequests(key: kms.IKey, options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
    requireKey(this, key);
    return keyRequests(key, options);
  }

  /** Share of requests that S3 answered with 5xx, 0 to 1, by default in each minute. Without request metrics it has no data. */
  public metricServerErrors(source: S3RequestMetrics, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return serverErrors(source.bucket.bucketName, source.filterId, options);
  }

  /** For a dashboard: the quota with the alarm's threshold; the requests of each of `keys`, and the 5xx of `requestMetrics`, where there are any. */
  public widgets(): cloudwatch.IWidget[] {
    const { thresholdPercent = 80, keys = [], requestMetrics = [] } = this.props;
    const quota = new cloudwatch.GraphWidget({
      ...SIZE,
      title: 'KMS request quota used',
      left: [this.metricQuotaUsage()],
      leftAnnotations: [{ value: thresholdPercent, label: 'alarm' }],
      leftYAxis: { min: 0, label: '%', showUnits: false },
    });
    const byKey = new cloudwatch.GraphWidget({
      ...SIZE,
      title: 'KMS requests a second, by key',
      left: keys.map((key) => this.metricKeyRequests(key)),
      leftYAxis: { min: 0, showUnits: false },
      stacked: true,
    });
    const errors = new cloudwatch.GraphWidget({
      ...SIZE,
      title: 'S3 requests answered with 5xx, share',
      left: requestMetrics.map((source) => this.metricServerErrors(source, { label: source.bucket.node.path })),
      leftYAxis: { min: 0, showUnits: false },
    });
    return [quota, ...(keys.length > 0 ? [byKey] : []), ...(requestMetrics.length > 0 ? [errors] : [])];
  }

  private serverErrorAlarm(source: S3RequestMetrics, evaluationPeriods: number): cloudwatch.Alarm {
    return runbookAlarm(this, `ServerErrorsAlarm-${pathHash(source.bucket)}-${source.filterId}`, {
      metric: this.metricServerErrors(source),
      threshold: SERVER_ERROR_SHARE,
      evaluationPeriods,
      meaning: `S3 answers ${100 * SERVER_ERROR_SHARE} % of the requests to a bucket, or more, with 5xx: it may be throttled by KMS.`,
      section: 's3-server-errors',
    });
  }
}
