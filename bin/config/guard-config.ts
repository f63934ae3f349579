import type { DeclarationConfig } from './encryption-config';

/** What the app deploys; s3-encryption-guard.schema.json says the same to editors. */
export interface GuardConfig {
  /** For editors only. */
  readonly $schema: string | undefined;
  /** On every stack, and by CloudFormation on what is in it. */
  readonly tags: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  /** One for each account and Region that has guarded buckets. */
  readonly data: readonly DataConfig[];
  /** One for each account and Region that has keys which buckets of others, too, are encrypted under. */
  readonly keys: readonly KeysConfig[];
  /** Without it, no trail is made. */
  readonly audit: AuditConfig | undefined;
}

/** Where a stack goes. */
export interface DeploymentConfig {
  /** Without it, the account of the CLI's profile. */
  readonly account: string | undefined;
  /** Without it, the Region of the CLI's profile. */
  readonly region: string | undefined;
  readonly stackName: string;
}

export interface DataConfig extends DeploymentConfig {
  readonly buckets: readonly GuardedBucketConfig[];
  readonly alarms: AlarmConfig;
  readonly accessLogs: { readonly retentionDays: number };
  readonly quarantine: QuarantineConfig;
  /** Without it, alarms only. */
  readonly monitoring: MonitoringConfig | undefined;
  /** Without it, nobody is told of tampering. */
  readonly tamperAlerts: TamperAlertsConfig | undefined;
  /** Without it, AWS is asked for no other quota. */
  readonly kmsQuotaIncrease: QuotaIncreaseConfig | undefined;
  readonly outputs: OutputsConfig;
}

/** Who is told of each violation, besides log, metrics and events. */
export interface OutputsConfig {
  /** The topic of the alarms. */
  readonly violations: boolean;
  /** AWS Security Hub CSPM, which must be enabled there. */
  readonly securityHub: boolean;
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
  readonly expectedLoad: ExpectedLoadConfig | undefined;
}

export interface ObjectLockConfig {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly days: number;
}

export interface ExpectedLoadConfig {
  readonly putsPerSecond: number;
  readonly getsPerSecond: number;
  /** Without it, no object is larger than a part. */
  readonly objectSizeMiB: number | undefined;
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
  /** Without it, nothing can be released or discarded. */
  readonly release: ReleaseConfig | undefined;
}

export interface ReleaseConfig {
  /** ARNs of roles that may release and discard. */
  readonly operators: readonly string[];
}

/** A dashboard, an alarm over all alarms, and one on the request quota of KMS. */
export interface MonitoringConfig {
  readonly kmsQuotaThresholdPercent: number;
  readonly canary: { readonly intervalMinutes: number } | undefined;
  /** A message about the week, each Monday. */
  readonly weeklyDigest: boolean;
}

/** The quota of symmetric operations that the account needs in the Region. */
export interface QuotaIncreaseConfig {
  readonly requestsPerSecond: number;
}

export interface TamperAlertsConfig {
  /** Role ARNs, whose calls raise no alert. */
  readonly deployingRoles: readonly string[];
}

/** Keys are bound to buckets of other deployments, so where they are must be known. */
export interface KeysConfig extends DeploymentConfig {
  readonly account: string;
  readonly region: string;
  readonly keys: readonly SharedKeyConfig[];
  readonly alarms: AlarmConfig;
  readonly tamperAlerts: TamperAlertsConfig | undefined;
}

export interface SharedKeyConfig {
  /** By which buckets name it in their `keys`. */
  readonly id: string;
  /** Known once it is deployed: an output of its stack. */
  readonly arn: string | undefined;
  readonly alias: string | undefined;
  readonly rotationDays: number | undefined;
  readonly multiRegion: boolean | undefined;
  /** Makes it a replica of this multi-Region key. */
  readonly primaryKeyArn: string | undefined;
  /** Without it, whoever IAM lets. */
  readonly administrators: readonly string[] | undefined;
  readonly trailingDaysWithoutKeyUsage: number | undefined;
}

/** Where the record of key use is kept. */
export interface AuditConfig extends DeploymentConfig {
  readonly retentionDays: number;
  readonly objectLock: ObjectLockConfig | undefined;
  /** Where trails of other accounts deliver: outputs of the stack, once it is deployed. */
  readonly delivery: DeliveryConfig | undefined;
  /** By ARN or id: the question `unused-keys` speaks of them even if nobody ever used them. */
  readonly keys: readonly string[];
  /** Role ARNs of the account. Nobody else is let ask Athena. */
  readonly auditors: readonly string[];
  readonly alarms: AlarmConfig;
  readonly tamperAlerts: TamperAlertsConfig | undefined;
}

export interface DeliveryConfig {
  readonly bucketName: string;
  readonly keyArn: string;
}

export const ACTION_NAMES = ['report', 'tag', 'quarantine', 'reencrypt'] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

export const TLS_VERSIONS = ['1.2', '1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];
