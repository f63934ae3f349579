import { arnFaults, type Home } from './arn-faults';
import type { Fault } from './fault';
import {
  ACTION_NAMES,
  type AlarmConfig,
  type GuardConfig,
  type GuardedBucketConfig,
  type ObjectLockConfig,
  type QuarantineConfig,
  SCHEME_NAMES,
  usesKmsKeys,
} from './guard-config';
import { listOf, oneOf, optional, type Read, record, text, wholeNumber, withDefault, yesOrNo } from './readers';

const MOST_DAYS = 36_500;

/**
 * The configuration in a parsed JSON document, or everything that is wrong with it. Pure: reads no file.
 *
 * @param home - where the stack goes if the document does not say
 */
export function parseConfig(document: unknown, home: Home = {}): { config: GuardConfig } | { faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const config = GUARD(document, '', faults);
  if (config !== undefined) faults.push(...arnFaults(config, home));
  return config === undefined || faults.length > 0 ? { faults } : { config };
}

const days = (remedy: string) => wholeNumber(1, MOST_DAYS, remedy);

const keyArn = text(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/, {
  must: 'must be the full ARN of a KMS key, never of an alias',
  remedy: 'Take it from `aws kms describe-key`: arn:aws:kms:<Region>:<account>:key/<key id>.',
});

const roleArn = text(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, {
  must: 'must be the ARN of an IAM role',
  remedy: 'Take it from `aws iam get-role`: arn:aws:iam::<account>:role/<name>.',
});

const topicArn = text(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, {
  must: 'must be the ARN of a standard SNS topic',
  remedy: 'Take it from `aws sns list-topics`, or leave it out for a new topic.',
});

const email = text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, { must: 'must be an e-mail address', remedy: 'Write one address for each item.' });

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; dots break TLS certificates.
const bucketName = text(/^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|--x-s3|--table-s3)$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, {
  must: 'must be a bucket name: 3 to 63 small letters, digits and hyphens, without the affixes that S3 reserves',
  remedy: 'Choose another, or leave it out and let CloudFormation choose.',
});

const objectLock: Read<ObjectLockConfig> = record<ObjectLockConfig>(
  { must: 'must be an object with mode and days', remedy: 'Leave it out for a bucket without Object Lock.' },
  {
    mode: oneOf(['GOVERNANCE', 'COMPLIANCE'], 'COMPLIANCE lets nobody shorten the retention, not even the root user.'),
    days: days('Objects are locked for so long.'),
  },
);

const bucket: Read<GuardedBucketConfig> = record<GuardedBucketConfig>(
  { must: 'must be an object with at least an id', remedy: 'For example { "id": "Invoices" }.' },
  {
    // The CDK leaves `Default` and `Resource` out of the names that it makes of ids.
    id: text(/^(?!(Default|Resource)$)[A-Z][A-Za-z0-9]{0,63}$/, {
      must: 'must begin with a capital letter, have no others than letters and digits, 64 at most, and be neither Default nor Resource',
      remedy: 'Keep it once deployed: another id is another bucket.',
    }),
    name: optional(bucketName),
    scheme: withDefault('SSE-KMS', oneOf(SCHEME_NAMES, 'Leave it out for SSE-KMS.')),
    keyArns: optional(
      listOf(keyArn, { least: 1, most: 20, must: 'must be a list of 1 to 20 key ARNs', remedy: 'Leave it out for a new key of its own.' }),
    ),
    action: withDefault('quarantine', oneOf(ACTION_NAMES, 'Begin with report on a bucket in use; leave it out for quarantine.')),
    versioned: withDefault(true, yesOrNo('Leave it out for true.')),
    objectLock: optional(objectLock),
    expireAfterDays: optional(days('Leave it out to keep objects.')),
    expireNoncurrentAfterDays: optional(days('Leave it out to keep what is overwritten or deleted.')),
  },
  bucketFaults,
);

const alarms: Read<AlarmConfig> = record<AlarmConfig>(
  { must: 'must be an object with topicArn or emails', remedy: 'Leave it out for a new topic without subscribers.' },
  {
    topicArn: optional(topicArn),
    emails: optional(
      listOf(email, { least: 1, most: 100, must: 'must be a list of 1 to 100 addresses', remedy: 'Leave it out for none.' }),
    ),
  },
  alarmFaults,
);

const quarantine: Read<QuarantineConfig> = record<QuarantineConfig>(
  { must: 'must be an object with retentionDays or readers', remedy: 'Leave it out for 90 days and no readers.' },
  {
    retentionDays: withDefault(90, days('Leave it out for 90 days.')),
    readers: withDefault(
      [],
      listOf(roleArn, { least: 0, most: 20, must: 'must be a list of at most 20 role ARNs', remedy: 'Leave it out for none.' }),
    ),
  },
);

const GUARD: Read<GuardConfig> = record<GuardConfig>(
  { must: 'the file must hold one JSON object', remedy: 'Begin with { "buckets": [{ "id": "Data" }] }.' },
  {
    $schema: optional(text(/\S/, { must: 'must be the path of the schema', remedy: 'It is for editors; leave it out if unsure.' })),
    account: optional(text(/^\d{12}$/, { must: 'must be an account id, 12 digits in quotes', remedy: "Leave it out for the profile's." })),
    region: optional(
      text(/^[a-z]{2,4}(-[a-z]+)+-\d+$/, { must: 'must be a Region such as eu-west-1', remedy: "Leave it out for the profile's." }),
    ),
    stackName: withDefault(
      'S3EncryptionGuard',
      text(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, {
        must: 'must begin with a letter and have no others than letters, digits and hyphens, 128 at most',
        remedy: 'Keep it once deployed: another name is another stack.',
      }),
    ),
    buckets: listOf(bucket, {
      least: 1,
      most: 50,
      must: 'must be a list of 1 to 50 buckets',
      remedy: 'For example [{ "id": "Data" }].',
      distinct: ['id', 'name'],
    }),
    alarms: withDefault({ topicArn: undefined, emails: undefined }, alarms),
    accessLogs: withDefault(
      { retentionDays: 365 },
      record(
        { must: 'must be an object with retentionDays', remedy: 'Leave it out for 365 days.' },
        { retentionDays: days('Leave accessLogs out for 365 days.') },
      ),
    ),
    quarantine: withDefault({ retentionDays: 90, readers: [] }, quarantine),
  },
);

function bucketFaults({ scheme, keyArns, versioned, objectLock, expireNoncurrentAfterDays }: Partial<GuardedBucketConfig>): Fault[] {
  const faults: Fault[] = [];
  if (scheme !== undefined && !usesKmsKeys(scheme) && keyArns !== undefined) {
    const remedy = 'Remove keyArns, or choose SSE-KMS or DSSE-KMS.';
    faults.push({ path: 'keyArns', what: `is given, and ${scheme} names no KMS keys`, value: keyArns, remedy });
  }
  if (versioned !== false) return faults;
  const needVersions = { objectLock, expireNoncurrentAfterDays };
  for (const [path, value] of Object.entries(needVersions)) {
    const remedy = `Remove ${path}, or versioned.`;
    if (value !== undefined) faults.push({ path, what: 'needs a versioned bucket, and versioned is false', value, remedy });
  }
  return faults;
}

function alarmFaults({ topicArn: topic, emails }: Partial<AlarmConfig>): Fault[] {
  if (topic === undefined || emails === undefined) return [];
  return [
    { path: 'emails', what: 'is given beside topicArn', value: emails, remedy: 'Give one of the two: an own topic has own subscribers.' },
  ];
}
