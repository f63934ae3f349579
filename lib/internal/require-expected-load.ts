import { Size, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type KmsLoad, MAX_PARTS, partsOf } from '../domain/kms-request-rate';
import type { ExpectedLoad } from '../expected-load';
import { requireValid } from './require-valid';

/** As AWS CLI does it: https://docs.aws.amazon.com/cli/latest/topic/s3-config.html */
const DEFAULT_PART = Size.mebibytes(8);
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const [SMALLEST_PART, LARGEST_PART] = [Size.mebibytes(5).toBytes(), Size.gibibytes(5).toBytes()];

/** What can be said of a load without the bucket. */
export type CheckedLoad = Omit<KmsLoad, 'scheme' | 'bucketKey'> & { readonly warnAbovePercent: number };

/** @throws Error for what is no number, negative, or more than S3 takes */
export function requireExpectedLoad(bucket: IConstruct, load: ExpectedLoad): CheckedLoad {
  const { putsPerSecond, getsPerSecond, requesters = 1, warnAbovePercent = 50 } = load;
  requireRate(bucket, 'putsPerSecond', putsPerSecond);
  requireRate(bucket, 'getsPerSecond', getsPerSecond);
  requireValid(bucket, isKnownNumber(requesters) && requesters >= 1, {
    what: 'expectedLoad.requesters must be a number, at least 1',
    value: shown(requesters),
    remedy: 'Count the roles, accounts and session policies that read or write.',
  });
  requireValid(bucket, isKnownNumber(warnAbovePercent) && warnAbovePercent > 0 && warnAbovePercent <= 100, {
    what: 'expectedLoad.warnAbovePercent must be above 0 and up to 100',
    value: shown(warnAbovePercent),
    remedy: 'Choose a share of the quota in percent, or leave it out.',
  });
  const objectBytes = bytesOf(bucket, 'objectSize', load.objectSize ?? Size.bytes(0));
  const partBytes = bytesOf(bucket, 'partSize', load.partSize ?? DEFAULT_PART);
  requireParts(bucket, objectBytes, partBytes);
  return { putsPerSecond, getsPerSecond, requesters, warnAbovePercent, objectBytes, partBytes };
}

function requireRate(bucket: IConstruct, name: string, value: number): void {
  requireValid(bucket, isKnownNumber(value) && value >= 0, {
    what: `expectedLoad.${name} must be a number, zero or more`,
    value: shown(value),
    remedy: 'Give what is expected in the busiest minute, known at synth.',
  });
}

function requireParts(bucket: IConstruct, objectBytes: number, partBytes: number): void {
  requireValid(bucket, partBytes >= SMALLEST_PART && partBytes <= LARGEST_PART, {
    what: 'expectedLoad.partSize must be from 5 MiB to 5 GiB, as S3 takes parts',
    value: partBytes,
    remedy: 'Use the part size that your clients have, or leave it out.',
  });
  const parts = partsOf({ objectBytes, partBytes });
  requireValid(bucket, parts <= MAX_PARTS, {
    what: `expectedLoad.objectSize is more than ${MAX_PARTS} parts of expectedLoad.partSize, and S3 takes no more`,
    value: parts,
    remedy: 'Give a larger partSize, as clients need it for such objects.',
  });
}

function bytesOf(bucket: IConstruct, name: string, size: Size): number {
  requireValid(bucket, size instanceof Size && !size.isUnresolved(), {
    what: `expectedLoad.${name} must be a Size that is known at synth`,
    value: String(size),
    remedy: 'Use for example Size.mebibytes(100).',
  });
  return size.toBytes();
}

/** A token is a number, too, of no meaning. */
function isKnownNumber(value: unknown): value is number {
  return Number.isFinite(value) && !Token.isUnresolved(value);
}

/** JSON knows neither NaN nor Infinity. */
function shown(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
