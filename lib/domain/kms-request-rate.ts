/**
 * How often S3 asks KMS for a load, how much of the account's quota that is, and what it costs. Explained in docs/kms-quota.md.
 */
import { SERVER_SIDE_SCHEMES, type ServerSideScheme } from './scheme';

/** What a bucket is asked for. Every number is finite and not negative; `partBytes` and `requesters` are positive. */
export interface KmsLoad {
  readonly scheme: ServerSideScheme;
  /** Whether new objects are encrypted under an S3 Bucket Key; counts only where the scheme has one. */
  readonly bucketKey: boolean;
  /** Objects written, not requests: one that is written in parts counts once. */
  readonly putsPerSecond: number;
  /** Requests: each range of an object that is read in ranges. */
  readonly getsPerSecond: number;
  readonly objectBytes: number;
  /** Objects larger than this are written in parts of this size. */
  readonly partBytes: number;
  /** Roles, accounts and session policies that ask, each of which has bucket keys of its own. */
  readonly requesters: number;
}

export interface RequestQuota {
  readonly requestsPerSecond: number;
  /** Whether the Region is not known, so that the lowest quota is taken. */
  readonly assumed: boolean;
}

export interface KmsForecast {
  readonly requestsPerSecond: number;
  readonly quota: RequestQuota;
  /** Of the quota; 1 is all of it. */
  readonly share: number;
  /** List price of us-east-1, without the free tier. */
  readonly dollarsPerMonth: number;
}

/** "By up to 99 percent": https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html. So no less than this remains. */
const LEFT_BY_BUCKET_KEY = 0.01;

/**
 * S3 keeps a bucket key "for a limited time", and asks "at least once per requester" (same page). AWS does not say how long. Assumed: one
 * request a minute from each requester.
 */
const BUCKET_KEY_SECONDS = 60;

/** The symmetric request quota, requests a second: https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html */
const LARGEST_QUOTA = 100_000;
const MIDDLE_QUOTA = 20_000;
/** Of every Region that is not below. */
export const LOWEST_QUOTA = 10_000;

export const REGIONS_ABOVE_LOWEST: Readonly<Record<string, number>> = {
  'us-east-1': LARGEST_QUOTA,
  'us-west-2': LARGEST_QUOTA,
  'eu-west-1': LARGEST_QUOTA,
  'us-east-2': MIDDLE_QUOTA,
  'ap-southeast-1': MIDDLE_QUOTA,
  'ap-southeast-2': MIDDLE_QUOTA,
  'ap-northeast-1': MIDDLE_QUOTA,
  'eu-central-1': MIDDLE_QUOTA,
  'eu-west-2': MIDDLE_QUOTA,
};

/** $0.03 per 10,000 requests: https://aws.amazon.com/kms/pricing/. The 20,000 free ones a month are six cents. */
const DOLLARS_PER_REQUEST = 0.03 / 10_000;
/** 730 hours, as in AWS's price calculator. */
const SECONDS_PER_MONTH = 730 * 3600;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MAX_PARTS = 10_000;

export function partsOf({ objectBytes, partBytes }: Pick<KmsLoad, 'objectBytes' | 'partBytes'>): number {
  return Math.max(1, Math.ceil(objectBytes / partBytes));
}

/** CreateMultipartUpload, an UploadPart for each part, and CompleteMultipartUpload: S3 asks KMS at each of them. */
function requestsPerPut(load: KmsLoad): number {
  const parts = partsOf(load);
  return parts === 1 ? 1 : parts + 2;
}

/** Requests a second that S3 makes to KMS. */
export function kmsRequestRate(load: KmsLoad): number {
  const { kmsRequests, supportsBucketKey } = SERVER_SIDE_SCHEMES[load.scheme];
  const without = kmsRequests * (load.putsPerSecond * requestsPerPut(load) + load.getsPerSecond);
  if (!load.bucketKey || !supportsBucketKey) return without;
  return Math.min(without, Math.max(without * LEFT_BY_BUCKET_KEY, load.requesters / BUCKET_KEY_SECONDS));
}

/** @param region - absent where it is not known */
export function symmetricRequestQuota(region: string | undefined): RequestQuota {
  if (region === undefined) return { requestsPerSecond: LOWEST_QUOTA, assumed: true };
  const above = Object.hasOwn(REGIONS_ABOVE_LOWEST, region) ? REGIONS_ABOVE_LOWEST[region] : undefined;
  return { requestsPerSecond: above ?? LOWEST_QUOTA, assumed: false };
}

/** All loads of one account and Region together, since they share its quota. */
export function forecastKms(loads: readonly KmsLoad[], region: string | undefined): KmsForecast {
  const requestsPerSecond = loads.reduce((sum, load) => sum + kmsRequestRate(load), 0);
  const quota = symmetricRequestQuota(region);
  return {
    requestsPerSecond,
    quota,
    share: requestsPerSecond / quota.requestsPerSecond,
    dollarsPerMonth: requestsPerSecond * SECONDS_PER_MONTH * DOLLARS_PER_REQUEST,
  };
}
