import { Duration, Size, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { DeliveringTrail } from '../domain/audit-policy';
import { keyIdentity } from '../domain/key-identity';
import { MAX_RECORDED_BUCKETS, MAX_SELECTOR_VALUES } from '../domain/trail-selectors';
import type { KeyAuditTrailProps } from '../key-audit-trail-props';
import { partitionOf } from './principal-arn';
import { requireValid } from './require-valid';
import { isAlias } from './usable-key';

/** What the query `unused-keys` looks back. */
const LEAST_RETENTION = 90;
/** Athena takes no smaller limit: https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html */
const LEAST_SCAN = 10_000_000;

const TRAIL_ARN = /^arn:(aws[a-z-]*):cloudtrail:[a-z0-9-]+:(\d{12}):trail\/[A-Za-z0-9][A-Za-z0-9._-]{2,127}$/;
const REGION = /^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/;

export function requireAuditProps(scope: Construct, props: KeyAuditTrailProps): void {
  requireValid(scope, Array.isArray(props.buckets), {
    what: 'a KeyAuditTrail is told whose objects it records',
    value: props.buckets,
    remedy: 'Name the guarded buckets in buckets, or none: [].',
  });
  const count = props.buckets.length;
  requireTrailName(scope, props.trailName);
  requireValid(scope, count <= MAX_RECORDED_BUCKETS, {
    what: `a trail takes ${MAX_SELECTOR_VALUES} values in all its selectors, which leaves ${MAX_RECORDED_BUCKETS} buckets`,
    value: count,
    remedy: 'Make a second KeyAuditTrail for the others; an account has five trails in each Region.',
  });
  requireRetention(scope, props.retention);
  requireScanLimit(scope, props.scanLimit);
  requireRegions(scope, props.regions);
  for (const key of props.keys ?? []) requireKnownKey(scope, 'keys', key);
  requireCentral(scope, props);
}

/** @throws Error for what is not the ARN of a trail of this partition, and for one that is named twice */
export function requireTrails(scope: Construct, arns: readonly string[]): DeliveringTrail[] {
  const partition = partitionOf(scope);
  return arns.map((arn, index) => {
    const [, given, account] = TRAIL_ARN.exec(String(arn)) ?? [];
    requireValid(scope, account !== undefined && (partition === undefined || given === partition), {
      what: 'otherTrails are ARNs of trails, known at synth',
      value: arn,
      remedy: `Pass the trailArn of the other account's KeyAuditTrail, such as arn:${partition ?? 'aws'}:cloudtrail:eu-west-1:111122223333:trail/audit.`,
    });
    requireValid(scope, arns.indexOf(arn) === index, {
      what: 'a trail is named twice in otherTrails',
      value: arn,
      remedy: 'Name it once.',
    });
    return { arn, account: account as string };
  });
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html */
function requireTrailName(scope: Construct, name: string | undefined): void {
  const isName = name === undefined || (/^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/.test(name) && !/[._-]{2}/.test(name));
  requireValid(scope, isName, {
    what: 'trailName must be known at synth, have 3 to 128 letters, digits, and ., _ and - between them, never two of these in a row',
    value: name,
    remedy: 'Choose another, or leave it out.',
  });
}

function requireRetention(scope: Construct, retention: unknown): void {
  if (retention === undefined) return;
  // Of a token, a number of days could not stand in the range of the table's partitions.
  const days = retention instanceof Duration && !retention.isUnresolved() ? retention.toDays({ integral: false }) : 0;
  requireValid(scope, Number.isInteger(days) && days >= LEAST_RETENTION, {
    what: `retention must be whole days, at least ${LEAST_RETENTION}, and known at synth`,
    value: String(retention),
    remedy: 'Use Duration.days().',
  });
}

function requireScanLimit(scope: Construct, limit: unknown): void {
  if (limit === undefined) return;
  const isEnough = limit instanceof Size && (limit.isUnresolved() || limit.toBytes({ rounding: 1 }) >= LEAST_SCAN);
  requireValid(scope, isEnough, {
    what: 'scanLimit must be 10 MB at least: Athena takes no less',
    value: limit instanceof Size ? limit.toBytes({ rounding: 1 }) : limit,
    remedy: 'Use Size.gibibytes().',
  });
}

function requireRegions(scope: Construct, regions: readonly string[] | undefined): void {
  if (regions === undefined) return;
  const wrong = regions.filter((region, index) => !REGION.test(String(region)) || regions.indexOf(region) !== index);
  requireValid(scope, regions.length > 0 && wrong.length === 0, {
    what: 'regions are names of Regions, at least one, each once, known at synth',
    value: wrong.length > 0 ? wrong : regions,
    remedy: 'Write them as eu-west-1, or leave regions out for all.',
  });
}

/** What is said of a bucket of this trail's own says nothing of one that somebody else has. */
function requireCentral(scope: Construct, props: KeyAuditTrailProps): void {
  const { auditBucket, auditBucketKey } = props;
  requireValid(scope, (auditBucket === undefined) === (auditBucketKey === undefined), {
    what: 'auditBucket and auditBucketKey belong together: CloudTrail must be told which key encrypts its files',
    value: auditBucket === undefined ? 'no auditBucket' : 'no auditBucketKey',
    remedy: 'Give both, or neither.',
  });
  if (auditBucket === undefined) return;
  const ofOwn = [
    'keys',
    'retention',
    'objectLock',
    'otherTrails',
    'configurationAdmins',
    'serverAccessLogsBucket',
    'regions',
    'scanLimit',
  ] as const;
  const said = ofOwn.filter((name) => props[name] !== undefined);
  requireValid(scope, said.length === 0, {
    what: 'auditBucket belongs to somebody else, and what is said of a bucket made here cannot be done',
    value: said,
    remedy: 'Say it where the bucket is made.',
  });
  requireKnownKey(scope, 'auditBucketKey', auditBucketKey);
}

/** In any account and Region: a trail is of all Regions, and a central audit of many accounts. */
function requireKnownKey(scope: Construct, prop: 'keys' | 'auditBucketKey', key: kms.IKey | undefined): void {
  const arn = key?.keyArn;
  const isKey =
    key !== undefined && typeof arn === 'string' && !isAlias(key) && (Token.isUnresolved(arn) || keyIdentity(arn).kind === 'key-arn');
  requireValid(scope, isKey, {
    what: `${prop === 'keys' ? 'one of keys' : prop} is no key by its full ARN; an alias is another key in another account`,
    value: arn,
    remedy: 'Import it with kms.Key.fromKeyArn().',
  });
}
