import { Annotations, AspectPriority, Aspects, Stack, Stage, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IConstruct } from 'constructs';
import { forecastKms, type KmsForecast, type KmsLoad, kmsRequestRate } from '../domain/kms-request-rate';
import { SERVER_SIDE_SCHEMES } from '../domain/scheme';
import { Memory } from './memory';
import type { CheckedLoad } from './require-expected-load';
import { faultMessage } from './require-valid';

/** One bucket's part. Whether it has a bucket key is read at synthesis: an override may come late. */
interface Entry {
  readonly bucket: IConstruct;
  readonly warnAbovePercent: number;
  readonly load: () => KmsLoad;
}

/** A bucket's part as it came out. */
interface Part {
  readonly bucket: IConstruct;
  readonly load: KmsLoad;
  readonly rate: number;
}

const entries = new Memory<Map<string, Entry[]>>('expected-kms-load');

/** Counts the bucket's load in, and warns at synthesis where all of its account and Region are too much together. */
export function registerExpectedLoad(bucket: IConstruct, load: CheckedLoad, encryption: () => Pick<KmsLoad, 'scheme' | 'bucketKey'>): void {
  const { warnAbovePercent, ...numbers } = load;
  const all = entries.of(bucket.node.root) ?? new Map<string, Entry[]>();
  entries.set(bucket.node.root, all);
  const place = placeOf(bucket);
  all.set(place, [...(all.get(place) ?? []), { bucket, warnAbovePercent, load: () => ({ ...numbers, ...encryption() }) }]);
  // Only at synthesis all buckets are known.
  const visit = (node: IConstruct) => {
    if (node === bucket) warnOfShare(bucket, all.get(place) ?? []);
  };
  Aspects.of(bucket).add({ visit }, { priority: AspectPriority.READONLY });
}

/** One account and Region: they share one quota. Stacks that do not know theirs are taken to go to the same place, in each stage another. */
function placeOf(bucket: IConstruct): string {
  const { account, region } = Stack.of(bucket);
  const stage = `stage ${Stage.of(bucket)?.node.path}`;
  return [account, region].map((part) => (Token.isUnresolved(part) ? stage : part)).join(' ');
}

/** The bucket that asks most says it for all. */
function warnOfShare(bucket: IConstruct, place: readonly Entry[]): void {
  const parts = place
    .map((entry): Part => ({ bucket: entry.bucket, load: entry.load(), rate: kmsRequestRate(entry.load()) }))
    .sort((a, b) => b.rate - a.rate);
  const limit = Math.min(...place.map(({ warnAbovePercent }) => warnAbovePercent));
  const forecast = forecastKms(
    parts.map(({ load }) => load),
    knownRegionOf(bucket),
  );
  if (parts[0]?.bucket !== bucket || forecast.share * 100 <= limit) return;
  Annotations.of(bucket).addWarningV2('cdk-s3-encryption-guard:KmsRequestQuota', messageOf(bucket, parts, forecast, limit));
}

function knownRegionOf(bucket: IConstruct): string | undefined {
  const { region } = Stack.of(bucket);
  return RegionInfo.regions.some(({ name }) => name === region) ? region : undefined;
}

function messageOf(bucket: IConstruct, parts: readonly Part[], forecast: KmsForecast, limit: number): string {
  const { region } = Stack.of(bucket);
  const { requestsPerSecond, quota, share, dollarsPerMonth } = forecast;
  const where = Token.isUnresolved(region) ? 'a Region that is not known yet' : region;
  const assumed = quota.assumed ? ', the lowest there is, taken because the Region is not known' : '';
  const what =
    `S3 is expected to make ${figure(requestsPerSecond)} requests a second to KMS in ${where}, ${figure(share * 100)} % of the account's ` +
    `quota of ${figure(quota.requestsPerSecond)}${assumed}, where more than ${figure(limit)} % is too much, and to cost $${figure(dollarsPerMonth)} a month`;
  const value = Object.fromEntries(parts.map((part) => [part.bucket.node.path, Number(part.rate.toPrecision(6))]));
  return faultMessage(bucket, { what, value, remedy: remedyOf(parts) });
}

function remedyOf(parts: readonly Part[]): string {
  const could = parts.filter(({ load }) => !load.bucketKey && SERVER_SIDE_SCHEMES[load.scheme].supportsBucketKey);
  const first = could.length === 0 ? '' : `Switch the S3 Bucket Key on for ${could.map((part) => part.bucket.node.path).join(', ')}. `;
  return `${first}Ask for a higher quota (docs/kms-quota.md), spread the load over accounts or Regions, or acknowledge this.`;
}

function figure(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 });
}
