/** Rules that several packs have about buckets, by what they ask for. */

const guard = (check: string) => `cdk-validator-cfnguard::${check}`;

const inPacks = (rule: string, ...packs: string[]) => packs.map((pack) => `${pack}-${rule}`);

const [HIPAA, R4, R5, PCI] = ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'] as const;

export const REPLICATION = inPacks('S3BucketReplicationEnabled', HIPAA, R4, R5, PCI);

export const OBJECT_LOCK = [...inPacks('S3BucketDefaultLockEnabled', R4), guard('s3_bucket_object_lock_enabled_check')];

export const VERSIONING = [...inPacks('S3BucketVersioningEnabled', HIPAA, R4, R5, PCI), guard('s3_bucket_versioning_enabled_check')];

/** Default encryption of exactly aws:kms: cdk-nag compares with nothing else (cdklabs/cdk-nag issue 278 made the rule, before DSSE-KMS was). */
export const DEFAULT_KMS = inPacks('S3DefaultEncryptionKMS', HIPAA, R5, PCI);

/** Default encryption by KMS of any kind. */
export const NO_KMS = [...DEFAULT_KMS, guard('s3_bucket_default_encryption_kms_check')];

export const LOGGING = [guard('s3_bucket_logging_enabled_check')];
