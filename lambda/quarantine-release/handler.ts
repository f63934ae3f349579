import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import { type ReadParameter, rulesForInvocation } from '../shared/bucket-rules';
import { CONNECTION, hasOwnEndpoint } from '../shared/connection';
import { EnforcerMetrics } from '../shared/enforcer-metrics';
import { JsonLog } from '../shared/json-log';
import { objectAnnouncer } from '../shared/object-events';
import { S3ObjectStore } from '../shared/s3-object-store';
import { loadConfig } from './config';
import { processRequest, type ReleaseAnswer } from './process-request';
import { S3ReleaseRecords } from './s3-release-records';

/** For parts that are under way to be broken off, and for what is said after that. */
const MARGIN_MILLIS = 15_000;

const config = loadConfig(process.env);
const ownEndpoint = hasOwnEndpoint(process.env);
const log = new JsonLog(config.enforcerName, (lines) => process.stdout.write(lines));
const metrics = new EnforcerMetrics(config.enforcerName, (line) => log.print(line));
const parameters = new SSMProvider({ awsSdkV3Client: new SSMClient({ requestHandler: CONNECTION }) });
const readParameter: ReadParameter = (name, { fresh }) => parameters.get(name, { forceFetch: fresh });

const ports = {
  config,
  store: S3ObjectStore.connect(ownEndpoint),
  records: S3ReleaseRecords.connect(config.quarantine, ownEndpoint),
  now: () => new Date(),
  announce: objectAnnouncer(new EventBridgeClient({ requestHandler: CONNECTION }), config.enforcerName),
  log: (message: string, fields: Readonly<Record<string, unknown>>) => log.info(message, fields),
  logError: (message: string, error: unknown, fields: Readonly<Record<string, unknown>>) => log.error(message, error, fields),
  measure: (metric: string, bucket: string) => metrics.add({ metric, value: 1, bucket }),
};

/** Wiring only: what happens to a request is in process-request.ts, to an object in release-object.ts and discard-object.ts. */
export async function handler(payload: unknown, context: Context): Promise<ReleaseAnswer> {
  const remainingMillis = () => context.getRemainingTimeInMillis();
  const invocation = {
    rules: rulesForInvocation(readParameter, config.rulePrefix),
    remainingMillis,
    timeIsUp: AbortSignal.timeout(Math.max(0, remainingMillis() - MARGIN_MILLIS)),
    requestId: context.awsRequestId,
  };
  try {
    return await processRequest(payload, { ...ports, ...invocation });
  } finally {
    metrics.flush();
    log.flush();
  }
}
