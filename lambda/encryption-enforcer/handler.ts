import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type ReadParameter, rulesForInvocation } from '../shared/bucket-rules';
import { CONNECTION, hasOwnEndpoint } from '../shared/connection';
import { EnforcerMetrics } from '../shared/enforcer-metrics';
import { JsonLog } from '../shared/json-log';
import { objectAnnouncer } from '../shared/object-events';
import { S3ObjectStore } from '../shared/s3-object-store';
import { loadConfig } from './config';
import { messageSender } from './message-sender';
import { type BatchPorts, processBatch } from './process-batch';

const RULE_CACHE_SECONDS = 60;

const config = loadConfig(process.env);
const log = new JsonLog(config.enforcerName, (lines) => process.stdout.write(lines));
const metrics = new EnforcerMetrics(config.enforcerName, (line) => log.print(line));
const parameters = new SSMProvider({ awsSdkV3Client: new SSMClient({ requestHandler: CONNECTION }) });

const readParameter: ReadParameter = (name, { fresh }) => parameters.get(name, { maxAge: RULE_CACHE_SECONDS, forceFetch: fresh });

const ports: Omit<BatchPorts, 'rules' | 'remainingMillis'> = {
  config,
  store: S3ObjectStore.connect(hasOwnEndpoint(process.env)),
  now: () => new Date(),
  log: (message, fields) => log.info(message, fields),
  logError: (message, error, fields) => log.error(message, error, fields),
  send: messageSender(new SQSClient({ requestHandler: CONNECTION }), config.queues.urls),
  random: Math.random,
  measure: (measurement) => metrics.add(measurement),
  announce: objectAnnouncer(new EventBridgeClient({ requestHandler: CONNECTION }), config.enforcerName),
};

/** Wiring only: what happens to a batch is in process-batch.ts, to an object in enforce-object.ts. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const rules = rulesForInvocation(readParameter, config.rulePrefix);
  const remainingMillis = () => context.getRemainingTimeInMillis();
  try {
    return await processBatch(event, { ...ports, rules, remainingMillis });
  } finally {
    metrics.flush();
    log.flush();
  }
}
