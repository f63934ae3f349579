import { type AwsSecurityFinding, BatchImportFindingsCommand, type SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { RefusedFinding } from './import-findings';

/** The call, with its answer in words of ours. It answers 200 even where it took nothing. */
export function findingsImporter(client: SecurityHubClient) {
  return async (findings: readonly AwsSecurityFinding[]): Promise<RefusedFinding[]> => {
    const { FailedCount = 0, FailedFindings = [] } = await client.send(new BatchImportFindingsCommand({ Findings: [...findings] }));
    if (FailedCount > FailedFindings.length)
      throw new Error(`Security Hub refused ${FailedCount} findings, and named ${FailedFindings.length}.`);
    return FailedFindings.map(({ Id = '', ErrorCode = 'unknown', ErrorMessage = 'no reason given' }) => ({
      id: Id,
      code: ErrorCode,
      message: ErrorMessage,
    }));
  };
}
