import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  paginateListRequestedServiceQuotaChangeHistoryByQuota,
  RequestServiceQuotaIncreaseCommand,
  ResourceAlreadyExistsException,
  type ServiceQuota,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { type EarlierRequest, SYMMETRIC_QUOTA } from '../../lib/domain/quota-increase';
import type { Quota, QuotaService } from './request-increase';

const QUOTA = { ServiceCode: SYMMETRIC_QUOTA.serviceCode, QuotaCode: SYMMETRIC_QUOTA.quotaCode };

export class KmsServiceQuotas implements QuotaService {
  constructor(private readonly client: ServiceQuotasClient) {}

  async quota(): Promise<Quota> {
    const quota = (await this.applied()) ?? (await this.client.send(new GetAWSDefaultServiceQuotaCommand(QUOTA))).Quota;
    if (quota?.Value === undefined) throw new Error(`Service Quotas gives no value for ${QUOTA.QuotaCode} of KMS in this Region.`);
    return { name: quota.QuotaName ?? '', value: quota.Value };
  }

  /** "If the applied quota value is not available for a quota, the quota is not retrieved": so it is where it was never raised. */
  private async applied(): Promise<ServiceQuota | undefined> {
    try {
      const { Quota } = await this.client.send(new GetServiceQuotaCommand(QUOTA));
      return Quota?.Value === undefined ? undefined : Quota;
    } catch (error) {
      if (error instanceof NoSuchResourceException) return undefined;
      throw error;
    }
  }

  async earlierRequests(): Promise<readonly EarlierRequest[]> {
    const requests: EarlierRequest[] = [];
    for await (const page of paginateListRequestedServiceQuotaChangeHistoryByQuota({ client: this.client }, QUOTA)) {
      for (const { Status, DesiredValue } of page.RequestedQuotas ?? [])
        requests.push({ status: Status ?? '', desiredValue: DesiredValue ?? 0 });
    }
    return requests;
  }

  async ask(value: number): Promise<boolean> {
    try {
      await this.client.send(new RequestServiceQuotaIncreaseCommand({ ...QUOTA, DesiredValue: value }));
      return true;
    } catch (error) {
      // "Only one open service quota increase request is allowed per quota"
      if (error instanceof ResourceAlreadyExistsException) return false;
      throw error;
    }
  }
}
