/** Whether a higher quota must be asked for. Asked again with each change of the stack, so what was asked already must not be asked twice. */

/** https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_RequestedServiceQuotaChange.html */
export interface EarlierRequest {
  readonly status: string;
  readonly desiredValue: number;
}

export interface QuotaSituation {
  readonly wanted: number;
  /** What the account has now. */
  readonly applied: number;
  readonly earlier: readonly EarlierRequest[];
}

/** What to do about it. None of these fails a deployment. */
export type QuotaDecision = 'ask' | 'enough-already' | 'asked-already' | 'another-request-is-open';

const OPEN = ['PENDING', 'CASE_OPENED'];

/** Service Quotas takes one open request for a quota, and refuses a second one. */
export function decideQuotaIncrease({ wanted, applied, earlier }: QuotaSituation): QuotaDecision {
  if (applied >= wanted) return 'enough-already';
  const open = earlier.filter(({ status }) => OPEN.includes(status));
  if (open.length === 0) return 'ask';
  return open.some(({ desiredValue }) => desiredValue >= wanted) ? 'asked-already' : 'another-request-is-open';
}

/**
 * The shared request quota of symmetric operations. **Assumption**: AWS's page has no codes that we could read; this one is what several
 * public projects use. So whoever asks looks at the name first.
 */
export const SYMMETRIC_QUOTA = { serviceCode: 'kms', quotaCode: 'L-6E3AF000', name: 'Cryptographic operations (symmetric)' } as const;
