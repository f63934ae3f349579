import type { DeclarationConfig } from './encryption-config';

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

export interface GuardedBucketConfig extends DeclarationConfig {
  /** Names the bucket in the stack: another id is another bucket. */
  readonly id: string;
  /** Without it, CloudFormation chooses one. */
  readonly name: string | undefined;
  readonly action: ActionName;
  readonly minimumTlsVersion: TlsVersion;
  /** Who may change what protects the bucket, besides the role that deploys it. Without it, whoever IAM allows. */
  readonly configurationAdmins: readonly string[] | undefined;
  readonly replicationRoles: readonly string[] | undefined;
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

export const ACTION_NAMES = ['report', 'tag', 'quarantine'] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

export const TLS_VERSIONS = ['1.2', '1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];
