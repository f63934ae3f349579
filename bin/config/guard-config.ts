/** What the app deploys into one account and Region; s3-encryption-guard.schema.json says the same to editors. */
export interface GuardConfig {
  /** For editors only. */
  readonly $schema: string | undefined;
  /** Without it, the account of the CLI's profile. */
  readonly account: string | undefined;
  /** Without it, the Region of the CLI's profile. */
  readonly region: string | undefined;
  readonly stackName: string;
  readonly buckets: readonly GuardedBucketConfig[];
  readonly alarms: AlarmConfig;
  readonly accessLogs: { readonly retentionDays: number };
  readonly quarantine: QuarantineConfig;
}

export interface GuardedBucketConfig {
  /** Names the bucket in the stack: another id is another bucket. */
  readonly id: string;
  /** Without it, CloudFormation chooses one. */
  readonly name: string | undefined;
  readonly scheme: SchemeName;
  /** The first is the default. Without any, SSE-KMS and DSSE-KMS get a new key. */
  readonly keyArns: readonly string[] | undefined;
  readonly action: ActionName;
  readonly versioned: boolean;
  readonly objectLock: ObjectLockConfig | undefined;
  readonly expireAfterDays: number | undefined;
  readonly expireNoncurrentAfterDays: number | undefined;
}

export interface ObjectLockConfig {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly days: number;
}

/** Neither: a topic without subscribers is made. */
export interface AlarmConfig {
  /** A topic that exists already, and that CloudWatch may publish to. */
  readonly topicArn: string | undefined;
  /** Each gets a mail to confirm, once. */
  readonly emails: readonly string[] | undefined;
}

export interface QuarantineConfig {
  readonly retentionDays: number;
  /** Role ARNs. Nobody else reads quarantined objects. */
  readonly readers: readonly string[];
}

export const SCHEME_NAMES = ['SSE-S3', 'SSE-KMS', 'DSSE-KMS', 'SSE-C', 'client-side'] as const;
export type SchemeName = (typeof SCHEME_NAMES)[number];

export const ACTION_NAMES = ['report', 'tag', 'quarantine'] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

export function usesKmsKeys(scheme: SchemeName): boolean {
  return scheme === 'SSE-KMS' || scheme === 'DSSE-KMS';
}
