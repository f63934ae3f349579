import type { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { KeyAuditTrail } from '../../lib';
import { keyNamesIn } from '../config/encryption-config';
import type { DataConfig, DeploymentConfig, GuardConfig, KeysConfig } from '../config/guard-config';
import { isKeyId } from '../config/home';
import { monitoringName, type TrailPlace, trailPlaces } from '../config/stack-names';
import type { Acknowledgement } from './acknowledgements';
import { auditFindings, trailFindings } from './audit-findings';
import { AuditStack, type Recorded, TrailStack } from './audit-stack';
import { dataFindings } from './data-findings';
import { DataStack } from './data-stack';
import { partitionOf, stackProps } from './deployment';
import { type KeyConsumers, KeyStack } from './key-stack';
import type { DeclaredKey } from './keys';
import { canaryFindings, keyAlertsFindings, monitoringFindings } from './monitoring-findings';
import { type HeardTrails, KeyAlertsStack, MonitoringStack } from './monitoring-stack';
import { missingDelivery, missingKeys, type Omission } from './omissions';

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
      const alerts = { ...props, config, keys: stack, trails: this.trailsHeardIn(config) };
      const monitoring = new KeyAlertsStack(this.scope, monitoringName(config.stackName), alerts);
      return { stack: monitoring, findings: keyAlertsFindings(config) };
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
    const missing = missingKeys(this.config, config);
    if (missing.length > 0) {
      const isWatched = config.monitoring !== undefined || config.tamperAlerts !== undefined;
      const left = [config.stackName, ...(isWatched ? [monitoringName(config.stackName)] : [])];
      this.omissions.push(...left.map((stackName) => ({ stackName, account: config.account, missing })));
      return;
    }
    const names = config.buckets.flatMap(keyNamesIn).filter(isKeyId);
    const declaredKeys = new Map([...this.declared].filter(([id]) => names.includes(id)));
    const props = stackProps(this.config, config, 'Guarded buckets, and the enforcer that verifies their objects');
    const stack = new DataStack(this.scope, config.stackName, { ...props, config, declaredKeys });
    this.made.push({ stack, findings: [...dataFindings(stack, config), ...canaryFindings(stack)] });
    this.recorded.push({ stack, buckets: config.buckets, account: config.account });
    if (config.monitoring === undefined && config.tamperAlerts === undefined) return;
    this.watchers.push(() => {
      const watchProps = stackProps(this.config, config, 'What people look at, and are told of, about guarded buckets');
      const watched = { ...watchProps, config, data: stack, trails: this.trailsHeardIn(config) };
      const monitoring = new MonitoringStack(this.scope, monitoringName(config.stackName), watched);
      return { stack: monitoring, findings: monitoringFindings(config) };
    });
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
    const recordedBy = ({ account }: TrailPlace) => this.recorded.filter((recorded) => recorded.account === account);
    const omitted = (place: TrailPlace) => this.omitWithData(place);
    if (!omitted(central)) {
      const props = stackProps(this.config, central, 'The record of key use, and questions about it');
      const otherTrails = others.map(
        ({ account, region = '', stackName }) => `arn:${partitionOf(region)}:cloudtrail:${region}:${account}:trail/${stackName}`,
      );
      const trail = { trailName: central.stackName, recorded: recordedBy(central), otherTrails };
      const stack = new AuditStack(this.scope, central.stackName, { ...props, ...trail, config: audit });
      this.audits.set(central, stack.audit);
      this.made.push({ stack, findings: auditFindings(stack, audit) });
    }
    for (const place of others) {
      const { delivery } = audit;
      if (delivery === undefined) this.omissions.push({ ...place, missing: [missingDelivery(central)] });
      if (delivery === undefined || omitted(place)) continue;
      const props = stackProps(this.config, place, 'A trail that delivers to the audit of another account');
      const trail = { trailName: place.stackName, recorded: recordedBy(place), delivery };
      const stack = new TrailStack(this.scope, place.stackName, { ...props, ...trail });
      this.audits.set(place, stack.audit);
      this.made.push({ stack, findings: trailFindings(stack) });
    }
  }

  /** A trail waits for the buckets that it records. */
  private omitWithData(place: TrailPlace): boolean {
    const waiting = this.omissions.find(
      ({ stackName, account }) => account === place.account && this.config.data.some((data) => data.stackName === stackName),
    );
    if (waiting !== undefined) this.omissions.push({ ...place, missing: waiting.missing });
    return waiting !== undefined;
  }
}
