import { decideQuotaIncrease, type EarlierRequest, type QuotaDecision, SYMMETRIC_QUOTA } from '../../lib/domain/quota-increase';

export interface Quota {
  readonly name: string;
  readonly value: number;
}

/** What is asked of Service Quotas. */
export interface QuotaService {
  quota(): Promise<Quota>;
  earlierRequests(): Promise<readonly EarlierRequest[]>;
  /** False where somebody else asked in the meantime. */
  ask(value: number): Promise<boolean>;
}

export type QuotaOutcome = Exclude<QuotaDecision, 'ask'> | 'asked';

/** Asks for the quota unless that is needless. @throws Error where Service Quotas refuses, or means another quota */
export async function requestIncrease(wanted: number, service: QuotaService): Promise<{ outcome: QuotaOutcome; applied: number }> {
  const [quota, earlier] = await Promise.all([service.quota(), service.earlierRequests()]);
  if (!quota.name.startsWith(SYMMETRIC_QUOTA.name)) {
    throw new Error(
      `Service Quotas calls ${SYMMETRIC_QUOTA.quotaCode} "${quota.name}", not "${SYMMETRIC_QUOTA.name} …", so nothing was asked. ` +
        'Remove the KmsQuotaIncrease and ask in the console of Service Quotas.',
    );
  }
  const applied = quota.value;
  const decision = decideQuotaIncrease({ wanted, applied, earlier });
  if (decision !== 'ask') return { outcome: decision, applied };
  return { outcome: (await service.ask(wanted)) ? 'asked' : 'another-request-is-open', applied };
}
