import type { Size } from 'aws-cdk-lib';

/**
 * What a bucket will be asked for, at its busiest. From it the synthesis forecasts the requests that S3 makes to KMS, and warns before these
 * use up the quota of account and Region. How it counts: docs/kms-quota.md.
 */
export interface ExpectedLoad {
  /** Objects written a second, zero or more; one that is written in parts counts once. */
  readonly putsPerSecond: number;

  /** Requests to read a second, zero or more: an object that is read in ranges counts once for each. */
  readonly getsPerSecond: number;

  /**
   * Size of an object, on the average. It says how many parts are uploaded, each of which is a request to KMS.
   *
   * @default - no object is larger than a part
   */
  readonly objectSize?: Size;

  /**
   * Size of the parts in which larger objects are written, 5 MiB to 5 GiB
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).
   *
   * @default Size.mebibytes(8)
   */
  readonly partSize?: Size;

  /**
   * Roles, accounts and session policies that read or write, each of which has S3 Bucket Keys of its own
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html). At least 1.
   *
   * @default 1
   */
  readonly requesters?: number;

  /**
   * From which share of the quota to warn, in percent, above 0 and up to 100. All buckets of the account and Region are counted together; of
   * several values the smallest holds.
   *
   * @default 50
   */
  readonly warnAbovePercent?: number;
}
