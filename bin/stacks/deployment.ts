import type { StackProps } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { GuardConfig } from '../config/guard-config';

interface Place {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** What all stacks have alike. Where the configuration does not say, they go where the profile of the CDK CLI does. */
export function stackProps({ tags, terminationProtection }: GuardConfig, { account, region }: Place, description: string): StackProps {
  const env = { account: account ?? process.env['CDK_DEFAULT_ACCOUNT'], region: region ?? process.env['CDK_DEFAULT_REGION'] };
  // With its blanks, the template of eighty buckets would be larger than the 1 MB that CloudFormation takes.
  return { env, description, terminationProtection, tags: { ...tags }, suppressTemplateIndentation: true };
}

/** As it stands in ARNs, of which a Region that this CDK does not know yet has most likely the usual one. */
export function partitionOf(region: string): string {
  return RegionInfo.get(region).partition ?? 'aws';
}
