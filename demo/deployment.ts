import type { StackOutputs } from './engine/cdk';

export const DEMO_STACK = 'EncryptionGuardDemo';

const OUTPUTS = [
  'KmsBucket',
  'KmsBucketKey',
  'S3Bucket',
  'DsseBucket',
  'DsseBucketKey',
  'OtherKey',
  'QuarantineBucket',
  'QuarantineKey',
  'EnforcerLogs',
] as const;

export type DemoOutput = (typeof OUTPUTS)[number];

/** Names and ARNs of what `demo/app.ts` deploys. */
export type Deployment = Readonly<Record<DemoOutput, string>>;

export function deploymentFrom(outputs: StackOutputs | undefined): Deployment {
  const missing = OUTPUTS.filter((name) => !outputs?.[name]);
  if (missing.length > 0) throw new Error(`The demo's stack was deployed without its outputs ${missing.join(', ')}.`);
  return outputs as Deployment;
}
