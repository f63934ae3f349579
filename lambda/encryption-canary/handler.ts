import { setTimeout as wait } from 'node:timers/promises';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { METRICS } from '../../lib/domain/contract';
import { hasOwnEndpoint } from '../shared/connection';
import { JsonLog } from '../shared/json-log';
import { loadConfig } from './config';
import { type CanaryResult, releaseCanary } from './release-canary';
import { S3CanaryBucket } from './s3-canary-bucket';

const config = loadConfig(process.env);
const log = new JsonLog(config.enforcerName, (lines) => process.stdout.write(lines));
const metrics = new Metrics({ namespace: METRICS.namespace, serviceName: config.enforcerName });

const ports = {
  bucket: S3CanaryBucket.connect(config.bucket, hasOwnEndpoint(process.env)),
  patienceMillis: config.patienceMillis,
  now: () => new Date(),
  wait: async (millis: number) => {
    await wait(millis);
  },
};

/** Wiring only. What fails has no metric, and the alarm takes that for a canary that was not caught. */
export async function handler(_event: unknown, { awsRequestId }: Pick<Context, 'awsRequestId'>): Promise<CanaryResult> {
  const result = await releaseCanary(`canary-${awsRequestId}`, ports);
  const { caught, ...fields } = result;
  log.info(caught ? 'canary caught' : 'canary not caught', { bucket: config.bucket, ...fields });
  log.flush();
  metrics.addMetric(METRICS.canaryCaught, MetricUnit.Count, caught ? 1 : 0);
  metrics.publishStoredMetrics();
  return result;
}
