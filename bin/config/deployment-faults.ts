import { auditFaults } from './audit-faults';
import type { Unchecked } from './encryption-config';
import type { Fault } from './fault';
import type { DataConfig, GuardConfig } from './guard-config';
import { deploymentsIn, type PlacedDeployment } from './home';
import { stackNamesOf, trailPlaces } from './stack-names';

/** What single deployments cannot know of each other. */
export function deploymentFaults(config: Unchecked<GuardConfig>): Fault[] {
  return [
    ...placeFaults(config),
    ...homeTwiceFaults(config),
    ...stackNameFaults(config),
    ...repeated(bucketNames(config.data ?? []), 'All buckets of the world have names of their own: choose another.'),
    ...auditFaults(config),
    ...unreachableFaults(config),
  ];
}

/** With one deployment, the profile says where. With several, it would say the same of all. */
function placeFaults(config: Unchecked<GuardConfig>): Fault[] {
  const { data = [], keys = [], audit } = config;
  const isOne = data.length === 1 && keys.length === 0 && audit?.account === undefined && audit?.region === undefined;
  if (isOne) return [];
  const mustSay = deploymentsIn(config).filter(({ path, deployment }) => {
    if (path === 'audit') return deployment.account !== undefined || deployment.region !== undefined;
    return path.startsWith('data');
  });
  const missing = ({ path, deployment }: PlacedDeployment, field: 'account' | 'region'): Fault[] => {
    if (deployment[field] !== undefined) return [];
    const what = 'is missing: where there are several deployments, each says its account and Region';
    return [{ path: `${path}.${field}`, what, remedy: "The profile's would be the same for all." }];
  };
  return mustSay.flatMap((placed) => [...missing(placed, 'account'), ...missing(placed, 'region')]);
}

function homeTwiceFaults(config: Unchecked<GuardConfig>): Fault[] {
  const homesOf = (kind: 'data' | 'keys') =>
    deploymentsIn(config)
      .filter(({ path }) => path.startsWith(kind))
      .flatMap(({ path, deployment: { account, region } }) => (account && region ? [{ path, value: `${account}/${region}` }] : []));
  return (['data', 'keys'] as const).flatMap((kind) =>
    repeated(homesOf(kind), 'Make one of the two: all of an account and Region stand together.'),
  );
}

/** Once for each deployment, whichever of its stacks it is. */
function stackNameFaults(config: Unchecked<GuardConfig>): Fault[] {
  const faults = repeated(stackNamesOf(config), 'Each stack has a name of its own: choose another.');
  return faults.filter(({ path }, index) => faults.findIndex((fault) => fault.path === path) === index);
}

interface Placed {
  readonly path: string;
  readonly value: string;
}

function repeated(all: readonly Placed[], remedy: string): Fault[] {
  return all.flatMap(({ path, value }, index) => {
    const first = all.findIndex((other) => other.value === value);
    return first === index ? [] : [{ path, what: `is the same as ${all[first]?.path}`, value, remedy }];
  });
}

function bucketNames(data: readonly (Unchecked<DataConfig> | undefined)[]): Placed[] {
  return data.flatMap((deployment, at) =>
    (deployment?.buckets ?? []).flatMap((bucket, index) =>
      bucket?.name === undefined ? [] : [{ path: `data[${at}].buckets[${index}].name`, value: bucket.name }],
    ),
  );
}

/** A trail names the buckets whose objects it records, and CloudFormation tells their names within one Region only. */
function unreachableFaults(config: Unchecked<GuardConfig>): Fault[] {
  const regions = new Map(trailPlaces(config).map(({ account, region }) => [account, region]));
  return (config.data ?? []).flatMap((deployment, at) => {
    const region = regions.get(deployment?.account);
    if (region === undefined || region === deployment?.region) return [];
    return (deployment?.buckets ?? []).flatMap((bucket, index) => {
      if (bucket === undefined || bucket.name !== undefined) return [];
      const what = `is missing: the trail of the account is in ${region}, and must know the name`;
      return [{ path: `data[${at}].buckets[${index}].name`, what, remedy: 'Choose one.' }];
    });
  });
}
