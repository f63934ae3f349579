import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { CONNECTION } from '../shared/connection';
import { JsonLog } from '../shared/json-log';
import { loadConfig } from './config';
import { importBatch } from './import-findings';
import { findingsImporter } from './security-hub';

const config = loadConfig(process.env);
const log = new JsonLog('security-hub-findings', (lines) => process.stdout.write(lines));
const ports = {
  config,
  importFindings: findingsImporter(new SecurityHubClient({ requestHandler: CONNECTION })),
  log: log.info.bind(log),
  logError: log.error.bind(log),
};

/** Wiring only. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  try {
    return await importBatch(event, ports);
  } finally {
    log.flush();
  }
}
