import type { Unchecked } from './encryption-config';
import type { DeploymentConfig, GuardConfig } from './guard-config';

/** Where the CLI's profile deploys to, as far as it is known. */
export interface Home {
  readonly region?: string | undefined;
}

/** One part of the configuration that has an account and a Region, with its place in the file. */
export interface PlacedDeployment {
  readonly path: string;
  readonly deployment: Unchecked<DeploymentConfig>;
}

/** All of them, in the order of the file. */
export function deploymentsIn({ data = [], keys = [], audit }: Unchecked<GuardConfig>): PlacedDeployment[] {
  return [
    ...data.map((deployment = {}, index) => ({ path: `data[${index}]`, deployment })),
    ...keys.map((deployment = {}, index) => ({ path: `keys[${index}]`, deployment })),
    ...(audit === undefined ? [] : [{ path: 'audit', deployment: audit }]),
  ];
}

/** Whether a name in a bucket's `keys` is that of a key that the configuration declares; anything else is an ARN. */
export function isKeyId(name: string): boolean {
  return !name.startsWith('arn:');
}
