import type { App, Stack } from 'aws-cdk-lib';
import { CrossAccountKey, SharedKey } from '../../lib';
import { FOREIGN_ACCOUNT, FOREIGN_ACCOUNT_KEY, OWNER_ACCOUNT } from '../domain/sample-keys';
import { stackIn } from './key-world';

interface Trust {
  readonly consumers?: string[];
  readonly buckets?: string[];
  readonly account?: string;
  readonly region?: string;
  readonly organizationId?: string;
}

/** The owner of the key, in an account of its own; the stack is that of its consumer. */
export function ownerBeside(
  stack: Stack,
  { consumers = [OWNER_ACCOUNT], buckets = ['records'], account = FOREIGN_ACCOUNT, region, organizationId }: Trust = {},
) {
  const keys = stackIn(stack.node.root as App, 'Keys', account, region);
  return new CrossAccountKey(keys, 'Key', {
    bucketArns: buckets.map((name) => `arn:aws:s3:::${name}`),
    consumerAccounts: consumers,
    organizationId,
  });
}

export const sharedIn = (stack: Stack, trust?: Trust) =>
  SharedKey.fromKeyArn(stack, 'Shared', FOREIGN_ACCOUNT_KEY, { owner: ownerBeside(stack, trust) });
