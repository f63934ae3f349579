/** The reviewed API around the KMS request quota: a part of the contract in test/public-api.test.ts. */
export const KMS_QUOTA_API: Readonly<Record<string, readonly string[]>> = {
  'class KmsQuotaIncrease extends Construct': [
    'outcome: string',
    'constructor(scope: Construct, id: string, props: KmsQuotaIncreaseProps)',
  ],
  'class KmsQuotaMonitor extends Construct': [
    'alarms: cloudwatch.Alarm[]',
    'constructor(scope: Construct, id: string, props: KmsQuotaMonitorProps = {})',
    'metricQuotaUsage(options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression',
    'metricKeyRequests(key: kms.IKey, options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression',
    'metricServerErrors(source: S3RequestMetrics, options?: cloudwatch.MetricOptions): cloudwatch.Metric',
    'widgets(): cloudwatch.IWidget[]',
  ],
  'interface ExpectedLoad': [
    'putsPerSecond: number',
    'getsPerSecond: number',
    'objectSize?: Size',
    'partSize?: Size',
    'requesters?: number',
    'warnAbovePercent?: number',
  ],
  'interface KmsQuotaIncreaseProps': ['requestsPerSecond: number', 'removalPolicy?: RemovalPolicy'],
  'interface KmsQuotaMonitorProps': [
    'thresholdPercent?: number',
    'evaluationPeriods?: number',
    'quotaPerSecond?: number',
    'keys?: kms.IKey[]',
    'requestMetrics?: S3RequestMetrics[]',
  ],
  'interface S3RequestMetrics': ['bucket: s3.IBucket', 'filterId: string'],
};
