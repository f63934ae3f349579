import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { pathHash } from './unique-name';

/** Usage metrics are collected every minute: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Usage-Metrics.html */
const PERIOD = Duration.minutes(1);

/**
 * All calls that count against the symmetric request quota. **Assumption**: these dimensions are not in AWS's documentation; they are what
 * its quota console and several public projects use.
 */
const QUOTA_DIMENSIONS = { Service: 'KMS', Type: 'API', Resource: 'CryptographicOperationsSymmetric', Class: 'None' };

/** What S3 asks of a key, and what else counts against that quota. ReEncrypt has two keys, and dimensions of its own. */
const OPERATIONS = ['Decrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'];

/**
 * Percent of the quota. `CallCount` is a number of calls in a period, and the quota one of calls in a second, hence the period. **Assumption**:
 * SERVICE_QUOTA() gives the quota as it is, in calls a second; see docs/kms-quota.md for what speaks for it, and how to look.
 */
export function quotaUsage(quotaPerSecond: number | undefined, options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
  const calls = new cloudwatch.Metric({
    namespace: 'AWS/Usage',
    metricName: 'CallCount',
    dimensionsMap: QUOTA_DIMENSIONS,
    statistic: 'Sum',
  });
  return new cloudwatch.MathExpression({
    expression: `100 * calls / PERIOD(calls) / ${quotaPerSecond ?? 'SERVICE_QUOTA(calls)'}`,
    usingMetrics: { calls },
    label: 'KMS request quota used, percent',
    period: PERIOD,
    ...options,
  });
}

/** Requests a second under one key: https://docs.aws.amazon.com/kms/latest/developerguide/monitoring-cloudwatch.html */
export function keyRequests(key: kms.IKey, options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
  // The ids are one graph's, and it may show several keys.
  const idOf = (operation: string) => `${operation.charAt(0).toLowerCase()}${operation.slice(1)}_${pathHash(key)}`;
  const metricOf = (operation: string) =>
    new cloudwatch.Metric({
      namespace: 'AWS/KMS',
      metricName: 'SuccessfulRequest',
      dimensionsMap: { KeyArn: key.keyArn, Operation: operation },
      statistic: 'Sum',
    });
  const ids = OPERATIONS.map(idOf);
  return new cloudwatch.MathExpression({
    // An operation that nobody uses has no data points, and would take the sum with it.
    expression: `(${ids.map((id) => `FILL(${id}, 0)`).join(' + ')}) / PERIOD(${ids[0]})`,
    usingMetrics: Object.fromEntries(OPERATIONS.map((operation) => [idOf(operation), metricOf(operation)])),
    label: key.node.path,
    period: PERIOD,
    ...options,
  });
}

/** Share of S3's answers that are its own fault, 0 to 1: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html */
export function serverErrors(bucketName: string, filterId: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/S3',
    metricName: '5xxErrors',
    dimensionsMap: { BucketName: bucketName, FilterId: filterId },
    statistic: 'Average',
    period: PERIOD,
    ...options,
  });
}
