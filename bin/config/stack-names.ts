import type { Unchecked } from './encryption-config';
import type { DeploymentConfig, GuardConfig } from './guard-config';
import { deploymentsIn } from './home';

/** Beside the stack of data or keys: what the local engine cannot deploy, and what people look at. */
export const monitoringName = (stackName: string) => `${stackName}-Monitoring`;

/** Asks AWS for a higher quota: once, and apart from everything else. */
export const quotaName = (stackName: string) => `${stackName}-KmsQuota`;

/** A trail that delivers to a central audit in another account. */
const trailName = (stackName: string) => `${stackName}-Trail`;

/** Where a trail is made. Its name is that of its stack, so that its ARN is known before it is there. */
export interface TrailPlace {
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly stackName: string;
}

type Place = Pick<Unchecked<DeploymentConfig>, 'account' | 'region'>;

/** Where it does not say, with the first data. */
export function auditHome({ audit, data = [] }: Unchecked<GuardConfig>): Place {
  const isSaid = audit?.account !== undefined || audit?.region !== undefined;
  return (isSaid ? audit : data[0]) ?? {};
}

/** One trail for each account that has data or keys, that of the audit first. A trail records all Regions. */
export function trailPlaces(config: Unchecked<GuardConfig>): TrailPlace[] {
  if (config.audit === undefined) return [];
  const { account, region } = auditHome(config);
  const places: TrailPlace[] = [{ account, region, stackName: config.audit.stackName ?? '' }];
  for (const { deployment } of deploymentsIn({ data: config.data, keys: config.keys })) {
    if (places.some((place) => place.account === deployment.account)) continue;
    places.push({ account: deployment.account, region: deployment.region, stackName: trailName(deployment.stackName ?? '') });
  }
  return places;
}

/** Of every stack that there may be, with the place in the file that says so. */
export function stackNamesOf(config: Unchecked<GuardConfig>): { path: string; value: string }[] {
  return deploymentsIn(config).flatMap(({ path, deployment: { stackName } }) => {
    if (stackName === undefined) return [];
    const beside = path === 'audit' ? [] : [trailName(stackName)];
    if (path.startsWith('data')) beside.push(quotaName(stackName));
    return [stackName, monitoringName(stackName), ...beside].map((value) => ({ path: `${path}.stackName`, value }));
  });
}
