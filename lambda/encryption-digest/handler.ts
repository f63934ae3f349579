import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SNSClient } from '@aws-sdk/client-sns';
import { CONNECTION } from '../shared/connection';
import { JsonLog } from '../shared/json-log';
import { loadConfig } from './config';
import { metricReader } from './metric-series';
import { sendDigest } from './send-digest';
import { topicPublisher } from './topic';

const config = loadConfig(process.env);
const log = new JsonLog('encryption-digest', (lines) => process.stdout.write(lines));
const ports = {
  config,
  readMetrics: metricReader(new CloudWatchClient({ requestHandler: CONNECTION })),
  publish: topicPublisher(new SNSClient({ requestHandler: CONNECTION }), config.topicArn),
  now: () => new Date(),
  log: log.info.bind(log),
  logError: log.error.bind(log),
};

/** Wiring only. What fails is told by an alarm on the errors of the function, after Lambda has tried it twice more. */
export async function handler(event: unknown): Promise<{ readonly sent: string | null }> {
  try {
    return { sent: (await sendDigest(event, ports)) ?? null };
  } finally {
    log.flush();
  }
}
