import type { StackOutputs } from './engine/cdk';

export const DEMO_STACK = 'EncryptionGuardDemo';

const OUTPUTS = [
  'KmsBucket',
  'KmsBucketKey',
  'S3Bucket',
  'DsseBucket',
  'DsseBucketKey',
  'ClientSideBucket',
  'OtherKey',
  'QuarantineBucket',
  'QuarantineKey',
  'EnforcerLogs',
] as const;

export type DemoOutput = (typeof OUTPUTS)[number];

/** Not where key and data are in accounts of their own: there the bucket that requires SSE-KMS is the only one. */
type OfOneAccount = 'S3Bucket' | 'DsseBucket' | 'DsseBucketKey' | 'ClientSideBucket';

/** Only where something is quarantined, by an enforcer of the demo's own. */
export const RELEASE_OUTPUT = 'ReleaseFunction';
/** And only there anything is re-encrypted. */
export const MENDED_OUTPUTS = ['MendedBucket', 'MendedBucketKey'] as const;

/** Names and ARNs of what is deployed, by `demo/app.ts` or `examples/cross-account-key.ts`. */
export type Deployment = Readonly<
  Record<Exclude<DemoOutput, OfOneAccount>, string> &
    Partial<Record<OfOneAccount | typeof RELEASE_OUTPUT | (typeof MENDED_OUTPUTS)[number], string>>
>;

export function deploymentFrom(outputs: StackOutputs | undefined): Deployment {
  const missing = OUTPUTS.filter((name) => !outputs?.[name]);
  if (missing.length > 0) throw new Error(`The demo's stack was deployed without its outputs ${missing.join(', ')}.`);
  return outputs as Readonly<Record<DemoOutput, string>>;
}
