import { principalArn, roleArn } from './arns';
import type { Unchecked } from './encryption-config';
import type { Fault } from './fault';
import { ACTION_NAMES, type GuardedBucketConfig, type ObjectLockConfig, TLS_VERSIONS } from './guard-config';
import { ACCEPTED, encryptionFaults, missingKeyFaults } from './read-encryption';
import { exemption, overlapFaults, prefixRule } from './read-prefixes';
import { days, listOf, oneOf, optional, type Read, record, text, withDefault, yesOrNo } from './readers';

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

export const bucket: Read<GuardedBucketConfig> = record<GuardedBucketConfig>(
  { must: 'must be an object with at least an id', remedy: 'For example { "id": "Invoices" }.' },
  {
    // The CDK leaves `Default` and `Resource` out of the names that it makes of ids.
    id: text(/^(?!(Default|Resource)$)[A-Z][A-Za-z0-9]{0,63}$/, {
      must: 'must begin with a capital letter, have no others than letters and digits, 64 at most, and be neither Default nor Resource',
      remedy: 'Keep it once deployed: another id is another bucket.',
    }),
    name: optional(bucketName),
    ...ACCEPTED,
    scheme: withDefault('SSE-KMS', ACCEPTED.scheme),
    prefixes: listOfParts(prefixRule, 50, 'prefixes'),
    exemptions: listOfParts(exemption, 20, 'exemptions'),
    strict: withDefault(false, yesOrNo('Leave it out for false: uploads that say nothing get the default encryption of the bucket.')),
    action: withDefault('quarantine', oneOf(ACTION_NAMES, 'Begin with report on a bucket in use; leave it out for quarantine.')),
    minimumTlsVersion: withDefault('1.2', oneOf(TLS_VERSIONS, 'Write it in quotes; leave it out for "1.2".')),
    configurationAdmins: optional(
      listOf(principalArn, {
        least: 1,
        most: 20,
        must: 'must be a list of 1 to 20 ARNs of roles and users',
        remedy: 'Leave it out for whoever IAM allows.',
      }),
    ),
    replicationRoles: optional(
      listOf(roleArn, { least: 1, most: 20, must: 'must be a list of 1 to 20 role ARNs', remedy: 'Leave it out for none.' }),
    ),
    versioned: withDefault(true, yesOrNo('Leave it out for true.')),
    objectLock: optional(objectLock),
    expireAfterDays: optional(days('Leave it out to keep objects.')),
    expireNoncurrentAfterDays: optional(days('Leave it out to keep what is overwritten or deleted.')),
  },
  (read) => [...encryptionFaults(read), ...missingKeyFaults(read), ...overlapFaults(read), ...versioningFaults(read)],
);

function listOfParts<T>(read: Read<T>, most: number, name: string): Read<readonly T[]> {
  return withDefault(
    [],
    listOf(read, { least: 1, most, must: `must be a list of 1 to ${most} ${name}`, remedy: 'Leave it out for none.' }),
  );
}

function versioningFaults({ versioned, objectLock: lock, expireNoncurrentAfterDays }: Unchecked<GuardedBucketConfig>): Fault[] {
  if (versioned !== false) return [];
  const needVersions = { objectLock: lock, expireNoncurrentAfterDays };
  return Object.entries(needVersions)
    .filter(([, value]) => value !== undefined)
    .map(([path, value]) => ({
      path,
      what: 'needs a versioned bucket, and versioned is false',
      value,
      remedy: `Remove ${path}, or versioned.`,
    }));
}
