import type { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { KeyAuditTrail } from '../../lib';
import { keyNamesIn } from '../config/encryption-config';
import type { AuditConfig, DataConfig, DeploymentConfig, GuardConfig, KeysConfig } from '../config/guard-config';
import { monitoringName, quotaName, type TrailPlace, trailPlaces } from '../config/stack-names';
import type { Acknowledgement } from './acknowledgements';
import { auditFindings, trailFindings } from './audit-findings';
import { AuditStack, type Recorded, TrailStack } from './audit-stack';
import { dataFindings } from './data-findings';
import { DataStack } from './data-stack';
import { partitionOf, stackProps } from './deployment';
import { type KeyConsumers, KeyStack } from './key-stack';
import type { DeclaredKey, DeclaredKeys } from './keys';
import { alertsFindings, canaryFindings, monitoringFindings } from './monitoring-findings';
import { AlertsStack, type HeardTrails, MonitoringStack } from './monitoring-stack';
import { missingDelivery, missingKeys, type Omission } from './omissions';
import { quotaFindings } from './quota-findings';
import { QuotaStack } from './quota-stack';
import { releaseFindings } from './release-findings';

/** A stack, and what judges find in it and it does not meet. */
export interface MadeStack {
  readonly stack: Stack;
  readonly findings: readonly Acknowledgement[];
}

/** All stacks of a configuration, in the order in which they are deployed. */
export class GuardStacks {
  readonly made: MadeStack[] = [];
  /** Stacks that cannot be made yet. */
  readonly omissions: Omission[] = [];

  private readonly declared = new Map<string, DeclaredKey>();
  private readonly recorded: (Recorded & { readonly account: string | undefined })[] = [];
  private readonly trails: readonly TrailPlace[];
  private readonly audits = new Map<TrailPlace, KeyAuditTrail>();
  private readonly watchers: (() => MadeStack)[] = [];

  constructor(
    private readonly scope: Construct,
    private readonly config: GuardConfig,
  ) {
    this.trails = trailPlaces(config);
    for (const keys of config.keys) this.addKeys(keys);
    for (const data of config.data) this.addData(data);
    for (const data of config.data) this.addQuotaIncrease(data);
    this.addTrails();
    // These tell of changes to the trails, too.
    for (const watch of this.watchers) this.made.push(watch());
  }

  private addKeys(config: KeysConfig): void {
    const consumers = new Map(config.keys.map(({ id }) => [id, this.consumersOf(id)]));
    const props = stackProps(this.config, config, 'KMS keys that buckets of other stacks are encrypted under');
    const stack = new KeyStack(this.scope, config.stackName, { ...props, config, consumers });
    for (const { id, arn } of config.keys) {
      const owner = stack.keys.get(id);
      if (owner !== undefined) this.declared.set(id, { owner, arn });
    }
    this.made.push({ stack, findings: [] });
    if (config.tamperAlerts === undefined) return;
    this.watchers.push(() => {
      const props = stackProps(this.config, config, 'Tells of what is done to shared KMS keys');
      const keys = [...stack.keys.values()].map(({ key }) => key);
      const alerts = { ...props, config, about: 'the keys of S3 objects', keys, trails: this.trailsHeardIn(config) };
      const monitoring = new AlertsStack(this.scope, monitoringName(config.stackName), alerts);
      return { stack: monitoring, findings: alertsFindings(config) };
    });
  }

  private consumersOf(id: string): KeyConsumers {
    const uses = this.config.data.flatMap(({ account = '', region = '', buckets }) =>
      buckets
        .filter((bucket) => keyNamesIn(bucket).includes(id))
        .map(({ name }) => ({ account, bucketArn: `arn:${partitionOf(region)}:s3:::${name}` })),
    );
    return { accounts: [...new Set(uses.map(({ account }) => account))], bucketArns: uses.map(({ bucketArn }) => bucketArn) };
  }

  private addData(config: DataConfig): void {
    const named = config.buckets.flatMap(keyNamesIn);
    const missing = missingKeys(this.config, named, config);
    if (missing.length > 0) {
      const isWatched = config.monitoring !== undefined || config.tamperAlerts !== undefined;
      const left = [config.stackName, ...(isWatched ? [monitoringName(config.stackName)] : [])];
      this.omissions.push(...left.map((stackName) => ({ stackName, account: config.account, missing })));
      return;
    }
    const declaredKeys = this.declaredIn(named);
    const props = stackProps(this.config, config, 'Guarded buckets, and the enforcer that verifies their objects');
    const stack = new DataStack(this.scope, config.stackName, { ...props, config, declaredKeys });
    this.made.push({ stack, findings: [...dataFindings(stack, config), ...canaryFindings(stack), ...releaseFindings(stack)] });
    this.recorded.push({ stack, buckets: config.buckets, account: config.account });
    if (config.monitoring === undefined && config.tamperAlerts === undefined) return;
    this.watchers.push(() => {
      const watchProps = stackProps(this.config, config, 'What people look at, and are told of, about guarded buckets');
      const watched = { ...watchProps, config, data: stack, trails: this.trailsHeardIn(config) };
      const monitoring = new MonitoringStack(this.scope, monitoringName(config.stackName), watched);
      return { stack: monitoring, findings: monitoringFindings(config) };
    });
  }

  private declaredIn(names: readonly string[]): DeclaredKeys {
    return new Map([...this.declared].filter(([id]) => names.includes(id)));
  }

  private addQuotaIncrease(data: DataConfig): void {
    const { kmsQuotaIncrease: config, stackName } = data;
    if (config === undefined) return;
    const props = stackProps(this.config, data, 'Asks for a higher request quota of KMS');
    const stack = new QuotaStack(this.scope, quotaName(stackName), { ...props, config });
    this.made.push({ stack, findings: quotaFindings() });
  }

  /** The trail of the account: all that belongs to it where it stands, its name elsewhere. */
  private trailsHeardIn({ account, region }: DeploymentConfig): HeardTrails {
    const place = this.trails.find((trail) => trail.account === account);
    const audit = place !== undefined && place.region === region ? this.audits.get(place) : undefined;
    if (audit !== undefined) return { trails: [audit], trailNames: [] };
    return { trails: [], trailNames: place === undefined ? [] : [place.stackName] };
  }

  /** The first is that of the audit, which lets in the others. */
  private addTrails(): void {
    const [central, ...others] = this.trails;
    const { audit } = this.config;
    if (audit === undefined || central === undefined) return;
    this.addAudit(audit, central, others);
    for (const place of others) this.addTrail(audit, central, place);
  }

  private addAudit(config: AuditConfig, central: TrailPlace, others: readonly TrailPlace[]): void {
    const { stackName } = central;
    const missing = [...this.missingData(central), ...missingKeys(this.config, config.keys, central)];
    if (missing.length > 0) {
      const left = [stackName, ...(config.tamperAlerts === undefined ? [] : [monitoringName(stackName)])];
      this.omissions.push(...left.map((name) => ({ stackName: name, account: central.account, missing })));
      return;
    }
    const props = stackProps(this.config, central, 'The record of key use, and questions about it');
    const otherTrails = others.map(
      ({ account, region = '', stackName: name }) => `arn:${partitionOf(region)}:cloudtrail:${region}:${account}:trail/${name}`,
    );
    const trail = { trailName: stackName, recorded: this.recordedBy(central), otherTrails, declaredKeys: this.declaredIn(config.keys) };
    const stack = new AuditStack(this.scope, stackName, { ...props, ...trail, config });
    this.audits.set(central, stack.audit);
    this.made.push({ stack, findings: auditFindings(stack, config) });
    if (config.tamperAlerts === undefined) return;
    this.watchers.push(() => {
      const watchProps = stackProps(this.config, central, 'Tells of what is done to the record of key use');
      const alerts = { ...watchProps, config, about: 'the record of key use', keys: [], trails: this.trailsHeardIn(central) };
      return { stack: new AlertsStack(this.scope, monitoringName(stackName), alerts), findings: alertsFindings(config) };
    });
  }

  private addTrail({ delivery }: AuditConfig, central: TrailPlace, place: TrailPlace): void {
    const missing = [...this.missingData(place), ...(delivery === undefined ? [missingDelivery(central)] : [])];
    if (missing.length > 0) this.omissions.push({ ...place, missing });
    if (missing.length > 0 || delivery === undefined) return;
    const props = stackProps(this.config, place, 'A trail that delivers to the audit of another account');
    const trail = { trailName: place.stackName, recorded: this.recordedBy(place), delivery };
    const stack = new TrailStack(this.scope, place.stackName, { ...props, ...trail });
    this.audits.set(place, stack.audit);
    this.made.push({ stack, findings: trailFindings(stack) });
  }

  private recordedBy({ account }: TrailPlace): Recorded[] {
    return this.recorded.filter((recorded) => recorded.account === account);
  }

  /** A trail waits for the buckets that it records. */
  private missingData(place: TrailPlace): Omission['missing'] {
    const waiting = this.omissions.find(
      ({ stackName, account }) => account === place.account && this.config.data.some((data) => data.stackName === stackName),
    );
    return waiting?.missing ?? [];
  }
}
