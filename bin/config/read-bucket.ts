import { roleArn } from './arns';
import type { Unchecked } from './encryption-config';
import { placeFaults } from './envelope-config';
import type { Fault } from './fault';
import { ACTION_NAMES, type ExpectedLoadConfig, type GuardedBucketConfig, TLS_VERSIONS } from './guard-config';
import { ACCEPTED, encryptionFaults, missingKeyFaults } from './read-encryption';
import { exemption, overlapFaults, prefixRule } from './read-prefixes';
import { administrators, objectLock } from './read-sections';
import { days, ID, listOf, numberBetween, oneOf, optional, type Read, record, text, withDefault, yesOrNo } from './readers';

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; dots break TLS certificates.
export const bucketName = text(
  /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|--x-s3|--table-s3)$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  {
    must: 'must be a bucket name: 3 to 63 small letters, digits and hyphens, without the affixes that S3 reserves',
    remedy: 'Choose another, or leave it out and let CloudFormation choose.',
  },
);

const expectedLoad: Read<ExpectedLoadConfig> = record<ExpectedLoadConfig>(
  { must: 'must be an object with putsPerSecond and getsPerSecond', remedy: 'Leave it out for no forecast of requests to KMS.' },
  {
    putsPerSecond: numberBetween(0, 1_000_000, 'Objects written a second, when most are.'),
    getsPerSecond: numberBetween(0, 1_000_000, 'Requests to read a second, when most are made.'),
    objectSizeMiB: optional(numberBetween(0, 52_428_800, 'Leave it out where no object is larger than a part.')),
  },
);

export const bucket: Read<GuardedBucketConfig> = record<GuardedBucketConfig>(
  { must: 'must be an object with at least an id', remedy: 'For example { "id": "Invoices" }.' },
  {
    id: text(ID, {
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
    configurationAdmins: administrators,
    replicationRoles: optional(
      listOf(roleArn, { least: 1, most: 20, must: 'must be a list of 1 to 20 role ARNs', remedy: 'Leave it out for none.' }),
    ),
    versioned: withDefault(true, yesOrNo('Leave it out for true.')),
    objectLock,
    expireAfterDays: optional(days('Leave it out to keep objects.')),
    expireNoncurrentAfterDays: optional(days('Leave it out to keep what is overwritten or deleted.')),
    expectedLoad: optional(expectedLoad),
  },
  (read) => [...encryptionFaults(read), ...missingKeyFaults(read), ...placeFaults(read), ...overlapFaults(read), ...versioningFaults(read)],
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
