import { Token } from 'aws-cdk-lib';

/** Two accounts or Regions that are known, and differ. */
export function areDifferent(one: string | undefined, other: string | undefined): boolean {
  return isKnown(one) && isKnown(other) && one !== other;
}

/** Two that are known, and the same: of one that only the deployment knows, neither can be said. */
export function areSame(one: string | undefined, other: string | undefined): boolean {
  return isKnown(one) && one === other;
}

export function isKnown(accountOrRegion: string | undefined): accountOrRegion is string {
  return accountOrRegion !== undefined && !Token.isUnresolved(accountOrRegion);
}
