import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { EncryptionDigest, EncryptionMonitoring, type KeyAuditTrail, KmsQuotaMonitor, TamperAlerts } from '../../lib';
import type { DataConfig, KeysConfig, MonitoringConfig } from '../config/guard-config';
import { createAlertTopic } from './alarms';
import type { DataStack } from './data-stack';
import { createKey } from './keys';
import { encryptLogs } from './log-encryption';

/** By which alerts come. */
export interface HeardTrails {
  readonly trails: KeyAuditTrail[];
  readonly trailNames: string[];
}

export interface MonitoringStackProps extends StackProps {
  readonly config: DataConfig;
  readonly data: DataStack;
  readonly trails: HeardTrails;
}

/**
 * What people look at, and are told of, about a data stack. Apart from it, because local engines deploy no alarms over alarms and
 * metrics, and because nothing here is needed for objects to be safe.
 */
export class MonitoringStack extends Stack {
  readonly digest: EncryptionDigest | undefined;

  constructor(scope: Construct, id: string, { config, data, trails, ...props }: MonitoringStackProps) {
    super(scope, id, props);
    const tampering = config.tamperAlerts && this.createTamperAlerts(data, trails, config.tamperAlerts.deployingRoles);
    this.digest = config.monitoring?.weeklyDigest ? this.createDigest(data) : undefined;
    if (config.monitoring !== undefined) this.createDashboard(data, config.monitoring, tampering);
  }

  private createTamperAlerts(data: DataStack, trails: HeardTrails, deployingRoles: readonly string[]): TamperAlerts {
    return new TamperAlerts(this, 'Tampering', {
      alertTopic: data.alarms,
      enforcers: [data.enforcer],
      canaries: data.canary && [data.canary],
      keys: [data.operationsKey, ...data.bucketKeys],
      ...trails,
      deployingRoles: [...deployingRoles],
    });
  }

  /** Dashboards have no Region: in each, the stack may have the same name. */
  private get dashboardName(): string {
    return `${this.stackName}-${this.region}`;
  }

  private createDigest(data: DataStack): EncryptionDigest {
    const digest = new EncryptionDigest(this, 'Digest', {
      enforcers: [data.enforcer],
      canaries: data.canary && [data.canary],
      alertTopic: data.alarms,
      dashboardName: this.dashboardName,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    encryptLogs(digest.logGroup, data.operationsKey);
    data.alarms.receiveFrom(...digest.alarms);
    return digest;
  }

  private createDashboard(data: DataStack, { kmsQuotaThresholdPercent }: MonitoringConfig, tampering: TamperAlerts | undefined): void {
    const quota = new KmsQuotaMonitor(this, 'KmsQuota', { thresholdPercent: kmsQuotaThresholdPercent, keys: data.bucketKeys });
    data.alarms.receiveFrom(...quota.alarms);
    new EncryptionMonitoring(this, 'Monitoring', {
      enforcers: [data.enforcer],
      canaries: data.canary && [data.canary],
      quotaMonitors: [quota],
      tamperAlerts: tampering && [tampering],
      alertTopic: data.alarms,
      // By its name the digest links to it.
      ...(this.digest && { alarms: this.digest.alarms, dashboardName: this.dashboardName }),
    });
  }
}

export interface AlertsStackProps extends StackProps {
  readonly config: Pick<KeysConfig, 'alarms' | 'tamperAlerts'>;
  /** What the alerts are about. */
  readonly about: string;
  readonly keys: readonly kms.IKey[];
  readonly trails: HeardTrails;
}

/** Tells of what is done to the keys of a key account, or to the audit: only there it is heard of. */
export class AlertsStack extends Stack {
  constructor(scope: Construct, id: string, { config, about, keys, trails, ...props }: AlertsStackProps) {
    super(scope, id, props);
    const alertTopic = createAlertTopic(this, config.alarms, createKey(this, 'OperationsKey', `Alerts about ${about}`));
    new TamperAlerts(this, 'Tampering', {
      alertTopic,
      keys: [...keys],
      ...trails,
      deployingRoles: [...(config.tamperAlerts?.deployingRoles ?? [])],
    });
  }
}
