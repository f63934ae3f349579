import type { ReencryptionRun } from './reencryption-runs';

const MILLION = 1e6;
/** Of S3, which bills binary ones. */
const GB = 1024 ** 3;
const DAYS_OF_A_MONTH = 365 / 12;
/** Default of `quarantineRetention`. */
export const RETENTION_DAYS = 90;

/** List prices of us-east-1 in $: https://aws.amazon.com/s3/pricing/, https://aws.amazon.com/kms/pricing/, https://aws.amazon.com/eventbridge/pricing/ */
const PRICES = {
  s3Put: 0.005 / 1_000,
  s3Other: 0.0004 / 1_000,
  kmsRequest: 0.03 / 10_000,
  event: 1 / MILLION,
  gigabyteMonth: 0.023,
};

/** UpdateObjectEncryption is priced as PUT: https://docs.aws.amazon.com/AmazonS3/latest/userguide/update-sse-encryption.html */
export const PRICED_AS_PUT = ['PutObject', 'CopyObject', 'UpdateObjectEncryption'] as const;
const PRICED_AS_GET = ['HeadObject', 'GetObjectTagging'] as const;
const FREE = ['DeleteObject'] as const;

/** In $, for a million objects. */
export interface RemedyCost {
  readonly requests: number;
  readonly kms: number;
  readonly events: number;
  readonly storage: number;
}

/** @throws Error for a request of which no price is known */
export function costOfMillion({ asked, objects }: Pick<ReencryptionRun, 'asked' | 'objects'>): RemedyCost {
  const priced: readonly string[] = [...PRICED_AS_PUT, ...PRICED_AS_GET, ...FREE];
  const unknown = Object.keys(asked.requests).filter((kind) => !priced.includes(kind));
  if (unknown.length > 0) throw new Error(`No price is known of ${unknown.join(', ')}`);
  const dollars = (count: number, price: number) => (count / objects) * MILLION * price;
  const sent = (kinds: readonly string[]) => kinds.reduce((sum, kind) => sum + (asked.requests[kind] ?? 0), 0);
  return {
    requests: dollars(sent(PRICED_AS_PUT), PRICES.s3Put) + dollars(sent(PRICED_AS_GET), PRICES.s3Other),
    kms: dollars(asked.dsseWrites, PRICES.kmsRequest),
    events: dollars(asked.s3Events + asked.announced, PRICES.event),
    storage: dollars(asked.bytesQuarantined / GB, (PRICES.gigabyteMonth * RETENTION_DAYS) / DAYS_OF_A_MONTH),
  };
}

export function inAll(cost: RemedyCost): number {
  return Object.values(cost).reduce((sum, part) => sum + part, 0);
}
